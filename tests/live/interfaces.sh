#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Events on interfaces: a tap of two interfaces, down and up, removal, `any`, wrong names, no permission; CPUs; drops.
. "$(dirname "$0")/common.sh"
ip link add near1 type veth peer name far1
ip link set far1 netns $peer_pid
sysctl -qw net.ipv6.conf.near1.disable_ipv6=1 net.ipv6.conf.near0.disable_ipv6=1
peer sysctl -qw net.ipv6.conf.far1.disable_ipv6=1 net.ipv6.conf.far0.disable_ipv6=1
ip link set near1 up
peer ip link set far1 up

# tap FIRST COUNT: handshakes on both interfaces of the tap
tap() {
    peer python3 "$here/tap.py" far0 far1 "$1" "$2" || complain "no packet was sent"
}

# answers COUNT: this number of SYN+ACKs, each with its SYN
answers() {
    wait_for 10 eval "[ \$(grep -c '\"syn+ack\"' '$out.json') -ge $1 ]"
    local got parted
    got=$(grep -c '"syn+ack"' "$out.json")
    parted=$(grep -c 'syn_not_seen' "$out.json")
    [ "$got $parted" = "$1 0" ] || complain "$out: $got SYN+ACKs, $parted without their SYN; expected $1 and 0"
}

# balance: packets that the interfaces delivered since `delivered` was set are received or dropped
rx() {
    awk '/near[01]:/ { sub(/.*:/, ""); sum += $2 } END { print sum + 0 }' /proc/self/net/dev
}
balance() {
    local wire=$(($(rx) - delivered)) received dropped
    received=$(awk '/packets, .* bytes/ { n = $1 } END { print n + 0 }' "$out.err")
    dropped=$(awk '/dropped: no room/ { n = $1 } END { print n + 0 }' "$out.err")
    [ $((received + dropped)) -eq "$wire" ] || complain "$out: $wire on the wire, $received received, $dropped dropped"
    awk '/packets, .* bytes/ { all = $1; sum = 0 } /^ +[0-9]+  (observed|ignored)/ { sum += $1 }
         END { exit !(all == sum) }' "$out.err" || complain "$out: received is not the sum: $(cat "$out.err")"
}

for workers in 1 2 3; do
    delivered=$(rx)
    begin "tap$workers" -i near0 -i near1 --workers $workers --uptime off --no-kernel-filter "${confinement[@]}"
    tap 0 100
    answers 100
    for interface in near0 near1; do
        ip link set $interface down
    done
    ip link set near1 up # in another order than they went down
    ip link set near0 up
    wait_for 5 eval "ip link show near0 | contains LOWER_UP && ip link show near1 | contains LOWER_UP"
    tap 200 100
    answers 200
    # packets directly before the end are not lost
    tap 400 100
    finish
    answers 300
    balance
done
[ -n "${SYNFIX_TEST_SANITIZED-}" ] || grep -q 'tried: both directions meet in IPv4' "$out.err" ||
    complain "not reported: $(cat "$out.err")"

# packets arrive during the start: none is reported twice by handles that have not joined their fanout group yet
for round in {1..120}; do
    [ -e "$work/enough" ] || peer python3 "$here/tap.py" far0 far1 $((1000 + round * 200)) 200
done &
sender=$!
for workers in 2 3; do
    begin "start$workers" -i near0 -i near1 --workers $workers --uptime off --no-kernel-filter "${confinement[@]}"
    wait_for 5 grep -q '"syn+ack"' "$out.json" || complain "start: no observation"
    finish
    twice=$(grep '"syn"' "$out.json" | grep -oE '"src_port":[0-9]+|"seq":[0-9]+' | paste - - | sort | uniq -d | wc -l)
    [ "$twice" -eq 0 ] || complain "start: $twice SYNs were reported twice with $workers workers"
done
touch "$work/enough"
wait $sender

