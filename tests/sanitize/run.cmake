# SPDX-License-Identifier: MIT OR Apache-2.0
# cmake -DSOURCE=... -DBUILD=... -DKIND=address|thread [-DLABELS=live] -P run.cmake: configures, builds and tests.
# LABELS: a regular expression of the labels to run; default: unit and integration tests.
# -O1 instead of -O3 halves the compile time and gives readable stacks.
if(NOT LABELS)
    set(LABELS "unit|integration")
endif()
function(run what)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT code EQUAL 0)
        message(FATAL_ERROR "${what} failed:\n${output}")
    endif()
endfunction()

run(configure ${CMAKE_COMMAND} -S ${SOURCE} -B ${BUILD} -G Ninja -DSYNFIX_SANITIZE=${KIND} -DSYNFIX_WERROR=OFF
    -DCMAKE_BUILD_TYPE=None "-DCMAKE_C_FLAGS=-O1 -g")
run(build ${CMAKE_COMMAND} --build ${BUILD})
set(ENV{ASAN_OPTIONS} "abort_on_error=0:detect_leaks=1:strict_string_checks=1")
set(ENV{SYNFIX_TEST_SANITIZED} 1)
set(ENV{UBSAN_OPTIONS} "print_stacktrace=1")
set(ENV{TSAN_OPTIONS} "halt_on_error=1:second_deadlock_stack=1")
# GLib is not instrumented: memory that its allocator passes between threads would look like a race
set(ENV{G_SLICE} "always-malloc")
# librdkafka is not instrumented: thread sanitizer does not see its locks, and its mock broker crashes
set(without "^$")
if(KIND STREQUAL "thread")
    set(without "^(unit\\.exporter\\.kafka\\.kafka_(sink|produce)|faults\\.paths)$")
endif()

# A test that fails runs once more, as in ./quickstart: a program with a sanitizer is slow, and peers have timeouts. A crash,
# a report of a sanitizer or a test that fails twice is final: this script does not run again in the same run of the suite
# (SYNFIX_TEST_RUN).
file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/../crash_reports crashes)
list(FILTER crashes EXCLUDE REGEX "^#")
list(JOIN crashes "|" crashes)
set(marker ${BUILD}/reported)
if(DEFINED ENV{SYNFIX_TEST_RUN} AND EXISTS ${marker})
    file(READ ${marker} reported)
    if(reported STREQUAL "$ENV{SYNFIX_TEST_RUN}")
        message(FATAL_ERROR "the first attempt failed; its output is in ${BUILD}/ctest.log")
    endif()
endif()
execute_process(COMMAND ${CMAKE_CTEST_COMMAND} --test-dir ${BUILD} -L "${LABELS}" -E "${without}" -j 2 --output-on-failure
    --timeout 300 --repeat until-pass:2 RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
file(WRITE ${BUILD}/ctest.log "${output}")
if(NOT code EQUAL 0 OR output MATCHES "${crashes}")
    file(WRITE ${marker} "$ENV{SYNFIX_TEST_RUN}")
    message(FATAL_ERROR "tests failed:\n${output}")
endif()
