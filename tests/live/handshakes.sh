#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Connections between the TCP stacks of two namespaces, plain and in VXLAN, IPv4 and IPv6, with one worker and several.
. "$(dirname "$0")/common.sh"
connections=16

# plan LINK NEAR FAR PREFIX: sets the addresses of both ends
plan() {
    ip address add "$2/$4" dev "$1-near" nodad 2>/dev/null || ip address add "$2/$4" dev "$1-near" || return 1
    peer ip address add "$3/$4" dev "$1-far" nodad 2>/dev/null || peer ip address add "$3/$4" dev "$1-far"
}

# serve ADDRESS PORT
serve() {
    # no shell in between, so that the trap ends the server itself
    nsenter -t $peer_pid -n python3 "$here/connect.py" serve "$1" "$2" >"$work/ready-$2" &
    wait_for 10 grep -q ready "$work/ready-$2" || complain "no server on $1"
}

# call ADDRESS PORT: makes the connections, writes their ports to a file
call() {
    python3 "$here/connect.py" call "$1" "$2" $connections >"$work/ports-$2" || complain "no connection to $1"
}

ip link set near0 down && ip link set near0 name wire-near && ip link set wire-near up
peer ip link set far0 down && peer ip link set far0 name wire-far && peer ip link set wire-far up
plan wire 10.9.0.1 10.9.0.2 24
plan wire fd09::1 fd09::2 64
tunnel=yes
ip link add vx-near type vxlan id 77 local 10.9.0.1 remote 10.9.0.2 dstport 4789 dev wire-near 2>/dev/null || tunnel=
if [ $tunnel ]; then
    peer ip link add vx-far type vxlan id 77 local 10.9.0.2 remote 10.9.0.1 dstport 4789 dev wire-far
    ip link set vx-near up
    peer ip link set vx-far up
    plan vx 10.77.0.1 10.77.0.2 24
    plan vx fd77::1 fd77::2 64
    serve 10.77.0.2 7704
    serve fd77::2 7706
else
    echo "this kernel has no vxlan devices: not tested"
fi
serve 10.9.0.2 7004
serve fd09::2 7006

wanted=$((connections * 2))
[ $tunnel ] && wanted=$((connections * 4))
for workers in 1 2 3; do
    for filter in "" --no-kernel-filter; do
        begin "handshakes$workers$filter" -i wire-near --workers $workers $filter "${confinement[@]}"
        call 10.9.0.2 7004
        call fd09::2 7006
        if [ $tunnel ]; then
            call 10.77.0.2 7704
            call fd77::2 7706
        fi
        wait_for 10 eval "[ \$(grep -c '\"syn+ack\"' '$out.json') -ge $wanted ]"
        finish
        check() {
            python3 "$here/expect.py" "$out.json" "$@" || complain "$workers workers, $filter: $1"
        }
        check 10.9.0.1 10.9.0.2 7004 "$work/ports-7004" mss=1460 initial_ttl=64 distance=0
        check fd09::1 fd09::2 7006 "$work/ports-7006" mss=1440 initial_ttl=64 distance=0
        if [ $tunnel ]; then
            check 10.77.0.1 10.77.0.2 7704 "$work/ports-7704" mss=1410
            check fd77::1 fd77::2 7706 "$work/ports-7706" mss=1390
        fi
    done
done
exit $((failures > 0))
