# SPDX-License-Identifier: MIT OR Apache-2.0
# For test scripts: the variables of tests/support/script.sh, sample captures, and runs with the database of the tests.
. "$(dirname "${BASH_SOURCE[0]}")/../support/script.sh"
export TZ=UTC
captures=(web mixed ipv6-ftp vlan qinq vxlan gre ipv6-extension local)

capture() {
    echo "$data/$1".pcap*
}

# read_quietly ARGUMENTS...: read with the database of the tests, without a summary
read_quietly() {
    "$synfix" read --sigdb "$tests/integration/test.fp" --quiet "$@"
}

"$synfix" read --help >/dev/null 2>&1 || skip "this program has no command read; build the whole program"
