#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# second_attempts.sh: ./quickstart names each test that failed at the first attempt, for each kind of failure that ctest prints.
# A crash is final: by a signal, of a program in a test, or in the report of a sanitizer.
set -u
log=$(mktemp -d) || exit 1
trap 'rm -r "$log"' EXIT
mkdir "$log/sanitize-address"
cat >"$log/ctest.log" <<'END'
1/7 Test #1: unit.failed .........................***Failed    0.03 sec
2/7 Test #2: unit.fault ..........................***Exception: SegFault  0.04 sec
3/7 Test #3: unit.aborted ........................Subprocess aborted***Exception:   0.02 sec
4/7 Test #4: unit.slow ...........................***Timeout   2.01 sec
5/7 Test #5: unit.skipped ........................***Skipped   0.01 sec
    Test #1: unit.failed .........................   Passed    0.03 sec
END
echo ' 6/7 Test  #6: unit.sanitized ....................***Failed    0.03 sec' >"$log/sanitize-address/ctest.log"
eval "$(sed -n '/^second_attempts() {/,/^}/p' quickstart)"
names=$(second_attempts "$log" | cut -d ' ' -f 2 | tr '\n' ' ')
[ "$names" = 'unit.aborted unit.failed unit.fault unit.sanitized unit.slow ' ] || { echo "FAILED: '$names'"; exit 1; }

cat >"$log/ctest.log" <<'END'
1/9 Test #1: unit.failed .........................***Failed    0.03 sec
[  ERROR   ] --- 1 != 2
2/9 Test #2: unit.fault ..........................***Exception: SegFault  0.04 sec
3/9 Test #3: unit.caught .........................***Failed    0.02 sec
[  ERROR   ] --- Test failed with exception: Segmentation fault(11)
4/9 Test #4: unit.slow ...........................***Timeout   2.01 sec
5/9 Test #5: interop.script ......................***Failed    0.01 sec
script.sh: line 7:  4711 Aborted                 synfix read a.pcap
6/9 Test #6: faults.python .......................***Failed    0.01 sec
subprocess.CalledProcessError: Command 'synfix' died with <Signals.SIGSEGV: 11>.
    Test #2: unit.fault ..........................   Passed    0.03 sec
END
cat >"$log/sanitize-address/ctest.log" <<'END'
 6/7 Test  #6: unit.sanitized ....................***Failed    0.03 sec
==4711==ERROR: AddressSanitizer: heap-use-after-free on address 0x1
 7/7 Test  #7: unit.undefined ....................***Failed    0.03 sec
a.c:1:2: runtime error: shift exponent 64 is too large
END
eval "$(sed -n '/^crashes() {/,/^}/p' quickstart)"
names=$(crashes "$log" | cut -d ' ' -f 2 | tr '\n' ' ')
[ "$names" = 'unit.fault: unit.caught: interop.script: faults.python: unit.sanitized: unit.undefined: ' ] || { echo "FAILED: '$names'"; exit 1; }

# The sanitizer runs use the same patterns, in the syntax of CMake.
cat >"$log/crashes.cmake" <<'END'
file(STRINGS tests/crash_reports crashes)
list(FILTER crashes EXCLUDE REGEX "^#")
list(JOIN crashes "|" crashes)
foreach(line "***Exception: SegFault" "free(): invalid pointer" "free(): double free detected" "a.c:1:2: runtime error: x" "ThreadSanitizer: data race")
    if(NOT line MATCHES "${crashes}")
        message(FATAL_ERROR "no crash: ${line}")
    endif()
endforeach()
if("***Failed 0.03 sec; MIT OR Apache-2.0" MATCHES "${crashes}")
    message(FATAL_ERROR "a failure counts as a crash")
endif()
END
cmake -P "$log/crashes.cmake"
