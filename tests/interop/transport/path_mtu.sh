#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# UDP over a path with a small MTU (loopback in a separate namespace): all records arrive, and no message of data,
# templates or options is fragmented.
if [ -z "${OWN_NAMESPACE:-}" ]; then
    command -v ip >/dev/null && unshare --user --map-root-user --net true 2>/dev/null || { echo "skipped: no ip or no network namespace; install the package iproute2, and run as root, or allow user namespaces"; exit 77; }
    OWN_NAMESPACE=yes exec unshare --user --map-root-user --net "$0" "$@"
fi
. "$(dirname "$0")/lib.sh"
fragments() { awk '/^Ip: [0-9]/ { print $(NF - 1) }' /proc/net/snmp; }
fragments6() { awk '/Ip6FragCreates/ { print $2 }' /proc/net/snmp6; }
# run MTU HOST PROFILE
run() {
    ip link set lo mtu "$1" up || { echo "skipped: the MTU of lo cannot be set; run as root"; exit 77; }
    rm -f "$work/out.json"
    start_collect "udp://$2:0" --to "json:$work/out.json"
    "$feeder" "$address?profile=$3&pace=5000" 1000 >"$work/numbers" 2>"$work/feeder.log" || fail "$1 $2 $3"
    wait_for_lines "$work/out.json" 1000
    kill "$pid"
    wait_for_process "$pid" 10
    [ "$(fragments)" = 0 ] && [ "$(fragments6)" = 0 ] || fail "$1 $2 $3: $(fragments) fragments, IPv6 $(fragments6)"
    [ -s "$work/feeder.log" ] && fail "$1 $2 $3: the exporter reports an error"
    grep -q ' 0 messages rejected' "$work/collect.log" || fail "$1 $2 $3: refused"
}
run 1500 127.0.0.1 full
run 1280 '[::1]' full # the minimum MTU of IPv6
run 900 127.0.0.1 full
run 600 127.0.0.1 compact
exit 0
