#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Exporters of other projects send to `collect`: softflowd (IPFIX, both directions, PSAMP) and pmacctd (nfprobe).
# Checks names, times and counts of records, and the message for NetFlow.
. "$(dirname "$0")/../common.sh"
PATH=$PATH:/usr/sbin
need softflowd softflowctl jq

# collect NAME: starts a collector; sets $collector and $port
collect() {
    : >"$work/$1.err"
    "$synfix" collect --listen udp://127.0.0.1:0 --idle 60 --to "json:$work/$1.json" 2>"$work/$1.err" &
    collector=$!
    for _ in $(seq 100); do
        port=$(sed -n 's/.*listening on udp:.*:\([0-9]*\)$/\1/p' "$work/$1.err")
        [ -n "$port" ] && return
        sleep 0.1
    done
    complain "collect does not listen"
}

# ended NAME RECORDS: waits for this number of records, and ends the collector
ended() {
    for _ in $(seq 100); do
        [ "$(wc -l <"$work/$1.json")" -ge "$2" ] && break
        sleep 0.1
    done
    stop $collector
    [ "$(wc -l <"$work/$1.json")" = "$2" ] || complain "$1: $(wc -l <"$work/$1.json") records, not $2: $(tail -n 2 "$work/$1.err")"
    grep -q '"[0-9]*/[0-9]*"' "$work/$1.json" && complain "$1: an element without a name"
}

# flow NAME FILE ARGUMENT...: softflowd reads FILE, and exports its flows at the end
flow() {
    local name=$1 file=$2 probe
    shift 2
    collect "$name"
    softflowd -r "$data/$file" -n "127.0.0.1:$port" -p "$work/pid" -c "$work/ctl" -d "$@" >"$work/softflowd.log" 2>&1 &
    probe=$!
    for _ in $(seq 100); do
        softflowctl -c "$work/ctl" statistics 2>/dev/null | grep -q 'packets processed: [1-9]' && break
        kill -0 $probe 2>/dev/null || break
        sleep 0.1
    done
    stop $probe
}

flow ipfix web.pcap -v 10
ended ipfix 26
grep -q 'do not follow RFC 7011' "$work/ipfix.err" || complain "the sequence numbers of softflowd are not reported"
grep -q duplicate "$work/ipfix.err" && complain "records are reported as duplicates: $(cat "$work/ipfix.err")"
[ "$(jq -r 'select(.sourceTransportPort == 55082) | .octetDeltaCount, .tcpControlBits' "$work/ipfix.json" | tr '\n' ' ')" = '100 19 ' ] ||
    complain "values of the flow from port 55082"

flow both ipv6-ftp.pcap -v 10 -b -A micro -T ether
ended both 6
jq -es 'any(.[]; .reverseOctetDeltaCount == 642 and .sourceMacAddress == "c4:2c:03:3b:6c:aa" and
    .flowStartMicroseconds == "2012-02-15T17:43:03.316897Z")' "$work/both.json" >/dev/null || complain "values of both directions"

flow psamp web.pcap -v psamp
ended psamp 50
jq -es 'any(.[]; .observationTimeMicroseconds == "2014-01-14T17:04:01.819644Z" and .sectionExportedOctets == 74)' "$work/psamp.json" \
    >/dev/null || complain "values of the first sample"

for version in 5 9; do
    flow "netflow$version" web.pcap -v $version
    for _ in $(seq 50); do
        grep -q "NetFlow version $version; ipfixcol2 converts it" "$work/netflow$version.err" && break
        sleep 0.1
    done
    grep -q "NetFlow version $version; ipfixcol2 converts it" "$work/netflow$version.err" ||
        complain "version $version is not reported"
    ended "netflow$version" 0
done

command -v pmacctd >/dev/null || exit $((failures > 0))
collect pmacctd
cat >"$work/pmacctd.conf" <<EOF
daemonize: false
plugins: nfprobe
nfprobe_version: 10
nfprobe_receiver: 127.0.0.1:$port
nfprobe_timeouts: tcp=1:tcp.rst=1:tcp.fin=1:udp=1:icmp=1:general=1:maxlife=2:expint=1
pcap_savefile: $data/web.pcap
pcap_savefile_wait: true
aggregate: src_host, dst_host, src_port, dst_port, proto, tos, tcpflags, src_mac, dst_mac, timestamp_start, timestamp_end
EOF
timeout -k 2 60 pmacctd -f "$work/pmacctd.conf" >"$work/pmacctd.log" 2>&1 &
pmacctd=$!
for _ in $(seq 200); do
    grep -q '"sourceTransportPort":55079,' "$work/pmacctd.json" && break
    sleep 0.1
done
stop $pmacctd
ended pmacctd "$(wc -l <"$work/pmacctd.json")"
jq -es 'any(.[]; .sourceIPv4Address == "10.0.2.15" and .sourceMacAddress == "08:00:27:ef:1f:74" and
    .flowStartMilliseconds == "2014-01-14T17:04:01.819Z")' "$work/pmacctd.json" >/dev/null || complain "values of pmacctd"
exit $((failures > 0))
