#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# SIGHUP during a capture, after privileges and system calls were dropped: collectors over TCP, UDP and TLS are added,
# changed and removed, a spool passes from one sink to the next, an enricher is added and the observation domain
# changes; an invalid configuration changes nothing. Each collector receives exactly the observations since it was
# configured, and the counters account for all of them.
. "$(dirname "$0")/common.sh"
. "$here/confined.sh"
authority ca
certificate server ca IP:127.0.0.1
chmod 644 "$work/ca.pem"

# collect NAME LISTEN
collect() {
    : >"$work/$1.json"
    "$synfix" collect --listen "$2" --to "json:$work/$1.json" --to "file:$work/$1.ipfix" 2>"$work/$1.log" &
    collectors[$1]=$!
    wait_for 10 grep -q 'listening on' "$work/$1.log" || fail "no collector $1: $(cat "$work/$1.log")"
}
declare -A collectors
count() {
    wc -l <"$work/$1.json"
}
# has NAME COUNT: exactly COUNT records; later checks expect other numbers
has() {
    wait_for 20 eval "[ \$(wc -l <'$work/$1.json') -ge $2 ]"
    [ "$(count "$1")" -eq "$2" ] || complain "$1: $(count "$1") records, not $2: $(tail -5 "$work/err")"
}
configure() { # SINKS [LINE OF [engine]] [LINE OF [export]]
    printf '[capture]\ninterface = near0\n[engine]\nworkers = 2\nuptime = off\nsigdb = %s\n%s\n[metrics]\nmetrics-listen = %s\n[export]\nflush = 50ms\nto = %s\n%s\n' \
        "$sigdb" "${2-}" 127.0.0.1:9464 "$1" "${3-}" >"$work/conf"
}
reloads=0
reload() { # reloaded | 'not reloaded'
    reloads=$((reloads + 1))
    kill -HUP $pid
    wait_for 40 eval "[ \$(grep -cE '^synfix: (not )?reloaded' '$work/err') -ge $reloads ]" || complain "HUP: no answer"
    grep -E '^synfix: (not )?reloaded' "$work/err" | tail -1 | contains "^synfix: $1" || complain "not '$1': $(tail -3 "$work/err")"
}
metric() { # NAME SINK
    curl -s http://127.0.0.1:9464/metrics | sed -n "s|^synfix_$1{sink=\"$2\"} ||p"
}

collect one tcp://127.0.0.1:14101
collect two udp://127.0.0.1:14102
collect three "tls://127.0.0.1:14103?ca=$work/ca.pem&cert=$work/server.pem&key=$work/server.key&anonymous=yes"
tcp=tcp://127.0.0.1:14101
udp=udp://127.0.0.1:14102
tls="tls://127.0.0.1:14103?ca=$work/ca.pem&anonymous=yes"
configure "$tcp"
chmod 644 "$work/conf"
"$synfix" capture --config "$work/conf" "${confinement[@]}" 2>"$work/err" &
pid=$!
wait_for 20 eval "grep -q 'capturing with [0-9]' '$work/err' || ! kill -0 $pid"
grep -q 'capturing with [0-9]' "$work/err" || fail "never ready: $(cat "$work/err")"
check_rights $pid
send 20
has one 40

# a second sink, in addition to one that keeps its connection
configure "$tcp; $udp"
reload reloaded
send 20
has one 80
has two 40
[ "$(metric sink_records_before_total udp:127.0.0.1:14102)" = 40 ] ||
    complain "observations before the second sink are not counted"

# an invalid configuration changes nothing: an unknown sink, a missing certificate, an unusable file, the same plain
# file twice
configure "$tls; nonsense:here"
reload 'not reloaded.*nonsense:here: no such sink'
configure "$udp; tls://127.0.0.1:14103?ca=$work/nowhere.pem&anonymous=yes"
reload 'not reloaded.*nowhere.pem: No such file'
configure "$udp; file:$work/nowhere/x.ipfix"
reload 'not reloaded.*nowhere'
configure "$tcp; $udp; file:$work/out/x.ipfix"
reload reloaded
configure "$tcp; $udp; file:$work/out/x.ipfix?profile=compact"
reload 'not reloaded.*choose another name'
send 20
has one 120
has two 80

