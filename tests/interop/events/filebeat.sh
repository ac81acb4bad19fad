#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The IPFIX decoder of Filebeat with the definitions of the kit (SYNFIX_FILEBEAT_DECODER: filebeat_decoder/main.go,
# built with `go build -mod=mod`): every record of each profile, and the values of one record.
. "$(dirname "$0")/../common.sh"
decoder=${SYNFIX_FILEBEAT_DECODER:-}
[ -x "$decoder" ] || skip "no decoder of Filebeat; build tests/interop/events/filebeat_decoder, and set SYNFIX_FILEBEAT_DECODER to the program"
need jq

# check QUERY RECORDS VALUE...: the number of flows equals the number of records, and the first flow has the values
check() {
    local query=$1 wanted=$2 pid
    shift 2
    "$decoder" "$kit/filebeat.yml" "$port" >"$work/got" 2>"$work/log" &
    pid=$!
    wait_for_udp "$port"
    send "$data/mixed.pcap" --to "udp://127.0.0.1:$port$query" --to "json:$work/own.json"
    wanted=$(grep -c "$wanted" "$work/own.json")
    for _ in $(seq 300); do
        [ "$(grep -c '"type":0' "$work/got")" -ge "$wanted" ] && break
        sleep 0.1
    done
    stop "$pid"
    [ ! -s "$work/log" ] || complain "$query: $(head -2 "$work/log")"
    jq -c 'select(.type == 0) | .fields' "$work/got" >"$work/flows"
    [ "$(wc -l <"$work/flows")" = "$wanted" ] || complain "$query: not all records"
    grep '"sourceIPv4Address":"10.0.0.9"' "$work/flows" >"$work/first"
    for value in '"destinationIPv4Address":"10.0.0.3"' '"sourceTransportPort":3082' '"destinationTransportPort":502' \
        '"flowStartMilliseconds":"2004-08-26T12:12:06.102Z"' '"tcpControlBits":2' "$@"; do
        expect "$value" "$work/first"
    done
}
signature='"tcpSignature":"4:128+0:0:1460:mss*44,0:mss,nop,nop,sok:df,id+:0"'
check '' . "$signature" '"osLabel":"Windows XP"' '"tcpMaximumSegmentSize":1460' '"linkLabel":"Ethernet or modem"'
check '?profile=compact' . "$signature" '"osLabelId":4232117331'
check '?compat=cert' . "$signature" '"osName":"Windows"' '"initialTCPFlags":2'
check '?profile=iana' '"event_type":"tcp_fp"' '"ipTTL":128'
exit $((failures > 0))
