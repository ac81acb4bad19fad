#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# A capture that is replayed to a veth pair gives the same observations as `read`, with and without the kernel filter,
# with one worker and two. Tags that the kernel removes from the frame are restored.
. "$(dirname "$0")/common.sh"
command -v tcpreplay >/dev/null || skip "no tcpreplay; install the package tcpreplay"
ip link set near0 mtu 9000
peer ip link set far0 mtu 9000

# replay FILE RATE: sends the file at the other end
replay() {
    peer tcpreplay --quiet $2 --intf1=far0 "$1" >"$work/replayed" 2>&1 ||
        complain "$1: tcpreplay: $(tail -2 "$work/replayed")"
}

# expect FILE: the observations of `read`, for the following trials
expect() {
    "$synfix" read --sigdb "$sigdb" --quiet --to "json:$work/read.json" "$1" "${mode[@]}"
}

# trial NAME FILE RATE ARGUMENTS...
trial() {
    local name=$1 file=$2 rate=$3
    shift 3
    begin capture -i near0 "${confinement[@]}" "${mode[@]}" "$@"
    replay "$file" "$rate"
    # later checks report missing observations
    wait_for 5 eval "[ \$(grep -c tcp_fp '$out.json') -ge $(grep -c tcp_fp "$work/read.json") ]"
    finish
    python3 "$here/same.py" "$work/read.json" "$out.json" || complain "$name ($rate, ${mode[*]} $*)"
}

tagged=0
for name in vlan qinq web mixed ipv6-ftp vxlan gre ipv6-extension; do
    file=$data/$name.pcap
    for mode in "--uptime off" "--uptime regression"; do
        mode=($mode)
        expect "$file"
        for arguments in "" "--no-kernel-filter" "--workers 2"; do
            trial $name "$file" "--topspeed" $arguments
            grep -q '"vlan":\[' "$out.json" && tagged=$((tagged + 1))
        done
    done
done
mode=(--uptime off)
expect "$data/web.pcap"
trial web "$data/web.pcap" --pps=2000
trial web "$data/web.pcap" --mbps=1
[ $tagged -ge 12 ] || complain "tags were restored in only $tagged captures"
exit $((failures > 0))
