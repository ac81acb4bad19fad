#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# super_mediator (if installed) over TCP: a JSON line for each record, with the flags of the segment. super_mediator
# ends at the first options record of an unknown template, so the sink sends only the type records.
. "$(dirname "$0")/../common.sh"
need super_mediator jq

super_mediator --in 127.0.0.1 --ipfix-input TCP --ipfix-port "$port" -o "$work/out" -m JSON --no-stats -l "$work/log" >/dev/null 2>&1 &
pid=$!
for _ in $(seq 100); do
    grep -q "$(printf ':%04X .* 0A' "$port")" /proc/net/tcp && break
    sleep 0.1
done
send "$data/mixed.pcap" --to "tcp://127.0.0.1:$port?compat=cert&options=types" --to "json:$work/own.json"
for _ in $(seq 50); do
    [ -s "$work/out" ] && [ "$(wc -l <"$work/out")" -ge "$(wc -l <"$work/own.json")" ] && break
    sleep 0.1
done
stop "$pid"

[ "$(wc -l <"$work/out")" = "$(wc -l <"$work/own.json")" ] || complain "not all records"
jq -c '.flows | [.flowStartMilliseconds, .sourceIPv4Address, .sourceTransportPort, .destinationIPv4Address,
    .destinationTransportPort, .octetTotalCount, .initialTCPFlags, .flowEndReason]' "$work/out" >"$work/rows"
expect '["2004-08-26 12:12:06.102","10.0.0.9",3082,"10.0.0.3",502,48,"S","active"]' "$work/rows"
expect '["2004-08-26 12:12:06.102","10.0.0.3",502,"10.0.0.9",3082,48,"AS","active"]' "$work/rows"
exit $((failures > 0))
