#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Telegraf (if installed) with the mapping of the kit: element names and values of synfix in its lines.
PATH=$PATH:$HOME/go/bin
. "$(dirname "$0")/../common.sh"
need telegraf

cat >"$work/conf" <<EOF
[agent]
  interval = "1s"
  flush_interval = "1s"
  omit_hostname = true
[[inputs.netflow]]
  service_address = "udp://127.0.0.1:$port"
  protocol = "ipfix"
  private_enterprise_number_files = ["$kit/telegraf.csv"]
[[outputs.file]]
  files = ["$work/out"]
  data_format = "influx"
EOF
telegraf --config "$work/conf" >"$work/log" 2>&1 &
pid=$!
wait_for_udp "$port"
send "$data/mixed.pcap" --to "udp://127.0.0.1:$port" --to "json:$work/own.json"
for _ in $(seq 100); do
    [ -s "$work/out" ] && [ "$(grep -c 'flow_start_ms' "$work/out")" -ge "$(wc -l <"$work/own.json")" ] && break
    sleep 0.1
done
stop "$pid"

grep 'src="10.0.0.9"' "$work/out" >"$work/first"
for value in 'dst="10.0.0.3"' 'src_port=3082i' 'dst_port=502i' 'flow_start_ms=1093522326102i' 'tcpMaximumSegmentSize=1460i' \
    'tcpSignature="4:128+0:0:1460:mss*44,0:mss,nop,nop,sok:df,id+:0"' 'osLabel="Windows XP"' 'linkLabel="Ethernet or modem"'; do
    expect "$value" "$work/first"
done
[ "$(grep -c flow_start_ms "$work/out")" = "$(wc -l <"$work/own.json")" ] || complain "not all records"
exit $((failures > 0))
