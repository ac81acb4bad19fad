#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# rsyslogd: /dev/log (datagrams), UDP, TCP with octet counting, TLS. Facility, severity, header fields and the JSON of
# every record; a missing receiver.
. "$(dirname "$0")/../common.sh"
PATH=$PATH:/usr/sbin
need rsyslogd jq openssl ss
modules=$(dirname "$(find /usr/lib -name imtcp.so -path '*rsyslog*' 2>/dev/null | head -1)")
[ -e "$modules/imtcp.so" ] || skip "no module imtcp of rsyslog; install the package rsyslog"
tls=no
[ -e "$modules/lmnsd_ossl.so" ] && tls=yes
. "$(dirname "$0")/../certificates.sh"
make_certificates

port=$(unused_port)
tls_port=$(unused_port)
{
    cat <<EOF
global(workDirectory="$work" maxMessageSize="64k")
module(load="imuxsock" SysSock.Use="off")
module(load="imudp")
module(load="imtcp")
template(name="fields" type="string" string="%pri-text%|%hostname%|%app-name%|%procid%|%msgid%|%timereported:::date-rfc3339%|%msg%\n")
ruleset(name="all") { action(type="omfile" file="$work/received" template="fields" flushOnTXEnd="on" asyncWriting="off") }
input(type="imuxsock" Socket="$work/log" ruleset="all" UseSpecialParser="on")
input(type="imudp" port="$port" address="127.0.0.1" ruleset="all")
input(type="imtcp" port="$port" address="127.0.0.1" ruleset="all")
EOF
    [ $tls = yes ] && cat <<EOF
global(DefaultNetstreamDriverCAFile="$work/ca.pem" DefaultNetstreamDriverCertFile="$work/server.pem"
       DefaultNetstreamDriverKeyFile="$work/server.key")
input(type="imtcp" port="$tls_port" address="127.0.0.1" ruleset="all" StreamDriver.Name="ossl" StreamDriver.Mode="1"
      StreamDriver.AuthMode="x509/certvalid")
EOF
} >"$work/conf"

# Starts the daemon and waits until all of its inputs listen.
start() {
    rsyslogd -n -f "$work/conf" -i "$work/pid" >"$work/rsyslogd.log" 2>&1 &
    daemon=$!
    for _ in $(seq 100); do
        [ -S "$work/log" ] && [ -n "$(ss -Hltn "sport = :$port")" ] && [ -n "$(ss -Hlun "sport = :$port")" ] &&
            { [ $tls = no ] || [ -n "$(ss -Hltn "sport = :$tls_port")" ]; } && return
        sleep 0.1
    done
    complain "rsyslogd does not listen: $(cat "$work/rsyslogd.log")"
}

# await COUNT: waits for this number of messages in the file (10 s)
await() {
    for _ in $(seq 100); do
        [ -e "$work/received" ] && [ "$(wc -l <"$work/received")" -ge "$1" ] && return
        sleep 0.1
    done
    complain "$name: $(wc -l <"$work/received") messages of $1 arrived"
}

start
send "$data/mixed.pcap" --to "json:$work/own.json"
wanted=$(wc -l <"$work/own.json")
jq -cS . "$work/own.json" >"$work/own"
first_time=$(jq -r .timestamp "$work/own.json" | head -1)

# check NAME SINK PRIORITY HEADER: the JSON of all records, and the fields of the first message
check() {
    name=$1
    rm -f "$work/received"
    kill -HUP "$daemon"
    sleep 0.2
    send "$data/mixed.pcap" --to "$2"
    await "$wanted"
    sed 's/^[^{]*//' "$work/received" | jq -cS . >"$work/json" || complain "$name: not JSON"
    diff "$work/own" "$work/json" >"$work/diff" || complain "$name: $(head -2 "$work/diff" | cut -c1-300)"
    grep -qE "^$3\|$4\|" "$work/received" || complain "$name: the header is $(head -1 "$work/received" | cut -c1-160)"
}

rfc5424="sensor\.example\|probe\|[0-9]+\|tcp_(fp|uptime)\|"
options="hostname=sensor.example&app-name=probe&facility=local3&severity=notice"
time=${first_time%+0000}
check UDP "syslog://127.0.0.1:$port?$options" local3.notice "$rfc5424$time[+Z].*"
check TCP "syslog://127.0.0.1:$port?transport=tcp&$options" local3.notice "$rfc5424$time[+Z].*"
check unix "syslog:$work/log" daemon.info "[^|]*\|synfix\|[0-9]+\|-\|.*"
[ $tls = yes ] && check TLS "syslog://localhost:$tls_port?transport=tls&ca=$work/ca.pem&cert=$work/client.pem&key=$work/client.key&$options" \
    local3.notice "$rfc5424.*"

# A prefix for parsers such as mmjsonparse.
name=prefix
rm -f "$work/received"
kill -HUP "$daemon"
sleep 0.2
send "$data/mixed.pcap" --to "syslog://127.0.0.1:$port?transport=tcp&prefix=@cee: "
await "$wanted"
[ "$(grep -c '|@cee: {' "$work/received" || grep -c '| @cee: {' "$work/received")" -gt 0 ] ||
    complain "no prefix in $(head -1 "$work/received" | cut -c1-160)"

# No daemon listens: one message, exit code 3.
kill "$daemon"
wait "$daemon" 2>/dev/null
"$synfix" read --sigdb "$database" "$data/mixed.pcap" --to "syslog://127.0.0.1:$port" 2>"$work/err"
[ $? = 3 ] || complain "UDP without a daemon: exit code is not 3"
grep -q "^syslog:127.0.0.1:$port: 0 records delivered, $wanted dropped" "$work/err" || complain "UDP without a daemon: $(cat "$work/err")"
for sink in "syslog://127.0.0.1:$port?transport=tcp" "syslog:$work/nothing"; do
    "$synfix" read --sigdb "$database" --quiet "$data/mixed.pcap" --to "$sink" 2>"$work/err"
    [ $? = 3 ] || complain "$sink: exit code is not 3"
    [ "$(wc -l <"$work/err")" = 1 ] || complain "$sink: $(cat "$work/err")"
done
exit $((failures > 0))
