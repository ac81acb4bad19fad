#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The class of Logstash's codec netflow (SYNFIX_LOGSTASH_CODEC: its directory) with the definitions of the kit: every
# record of each profile, the values of one record, and options templates of all kinds without a warning.
. "$(dirname "$0")/../common.sh"
codec=${SYNFIX_LOGSTASH_CODEC:-}
[ -e "$codec/lib/logstash/codecs/netflow.rb" ] || skip "no codec of Logstash; set SYNFIX_LOGSTASH_CODEC to a directory of logstash-codec-netflow"
need ruby
ruby -rbindata -e 0 2>/dev/null || skip "no bindata of Ruby; gem install bindata"

# The codec lacks the elements of RFC 9740. It has one table for each enterprise, so a definition would replace all
# IANA elements.
grep -vE '^(tcpOptionsFull|ipv6ExtensionHeadersFull)' "$kit/../iana.profile" >"$work/logstash.profile"

# check QUERY VALUE...: the number of events equals the number of records, and the first event has the values
check() {
    local query=$1 pid
    shift
    ruby "$here/logstash_codec.rb" "$codec" "$kit/logstash.yml" "$port" >"$work/got" 2>"$work/log" &
    pid=$!
    wait_for_udp "$port"
    send "$data/mixed.pcap" --to "udp://127.0.0.1:$port$query" --to "json:$work/own.json"
    # In the profile iana, uptimes have no value and are omitted.
    kinds='"observationKind":[123]'
    case $query in *logstash.profile*) kinds='"tcpControlBits"' && sed -i /tcp_uptime/d "$work/own.json" ;; esac
    for _ in $(seq 300); do
        [ "$(grep -c "$kinds" "$work/got")" -ge "$(wc -l <"$work/own.json")" ] && break
        sleep 0.1
    done
    stop "$pid"
    [ ! -s "$work/log" ] || complain "$query: the codec reports: $(head -2 "$work/log")"
    [ "$(grep -c "$kinds" "$work/got")" = "$(wc -l <"$work/own.json")" ] ||
        complain "$query: not all records"
    grep '"sourceIPv4Address":"10.0.0.9"' "$work/got" >"$work/first"
    for value in '"destinationIPv4Address":"10.0.0.3"' '"sourceTransportPort":3082' '"destinationTransportPort":502' \
        '"flowStartMilliseconds":"2004-08-26T12:12:06.102Z"' "$@"; do
        expect "$value" "$work/first"
    done
}

signature='"tcpSignature":"4:128+0:0:1460:mss*44,0:mss,nop,nop,sok:df,id+:0"'
check '' "$signature" '"osLabel":"Windows XP"' '"tcpMaximumSegmentSize":1460' '"linkLabel":"Ethernet or modem"'
grep -q '"flowset_id":258' "$work/got" || complain "the record of ignored packets is missing"
check '?profile=compact' "$signature" '"osLabelId":4232117331'
grep '"flowset_id":262' "$work/got" >"$work/labels"
expect '"osLabelId":4232117331,"osLabel":"Windows XP"' "$work/labels"
check '?compat=cert' "$signature" '"osName":"Windows"' '"flowEndReason":2' '"initialTCPFlags":2'
check "?profile=$work/logstash.profile" '"ipTTL":128'
exit $((failures > 0))
