#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# After privileges and system calls were dropped: files are rotated, the spool is written and read, names are resolved
# again, a renewed certificate is used, metrics are served and written, the database is reloaded.
. "$(dirname "$0")/common.sh"
. "$here/confined.sh"
cp "$sigdb" "$work/db.fp"

# the name server of the test resolves the name of the collector, if a mount is possible
address=127.0.0.1
name=127.0.0.1
prefix=()
if unshare -m true 2>/dev/null && [ -f /etc/resolv.conf ]; then
    echo "nameserver 127.0.0.1" >"$work/resolv.conf"
    chmod 644 "$work/resolv.conf"
    echo $address >"$work/address"
    python3 "$here/nameserver.py" 127.0.0.1 "$work/address" >"$work/named" &
    wait_for 10 grep -q ready "$work/named" || { complain "the name server does not start"; exit 1; }
    name=collector.synfix.test
    prefix=(unshare -m bash -c 'mount --bind "$0" /etc/resolv.conf && exec "$@"' "$work/resolv.conf")
else
    echo "no mounts here: name resolution is not tested"
fi
collect() { # ADDRESS
    "$synfix" collect --listen "tcp://$1:4739" --to "json:$work/collected.json" 2>"$work/collect.log" &
    collector=$!
    wait_for 10 grep -q 'listening on' "$work/collect.log" || complain "no collector on $1"
}
collected() {
    wait_for 20 eval "[ \$(grep -o '\"flowId\": *[0-9]*' '$work/collected.json' | sort -u | wc -l) -ge $1 ]" ||
        complain "$2: $(grep -o '"flowId": *[0-9]*' "$work/collected.json" | sort -u | wc -l) records of $1 arrived: $(tail -5 "$work/err")"
}
# the first and the renewed certificate have different authorities: each collector accepts only one of them
for name_of in ca one two; do
    authority $name_of
done
certificate server ca IP:127.0.0.1
certificate probe-one one DNS:probe.example
certificate probe-two two DNS:probe.example
for kind in pem key; do
    install -o $owner -m 400 "$work/probe-one.$kind" "$work/probe.$kind"
done
chmod 644 "$work/ca.pem"
tls_collector() { # AUTHORITY
    : >"$work/$1.json"
    "$synfix" collect --listen "tls://127.0.0.1:4740?ca=$work/$1.pem&cert=$work/server.pem&key=$work/server.key" \
        --to "json:$work/$1.json" 2>"$work/tls.log" &
    tls=$!
    wait_for 10 grep -q 'listening on' "$work/tls.log" || complain "no TLS collector: $(cat "$work/tls.log")"
}
tls_collected() { # AUTHORITY COUNT
    wait_for 20 eval "[ \$(grep -o '\"flowId\": *[0-9]*' '$work/$1.json' | sort -u | wc -l) -ge $2 ]" ||
        complain "TLS, authority $1: $(grep -c flowId "$work/$1.json") records of $2: $(tail -5 "$work/tls.log" "$work/err")"
}

: >"$work/collected.json"
tls_collector one
out=$work/dropped
"${prefix[@]}" "$synfix" capture -i near0 --workers 2 --uptime off --sigdb "$work/db.fp" --flush 50ms "${confinement[@]}" \
    --metrics-listen 127.0.0.1:9464 --metrics-file "$work/out/metrics" --metrics-interval 1 \
    --to "tcp://$name:4739?spool=$work/out/spool&retain=64k" --to "file:$work/out/records.ipfix?rotate-size=64k" \
    --to "tls://127.0.0.1:4740?ca=$work/ca.pem&cert=$work/probe.pem&key=$work/probe.key" 2>"$work/err" &
pid=$!
wait_for 20 eval "grep -q 'capturing with [0-9]' '$work/err' || ! kill -0 $pid"
grep -q 'capturing with [0-9]' "$work/err" || fail "never ready: $(cat "$work/err")"
check_rights $pid

send 500 # no collector yet
wait_for 10 eval "ls '$work'/out/spool/*.ipfix" || complain "no spool file: $(cat "$work/err")"
collect $address
collected 1000 "spooled, then sent"
kill -9 $collector
wait $collector 2>/dev/null
if [ $name != $address ]; then
    echo 127.0.0.2 >"$work/address" # the collector moves
    address=127.0.0.2
fi
send 500
collect $address
collected 2000 "collector stopped and restarted"
tls_collected one 2000

for kind in pem key; do
    install -o $owner -m 400 "$work/probe-two.$kind" "$work/probe.$kind.new"
    mv "$work/probe.$kind.new" "$work/probe.$kind"
done
kill -9 $tls
wait $tls 2>/dev/null
tls_collector two
kill -HUP $pid
wait_for 10 grep -q 'reloaded' "$work/err" || complain "not reloaded: $(tail -3 "$work/err")"
send 500
tls_collected two 1000
collected 3000 "after the reload"

# into files: with a pipe, the end of the reader would look like an error of curl
curl -s http://127.0.0.1:9464/metrics >"$work/scraped"
grep -q '^synfix_sink_records_delivered_total{sink="tcp' "$work/scraped" || complain "no metrics: $(tail -3 "$work/scraped")"
curl -sI http://127.0.0.1:9464/metrics >"$work/scraped"
grep -q '200 OK' "$work/scraped" || complain "HEAD is refused: $(cat "$work/scraped")"
wait_for 5 grep -q '^# EOF' "$work/out/metrics" || complain "no file of metrics"
kill -TERM $pid
wait $pid
code=$?
[ $code -eq 0 ] || complain "exit code $code: $(cat "$work/err")"
files=$(ls "$work"/out/*.ipfix | wc -l)
[ "$files" -ge 3 ] || complain "$files files after rotation"
got=$("$synfix" dump --format json "$work"/out/*.ipfix | grep -o '"flowId": *[0-9]*' | sort -u | wc -l)
[ "$got" -eq 3000 ] || complain "$got records in files, not 3000"
[ -z "$(find "$work/out" ! -user $owner)" ] || complain "files of other users: $(ls -lR "$work/out")"
kill $collector $tls 2>/dev/null
exit $((failures > 0))
