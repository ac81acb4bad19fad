#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# syslog-ng: a Unix socket, UDP, TCP with octet counting, TLS. Priority, header fields and the JSON of every record.
PATH=$PATH:/usr/sbin
. "$(dirname "$0")/../common.sh"
need syslog-ng jq openssl ss
. "$(dirname "$0")/../certificates.sh"
make_certificates

port=$(unused_port)
tls_port=$(unused_port)
cat >"$work/conf" <<EOF
@version: $(syslog-ng --version | sed -n 's/^Config version: //p')
options { log-msg-size(65536); keep-hostname(yes); };
source s_all {
    syslog(ip(127.0.0.1) port($port) transport("tcp"));
    syslog(ip(127.0.0.1) port($port) transport("udp"));
    syslog(ip(127.0.0.1) port($tls_port) transport("tls") tls(key-file("$work/server.key") cert-file("$work/server.pem")
        ca-file("$work/ca.pem") peer-verify(required-trusted)));
    unix-dgram("$work/log");
};
destination d_file { file("$work/received" template("\$PRIORITY|\$FACILITY|\$HOST|\$PROGRAM|\$PID|\$MSGID|\$ISODATE|\$MSG\n") frac-digits(6)); };
log { source(s_all); destination(d_file); };
EOF
syslog-ng -F -f "$work/conf" --no-caps -R "$work/persist" -c "$work/ctl" --pidfile "$work/pid" >"$work/daemon.log" 2>&1 &
daemon=$!
for _ in $(seq 100); do
    [ -S "$work/log" ] && [ -n "$(ss -Hltn "sport = :$port")" ] && [ -n "$(ss -Hlun "sport = :$port")" ] &&
        [ -n "$(ss -Hltn "sport = :$tls_port")" ] && break
    sleep 0.1
done
[ -S "$work/log" ] || complain "syslog-ng does not listen: $(cat "$work/daemon.log")"

send "$data/mixed.pcap" --to "json:$work/own.json"
wanted=$(wc -l <"$work/own.json")
jq -cS . "$work/own.json" >"$work/own"
total=0

# check NAME SINK HEADER: the JSON of all records, and the fields of the first message
check() {
    send "$data/mixed.pcap" --to "$2"
    total=$((total + wanted))
    for _ in $(seq 100); do
        [ -e "$work/received" ] && [ "$(wc -l <"$work/received")" -ge $total ] && break
        sleep 0.1
    done
    tail -n +$((total - wanted + 1)) "$work/received" >"$work/new"
    sed 's/^[^{]*//' "$work/new" | jq -cS . >"$work/json" || complain "$1: not JSON"
    diff "$work/own" "$work/json" >"$work/diff" || complain "$1: $(head -2 "$work/diff" | cut -c1-300)"
    head -1 "$work/new" | grep -qE "^$3" || complain "$1: the header is $(head -1 "$work/new" | cut -c1-160)"
}
rfc5424='notice\|local3\|sensor\.example\|probe\|[0-9]+\|tcp_fp\|2004-08-26T12:12:06\.102435[+]00:00\|'
options='hostname=sensor.example&app-name=probe&facility=local3&severity=notice'
check TCP "syslog://127.0.0.1:$port?transport=tcp&$options" "$rfc5424"
check UDP "syslog://127.0.0.1:$port?$options" "$rfc5424"
check TLS "syslog://localhost:$tls_port?transport=tls&ca=$work/ca.pem&cert=$work/client.pem&key=$work/client.key&$options" "$rfc5424"
check unix "syslog:$work/log" 'info\|daemon\|[^|]*\|synfix\|[0-9]+\|\|'
stop $daemon
exit $((failures > 0))
