# SPDX-License-Identifier: MIT OR Apache-2.0
# For test scripts, sourced with the program as $1: sets $synfix, $tests (tests/), $data, $here (directory of the
# script), and $work, a directory that is removed at the end after the background processes were ended.
set -u -o pipefail
unset COLUMNS # the width of a table
synfix=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
tests=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
data=$tests/data
. "$tests/support/complain.sh"
. "$tests/support/contains.sh"
. "$tests/support/unused_port.sh"
. "$tests/support/wait_for.sh"
work=$(mktemp -d) || exit 1
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$work"' EXIT
# The system call filter does not permit the system calls of a sanitizer.
grep -qa '__[at]san_init' "$synfix" && export SYNFIX_TEST_SANITIZED=1
