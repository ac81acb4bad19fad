# SPDX-License-Identifier: MIT OR Apache-2.0
# For test scripts: $synfix, $tests (tests/), $data, $here (directory of the script), and $work, a directory that goes away.
set -u -o pipefail
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
export TZ=UTC
# The system calls of a sanitizer are not on the list of the system call filter.
grep -qa '__[at]san_init' "$synfix" && export SYNFIX_TEST_SANITIZED=1
captures=(web mixed ipv6-ftp vlan qinq vxlan gre ipv6-extension local)

capture() {
    echo "$data/$1".pcap*
}

# read_quietly ARGUMENTS...: with the tests' own database, without a summary
read_quietly() {
    "$synfix" read --sigdb "$tests/integration/test.fp" --quiet "$@"
}

"$synfix" read --help >/dev/null 2>&1 || skip "this program cannot read"