# more packets than the kernel buffer can hold: dropped packets are counted (one worker, a small ring, all packets at
# once)
if command -v tcpreplay >/dev/null; then
    delivered=$(rx)
    begin flood -i near0 --buffer 64k --no-kernel-filter --uptime off "${confinement[@]}"
    kill -STOP $pid
    peer tcpreplay --quiet --topspeed --loop=50 --intf1=far0 "$data/ipv6-ftp.pcap" >/dev/null 2>&1
    kill -CONT $pid
    finish
    grep -q 'dropped: no room' "$out.err" || complain "no packet was dropped from a ring of 64 k"
    balance
fi

# two fanout groups of one interface are independent
begin first -i near0 --workers 2 --uptime off "${confinement[@]}"
first=$pid first_out=$out
begin second -i near0 --workers 2 --uptime off "${confinement[@]}"
peer python3 "$here/tap.py" far0 far0 600 50
answers 50
finish
out=$first_out pid=$first
answers 50
finish

# any: includes the loopback
ip address add 10.9.0.1/24 dev near0
mkdir -m 777 "$work/records"
begin any -i any --uptime off --to "file:$work/records/any.ipfix" "${confinement[@]}"
tap 700 10
wait_for 10 eval "[ \$(grep -c '\"syn+ack\"' '$out.json') -ge 10 ]" || complain "any: no observation"
finish
# each record has the ifIndex of its interface, and an options record has the interface name
index=$(ip -o link show near0 | cut -d: -f1)
"$synfix" dump --options --format json "$work/records/any.ipfix" >"$work/any.json"
grep -q "{\"ingressInterface\":$index,\"interfaceName\":\"near0\"" "$work/any.json" || complain "any: near0 has no interface record"
grep -q "\"tcpSignature\":.*" "$work/any.json" || complain "any: no records in the file"
grep '"tcpSignature":' "$work/any.json" | contains '"ingressInterface":0,' && complain "any: a record without its interface"
grep '"tcpSignature":' "$work/any.json" | contains "\"ingressInterface\":$index," || complain "any: no record of near0"

# each worker runs on its CPU
begin pinned -i near0 --workers 2 --cpus 0 "${confinement[@]}"
pinned() {
    grep -hE '^Cpus_allowed_list:\s0$' /proc/$pid/task/*/status | wc -l
}
[ "$(nproc)" -eq 1 ] || wait_for 10 eval '[ "$(pinned)" -eq 2 ]' || complain "$(pinned) threads are bound to CPU 0, not 2"
finish

# one of two interfaces is removed: the capture ends with a separate exit code; packets directly before are not lost
begin vanished -i near0 -i near1 --workers 2 --uptime off "${confinement[@]}"
tap 900 100
ip link del near1
wait_for 10 eval "! kill -0 $pid" || complain "a device was removed, and the capture continues"
wait $pid
code=$?
[ $code -eq 5 ] || complain "a removed device: exit code $code: $(cat "$out.err")"
grep -q 'near1: the interface was removed' "$out.err" || complain "no message about the device: $(cat "$out.err")"
answers 100

# expect CODE PATTERN COMMAND...
expect() {
    local code=$1 pattern=$2 got
    shift 2
    timeout 20 "$@" >"$work/output" 2>&1
    got=$?
    [ $got -eq "$code" ] || complain "$*: exit code $got, not $code: $(cat "$work/output")"
    grep -q "$pattern" "$work/output" || complain "$*: no '$pattern' in: $(cat "$work/output")"
}
expect 5 'nosuch0: no such interface' "$synfix" capture --sigdb "$sigdb" -i nosuch0
expect 5 'nosuch0: no such interface' "$synfix" capture --sigdb "$sigdb" -i near0 -i nosuch0 --workers 2
expect 2 'the interface is named twice' "$synfix" capture --sigdb "$sigdb" -i near0 -i near0
ip link set near0 down
expect 5 'near0: the interface is down' "$synfix" capture --sigdb "$sigdb" -i near0
ip link set near0 up
if command -v setpriv >/dev/null && setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$synfix" -a -r "$sigdb"; then
    for workers in 1 2; do
        expect 4 'no permission to capture' setpriv --reuid=65534 --regid=65534 --clear-groups \
            "$synfix" capture --sigdb "$sigdb" -i near0 --workers $workers
    done
else
    echo "another user cannot run the program here: a missing permission was not tested"
fi
exit $((failures > 0))
