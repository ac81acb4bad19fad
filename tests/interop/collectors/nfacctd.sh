#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# pmacct's collector with the primitives of the kit: signature, label, MSS and hops under the names of synfix.
. "$(dirname "$0")/../common.sh"
need nfacctd

cat >"$work/conf" <<EOF
daemonize: false
nfacctd_ip: 127.0.0.1
nfacctd_port: $port
nfacctd_time_new: true
timestamps_rfc3339: true
plugins: print
aggregate: src_host, dst_host, src_port, dst_port, proto, timestamp_start, tcpSignature, osLabel, tcpMaximumSegmentSize, hopDistance, linkLabel
aggregate_primitives: $kit/pmacct.primitives
print_output: json
print_output_file: $work/out
print_refresh_time: 1
EOF
nfacctd -f "$work/conf" >"$work/log" 2>&1 &
pid=$!
wait_for_udp "$port"
sleep 1
send "$data/mixed.pcap" --to "udp://127.0.0.1:$port"
for _ in $(seq 100); do
    [ -s "$work/out" ] && break
    sleep 0.1
done
sleep 1
cp "$work/out" "$work/flows" 2>/dev/null || : >"$work/flows"
stop "$pid"

line=$(grep '"ip_src": "10.0.0.9"' "$work/flows")
for value in '"ip_dst": "10.0.0.3"' '"port_src": 3082' '"port_dst": 502' '"packets": 1' '"bytes": 48' \
    '"timestamp_start": "2004-08-26T12:12:06.102' '"tcpmaximumsegmentsize": "1460"' '"oslabel": "Windows XP"' \
    '"tcpsignature": "4:128+0:0:1460:mss*44,0:mss,nop,nop,sok:df,id+:0"' '"linklabel": "Ethernet or modem"'; do
    case $line in *"$value"*) ;; *) complain "$value is not in: $line" ;; esac
done
case $(grep '87.236.176.106", "ip_dst' "$work/flows") in *'"hopdistance": "18"'*) ;; *) complain "hops of 87.236.176.106" ;; esac
# options templates are grouped, so that nfacctd reads all of them
grep -i malformed "$work/log" && complain "nfacctd reports a malformed message"
exit $((failures > 0))
