#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# ipfixcol2 (if installed) over TCP and UDP, with the elements of synfix: names and values of all profiles in its JSON.
. "$(dirname "$0")/../common.sh"
need ipfixcol2

# A copy of the installed definitions with those of synfix.
mkdir -p "$work/libfds"
for directory in /etc/libfds /usr/local/etc/libfds /usr/etc/libfds ${LIBFDS_ETC:-}; do
    [ -d "$directory/system" ] && cp -r "$directory/system" "$work/libfds/"
done
mkdir -p "$work/libfds/user/elements"
cp "$kit/libfds.xml" "$work/libfds/user/elements/"

run() { # PROTOCOL QUERY
    mkdir -p "$work/out"
    cat >"$work/conf.xml" <<EOF
<ipfixcol2>
  <inputPlugins><input><name>in</name><plugin>$1</plugin><params><localPort>$port</localPort>
    <localIPAddress>127.0.0.1</localIPAddress></params></input></inputPlugins>
  <outputPlugins><output><name>json</name><plugin>json</plugin><params><tcpFlags>raw</tcpFlags><outputs><file>
    <name>f</name><path>$work/out/</path><prefix>$1.</prefix><timeWindow>3600</timeWindow>
    <timeAlignment>no</timeAlignment></file></outputs></params></output></outputPlugins>
</ipfixcol2>
EOF
    ipfixcol2 -c "$work/conf.xml" -e "$work/libfds" >"$work/log" 2>&1 &
    pid=$!
    sleep 1
    send "$data/mixed.pcap" --to "$1://127.0.0.1:$port$2" --to "json:$work/own.json"
    sleep 1
    stop "$pid"
    grep -iE 'warn|error' "$work/log" && complain "$1$2: ipfixcol2 complains"
    cat "$work"/out/* >"$work/got"
    rm -r "$work/out"
}
run tcp ''
[ "$(wc -l <"$work/got")" = "$(wc -l <"$work/own.json")" ] || complain "not all records"
grep '"iana:flowId":1,' "$work/got" >"$work/first"
for value in '"iana:flowStartMilliseconds":"2004-08-26T12:12:06.102Z"' '"iana:sourceIPv4Address":"10.0.0.9"' \
    '"iana:destinationIPv4Address":"10.0.0.3"' '"iana:sourceTransportPort":3082' '"synfix:tcpMaximumSegmentSize":1460' \
    '"synfix:tcpSignature":"4:128+0:0:1460:mss*44,0:mss,nop,nop,sok:df,id+:0"' '"synfix:osLabel":"Windows XP"'; do
    expect "$value" "$work/first"
done
run udp '?profile=compact'
expect '"synfix:osLabelId":4232117331' "$work/got"
run tcp '?profile=iana&compat=cert'
expect '"cert:osName":"Windows"' "$work/got"
exit $((failures > 0))
