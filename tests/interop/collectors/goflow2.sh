#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# goflow2 (a Go module, if installed) with the mapping of the kit: element names and values of synfix in its JSON.
PATH=$PATH:$HOME/go/bin
. "$(dirname "$0")/../common.sh"
need goflow2

goflow2 -listen "netflow://127.0.0.1:$port" -mapping "$kit/goflow2.yaml" -format json \
    -transport.file "$work/out" >"$work/log" 2>&1 &
pid=$!
wait_for_udp "$port"
send "$data/mixed.pcap" --to "udp://127.0.0.1:$port" --to "json:$work/own.json"
for _ in $(seq 50); do
    [ "$(wc -l <"$work/out")" -ge "$(wc -l <"$work/own.json")" ] && break
    sleep 0.1
done
stop "$pid"

line=$(grep '"src_addr":"10.0.0.9"' "$work/out")
for value in '"dst_addr":"10.0.0.3"' '"src_port":3082' '"dst_port":502' '"time_flow_start_ns":1093522326102000000' \
    '"tcp_signature":"4:128+0:0:1460:mss*44,0:mss,nop,nop,sok:df,id+:0"' '"tcp_maximum_segment_size":1460' \
    '"os_label":"Windows XP"' '"link_label":"Ethernet or modem"'; do
    case $line in *"$value"*) ;; *) complain "$value is not in: $line" ;; esac
done
exit $((failures > 0))
