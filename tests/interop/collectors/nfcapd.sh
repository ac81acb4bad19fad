#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# nfdump's collector over UDP: every record, no sequence errors, times, addresses, flags.
. "$(dirname "$0")/../common.sh"
need nfcapd nfdump

mkdir "$work/flows"
nfcapd -w "$work/flows" -l "$work/flows" -p "$port" -b 127.0.0.1 -t 60 >"$work/log" 2>&1 &
pid=$!
wait_for_udp "$port"
send "$data/mixed.pcap" --to "udp://127.0.0.1:$port" --to "json:$work/own.json"
sleep 1
stop "$pid"

records=$(wc -l <"$work/own.json")
grep -q "Flows: $records, .*Sequence Errors: 0, Bad Packets: 0" "$work/log" ||
    complain "nfcapd does not count $records records: $(grep Flows: "$work/log")"
for file in "$work"/flows/nfcapd.[0-9]*; do
    nfdump -r "$file" -q -o 'fmt:%ts|%sa|%sp|%da|%dp|%pr|%flg|%pkt|%byt'
done | tr -d ' ' >"$work/out"
expect '2004-08-2612:12:06.102|10.0.0.9|3082|10.0.0.3|502|TCP|......S.|1|48' "$work/out"
expect '2004-08-2612:12:06.102|10.0.0.3|502|10.0.0.9|3082|TCP|...A..S.|1|48' "$work/out"
exit $((failures > 0))
