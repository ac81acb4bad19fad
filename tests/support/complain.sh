# SPDX-License-Identifier: MIT OR Apache-2.0
# For test scripts: `complain TEXT...` reports a failed check and goes on; the script ends with `exit $((failures > 0))`.
# `skip TEXT...` ends a script that cannot run here: ctest reports it as skipped.
failures=0

complain() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

skip() {
    echo "skipped: $*"
    exit 77
}
