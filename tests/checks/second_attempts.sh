#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# second_attempts.sh: ./quickstart names each test that failed at the first attempt, for each kind of failure that ctest prints.
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
