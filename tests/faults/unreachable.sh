#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# An address that cannot be reached: the message states the reason and the remedy. In a network namespace of its own.
if [ "${2-}" != inside ]; then
    for tool in unshare ip; do
        command -v $tool >/dev/null || { echo "skipped: no $tool; install the packages util-linux iproute2"; exit 77; }
    done
    unshare --user --map-root-user --net true 2>/dev/null || { echo "skipped: no network namespace; run as root, or allow user namespaces"; exit 77; }
    exec unshare --user --map-root-user --net "$0" "$1" inside
fi
. "$(dirname "$0")/../integration/common.sh"
ip link set lo up
ip -6 address add fe80::1/64 dev lo nodad 2>/dev/null || skip "no IPv6 on this host; enable the module ipv6"
for kind in blackhole:1 prohibit:2 unreachable:3; do
    ip route add "${kind%:*}" "192.0.2.${kind#*:}"
    ip -6 route add "${kind%:*}" "2001:db8::${kind#*:}"
done

# expect SINK CODE TEXT
expect() {
    read_quietly "$(capture web)" --sink-timeout 2s --to "$1" 2>"$work/err"
    local code=$?
    [ $code -eq "$2" ] || complain "$1: exit code $code, not $2: $(cat "$work/err")"
    grep -qF "$3" "$work/err" || complain "$1: no '$3' in: $(cat "$work/err")"
}

for scheme in tcp udp syslog; do
    expect "$scheme://[fe80::1]:4739" 2 "needs its interface; write [fe80::1%eth0]:4739"
    expect "$scheme://[fe80::1%none0]:4739" 3 "this host has no interface 'none0'; write"
    expect "$scheme://[fe80::1%lo]:4739" 3 "Connection refused; start the collector"
    for number in 1:blackhole 2:prohibit 3:unreachable; do
        expect "$scheme://192.0.2.${number%:*}:4739" 3 "${number#*:} route"
        expect "$scheme://[2001:db8::${number%:*}]:4739" 3 "${number#*:} route"
    done
done
ip address add 198.51.100.1/32 dev lo # librdkafka resolves no IPv4 address on a host without one
kafka=yes
"$synfix" modules | grep -q '^sink *kafka ' || { kafka='' && echo "Kafka: not tested, this program has no sink kafka"; }
# The thread sanitizer does not see how librdkafka creates threads, and crashes in them.
! grep -qa __tsan_init "$synfix" || { kafka='' && echo "Kafka: not tested with the thread sanitizer"; }
for number in 1:blackhole 2:prohibit 3:unreachable; do
    expect "eve:192.0.2.${number%:*}:6379?type=redis" 3 "cannot connect: "
    grep -q "${number#*:} route" "$work/err" || complain "Redis: no '${number#*:} route' in: $(cat "$work/err")"
    [ -z "$kafka" ] || expect "kafka://192.0.2.${number%:*}:9092/topic" 3 "${number#*:} route"
done
expect "eve:[fe80::1]:6379?type=redis" 2 "needs its interface"
expect "tcp://[fe80::1%lo]:4739?source=fe80::1" 2 "source: an IPv6 link-local address needs its interface"
expect "tcp://[fe80::1%lo]:4739?source=fe80::1%25none0" 3 "unknown interface; "
expect "tcp://[fe80::1%lo]:4739?source=fe80::1%25lo" 3 "Connection refused; start the collector"

# with the zone, records arrive
for scheme in tcp udp; do
    port=$(unused_port)
    "$synfix" collect --listen "$scheme://[fe80::1%lo]:$port" --to "json:$work/$scheme.json" 2>"$work/err" &
    collector=$!
    wait_for 20 grep -q 'listening on' "$work/err" || complain "$scheme: the collector does not listen: $(cat "$work/err")"
    read_quietly "$(capture web)" --to "$scheme://[fe80::1%lo]:$port?source=fe80::1%25lo" || complain "$scheme: not sent"
    wait_for 20 grep -q sourceTransportPort "$work/$scheme.json" || complain "$scheme: no record arrived"
    kill -TERM $collector
    wait $collector || complain "$scheme: the collector ends with an error: $(cat "$work/err")"
done
exit $((failures > 0))