# another profile for the second sink, a third sink; the file is removed
configure "$tcp; $udp?profile=compact; $tls"
reload reloaded
send 20
has one 160
has two 120
has three 40
wait_for 10 eval "[ \$('$synfix' dump '$work/out/x.ipfix' --format json | grep -c sourceTransportPort) = 40 ]" ||
    complain "the file that was removed is not whole: $("$synfix" dump "$work/out/x.ipfix" --format json | wc -l) records"
[ "$(metric sink_reconnects_total tcp:127.0.0.1:14101)" = 0 ] || complain "an unchanged sink reconnected"

# the first collector moves, and the records on disk go to its new address
configure "$udp; tcp://127.0.0.1:14104?spool=$work/out/spool"
reload reloaded
kill ${collectors[one]}
wait ${collectors[one]}
send 20
wait_for 10 eval "ls '$work'/out/spool/*.ipfix" || complain "no spool file: $(tail -3 "$work/err")"
collect four tcp://127.0.0.1:14105
configure "$udp; tcp://127.0.0.1:14105?spool=$work/out/spool"
reload reloaded
send 20
has four 80
has two 200

# an enricher, and another observation domain
configure "$udp; tcp://127.0.0.1:14105?spool=$work/out/spool; json:$work/out/with.json" 'enrich = community-id' 'domain = 77'
reload reloaded
send 20
has four 120
has two 240
wait_for 10 eval "[ \$(grep -c '\"community_id\"' '$work/out/with.json') = 40 ]" ||
    complain "$(grep -c '"community_id"' "$work/out/with.json") lines with a community id, not 40"
for name in two four; do
    for _ in 1 2 3 4 5 6 7 8 9; do
        domains=$(python3 "$here/domains.py" "$work/$name"*.ipfix*)
        [ "$domains" = "1 77" ] && break
        sleep 0.2
    done
    [ "$domains" = "1 77" ] || complain "$name: observation domains $domains"
done

# observations = before + queued + dropped + unencodable, for each sink
curl -s http://127.0.0.1:9464/metrics >"$work/metrics"
observations=$(sed -nE 's/^synfix_packets_total\{.*verdict="syn(.ack)?"\} //p' "$work/metrics" | paste -sd+)
for sink in udp:127.0.0.1:14102 tcp:127.0.0.1:14105; do
    sum=$(grep -E "^synfix_sink_records_(before|queued|dropped|unencodable)_total\{sink=\"$sink\"\}" "$work/metrics" | sed 's/.* //' | paste -sd+)
    [ $((sum)) -eq $((observations)) ] || complain "$sink: $sum is not $observations"
done
# the new sink finds the records that its predecessor left in the spool: they no longer count as spooled
balance() { # SINK
    local name value sum=0
    for name in queued_total found_total; do
        value=$(metric "sink_records_$name" "$1")
        sum=$((sum + value))
    done
    for name in delivered_total spooled pending lost_total abandoned_total; do
        value=$(metric "sink_records_$name" "$1")
        sum=$((sum - value))
    done
    [ $sum -eq 0 ] || complain "$1: $sum records are in no counter, or in two"
}
balance '(removed)'
balance tcp:127.0.0.1:14105
[ "$(metric sink_records_abandoned_total '(removed)')" = 40 ] || complain "left in the spool: $(metric sink_records_abandoned_total '(removed)')"
[ "$(metric sink_records_found_total tcp:127.0.0.1:14105)" = 0 ] || complain "the sink of another domain found records"
[ "$(metric sink_records_spooled '(removed)')" = 0 ] ||
    complain "records that another sink has adopted are still spooled"
[ "$(metric sink_records_found_total '(removed)')" = 40 ] || complain "found: $(metric sink_records_found_total '(removed)')"
python3 "$here/openmetrics.py" 127.0.0.1:9464 || complain "the metrics are wrong"
kill -TERM $pid
wait $pid
[ $? -eq 0 ] || complain "exit code: $(cat "$work/err")"
grep -qE '^[0-9]+ removed while running: [0-9]+ records delivered' "$work/err" || complain "no summary of removed sinks: $(tail -5 "$work/err")"
exit $((failures > 0))
