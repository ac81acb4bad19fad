#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Connections in nine tags and tunnels; the kernel removes the outermost tag. The observations are the same with and
# without the kernel filter, for each set of selected encapsulations, and the kernel drops all segments with data. HUP
# applies a changed set. handshakes.sh tests the VXLAN devices of the kernel.
. "$(dirname "$0")/common.sh"
command -v tcpreplay >/dev/null || skip "no tcpreplay; install the package tcpreplay"
connections=90 # ten in each kind
ip link set near0 arp off
peer ip link set far0 arp off
for end in near0 far0; do
    [ $end = near0 ] && run= || run=peer
    $run sysctl -qw net.ipv6.conf.$end.disable_ipv6=1
done
python3 "$here/wrapped.py" "$work/wrapped.pcap" $connections || exit 1

replay() {
    peer tcpreplay --quiet --topspeed --intf1=far0 "$work/wrapped.pcap" >"$work/replayed" 2>&1 ||
        complain "tcpreplay: $(tail -2 "$work/replayed")"
}

observed() {
    grep -c tcp_fp "$out.json"
}

# number NAME: value of a line of the summary
number() {
    awk -v what="$1" '$1 ~ /^[0-9]+$/ && index($0, what) { print $1; found = 1; exit } END { if (!found) print 0 }' "$out.err"
}

# trial SET WANTED ARGUMENTS...: WANTED handshakes are observed
trial() {
    local set=$1 wanted=$2
    shift 2
    "$synfix" read --sigdb "$sigdb" --quiet --to "json:$work/read.json" --uptime off --encapsulations "$set" "$work/wrapped.pcap"
    [ "$(grep -c tcp_fp "$work/read.json")" -eq $((2 * wanted)) ] || complain "read, $set: $(grep -c tcp_fp "$work/read.json")"
    begin wrapped -i near0 "${confinement[@]}" --uptime off --encapsulations "$set" "$@"
    replay
    wait_for 5 eval "[ \$(grep -c tcp_fp '$out.json') -ge $((2 * wanted)) ]"
    finish
    if [ -s "$work/read.json" ] || [ -s "$out.json" ]; then
        python3 "$here/same.py" "$work/read.json" "$out.json" || complain "$set $*"
    fi
    received=$(number packets)
}

trial all $connections
[ "$received" -eq $((2 * connections)) ] || complain "all: $received packets pass the filter, not $((2 * connections))"
trial all $connections --workers 2
trial all $connections --no-kernel-filter
[ "$received" -eq $((20 * connections)) ] || complain "without a filter $received packets, not $((20 * connections))"
for set in none vlan vlan,qinq mpls,pppoe -qinq,-vxlan gtp-u,geneve,gre ip-in-ip; do
    case $set in
    none) wanted=0 ;;
    -qinq,-vxlan) wanted=70 ;;
    gtp-u,geneve,gre) wanted=30 ;;
    *,*) wanted=20 ;;
    *) wanted=10 ;;
    esac
    [ $wanted -gt 0 ] && trial "$set" $wanted
    [ $wanted -eq 0 ] || [ "$received" -eq $((2 * wanted)) ] || complain "$set: $received packets, not $((2 * wanted))"
done
# without the kernel filter, the engine applies the set
trial vlan,qinq 20 --no-kernel-filter
[ "$(number 'in an excluded encapsulation')" -eq $((20 * (connections - 20))) ] || complain "not counted: $(cat "$out.err")"

# a change of the set during the capture
printf '[filter]\nencapsulations = vlan\n' >"$work/conf"
chmod 644 "$work/conf"
begin changed -i near0 "${confinement[@]}" --uptime off --config "$work/conf"
replay
wait_for 5 eval "[ \$(grep -c tcp_fp '$out.json') -ge 20 ]"
[ "$(observed)" -eq 20 ] || complain "vlan: $(observed) records"
printf '[filter]\nencapsulations = -vlan; -qinq\n' >"$work/conf"
kill -HUP $pid
wait_for 5 grep -q 'changed: \[filter\] encapsulations' "$out.err" || complain "not reported: $(cat "$out.err")"
sleep 0.3 # the worker applies the set with its next read
replay
wait_for 5 eval "[ \$(grep -c tcp_fp '$out.json') -ge 160 ]"
[ "$(observed)" -eq 160 ] || complain "then -vlan, -qinq: $(observed) records in total"
finish

# the socket limit of an old kernel: the filter is less deep, and this is reported
if sysctl -qw net.core.optmem_max=20480 2>/dev/null; then
    trial all $connections
    grep -q 'look into 1 tunnel' "$out.err" || complain "nothing reported: $(cat "$out.err")"
    [ "$received" -eq $((2 * connections)) ] || complain "optmem_max of 20480: $received packets"
fi
exit $((failures > 0))
