#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# rwipfix2silk and rwcut of SiLK (if installed): the packets of a file with compat=cert, with flags and times.
. "$(dirname "$0")/../common.sh"
need rwipfix2silk rwcut
send "$data/mixed.pcap" --to "file:$work/a.ipfix?compat=cert" --to "json:$work/own.json"
rwipfix2silk --silk-output="$work/flows.rw" "$work/a.ipfix" 2>"$work/log" || complain "rwipfix2silk: $(cat "$work/log")"
rwcut --no-title --delimited='|' --ip-format=canonical --fields=sIP,dIP,sPort,dPort,protocol,packets,bytes,flags,sTime "$work/flows.rw" >"$work/rows"
[ "$(wc -l <"$work/rows")" = "$(grep -c '"event_type":"tcp_fp"' "$work/own.json")" ] || complain "not all packets"
grep '10.0.0.9|10.0.0.3|3082|' "$work/rows" | tr -d ' ' >"$work/first"
expect '10.0.0.9|10.0.0.3|3082|502|6|1|48|S|2004/08/26T12:12:06.102' "$work/first"
exit $((failures > 0))
