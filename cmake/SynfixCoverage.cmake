# SPDX-License-Identifier: MIT OR Apache-2.0
# Target coverage: runs the unit tests and prints the share of lines that they execute, for each directory. Fails if the
# program, the exporter, the sources or the library is under SYNFIX_COVERAGE_LEAST percent.
set(SYNFIX_COVERAGE_LEAST 90 CACHE STRING "Share of lines in percent that the target coverage requires")
find_program(SYNFIX_GCOVR gcovr REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_custom_target(coverage
    COMMAND find ${PROJECT_BINARY_DIR} -name *.gcda -delete
    COMMAND ${CMAKE_CTEST_COMMAND} --test-dir ${PROJECT_BINARY_DIR} -L unit --output-on-failure
    COMMAND ${SYNFIX_GCOVR} --root ${PROJECT_SOURCE_DIR} --filter ${PROJECT_SOURCE_DIR}/src/
            --filter ${PROJECT_SOURCE_DIR}/exporter/ --gcov-ignore-parse-errors --json-summary ${PROJECT_BINARY_DIR}/coverage.json
            ${PROJECT_BINARY_DIR}
    COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/coverage_table.py ${PROJECT_BINARY_DIR}/coverage.json
            --fail-under ${SYNFIX_COVERAGE_LEAST} src exporter src/app src/capture
    VERBATIM USES_TERMINAL)
