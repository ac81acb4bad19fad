#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Wireshark's decoder on every capture and profile: no malformed message; element names from the Lua file.
. "$(dirname "$0")/../common.sh"
need tshark jq

for name in "${captures[@]}"; do
    for profile in full compact iana; do
        file=$work/$name-$profile.ipfix
        send "$(capture "$name")" --to "file:$file?profile=$profile&size=1400"
        tshark -r "$file" -V >"$work/out" 2>/dev/null || complain "tshark fails on $name $profile"
        grep -qi 'malformed\|expert info' "$work/out" && complain "tshark on $name $profile: $(grep -i -m1 'malformed\|expert info' "$work/out")"
        grep -q 'SrcAddr: ' "$work/out" || complain "tshark prints no record of $name $profile"
    done
done

tshark -X "lua_script:$kit/wireshark.lua" -r "$work/mixed-full.ipfix" -T fields -E occurrence=f \
    -e cflow.srcaddr -e cflow.srcport -e synfix.tcpSignature -e synfix.tcpMaximumSegmentSize -e synfix.osLabel \
    >"$work/out" 2>/dev/null || complain "tshark with the Lua file fails"
expect $'10.0.0.9\t3082\t4:128+0:0:1460:mss*44,0:mss,nop,nop,sok:df,id+:0\t1460\tWindows XP' "$work/out"

# One line for each record: the same addresses, ports and labels as in the sink csv.
tshark -q -X "lua_script:$kit/wireshark.lua" -X lua_script1:source,sourceTransportPort,observationKind,osLabel \
    -r "$work/mixed-full.ipfix" >"$work/lines" 2>/dev/null || complain "tshark with columns fails"
send "$data/mixed.pcap" --to "json:$work/own.json"
jq -r '[.src_ip, .src_port, if .tcp_uptime then 3 elif .tcp_fp.kind == "syn" then 1 else 2 end, .tcp_fp.os // ""] | @tsv' \
    "$work/own.json" >"$work/own"
diff "$work/own" "$work/lines" >"$work/diff" || complain "lines differ: $(head -4 "$work/diff")"
tshark -q -X "lua_script:$kit/wireshark.lua" -X lua_script1:nothing -r "$work/mixed-full.ipfix" >"$work/out" 2>&1
expect 'no element nothing' "$work/out"
exit $((failures > 0))
