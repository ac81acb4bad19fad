# SPDX-License-Identifier: MIT OR Apache-2.0
# Target coverage: runs the unit tests and prints the share of lines that they execute, for each directory.
find_program(SYNFIX_GCOVR gcovr REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_custom_target(coverage
    COMMAND find ${PROJECT_BINARY_DIR} -name *.gcda -delete
    COMMAND ${CMAKE_CTEST_COMMAND} --test-dir ${PROJECT_BINARY_DIR} -L unit --output-on-failure
    COMMAND ${SYNFIX_GCOVR} --root ${PROJECT_SOURCE_DIR} --filter ${PROJECT_SOURCE_DIR}/src/
            --filter ${PROJECT_SOURCE_DIR}/exporter/ --gcov-ignore-parse-errors --json-summary ${PROJECT_BINARY_DIR}/coverage.json
            ${PROJECT_BINARY_DIR}
    COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/coverage_table.py ${PROJECT_BINARY_DIR}/coverage.json
    VERBATIM USES_TERMINAL)
