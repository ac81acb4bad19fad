#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# read -> TCP and UDP on the loopback -> collect: the records are the same as in a file.
. "$(dirname "$0")/common.sh"
"$synfix" collect --help >/dev/null 2>&1 || skip "this program has no command collect; build the whole program"
wanted=$(read_quietly "$(capture mixed)" --to json:- | wc -l)
for transport in tcp udp; do
    port=$(unused_port)
    "$synfix" collect --listen "$transport://127.0.0.1:$port" --to "json:$work/$transport.json" 2>"$work/err" &
    collector=$!
    wait_for 20 grep -q 'listening on' "$work/err" || complain "$transport: the collector does not listen: $(cat "$work/err")"
    read_quietly "$(capture mixed)" --to "$transport://127.0.0.1:$port" || complain "$transport: not sent"
    for _ in {1..50}; do
        [ "$(grep -c sourceTransportPort "$work/$transport.json" 2>/dev/null)" = "$wanted" ] && break
        sleep 0.1
    done
    kill -TERM $collector
    wait $collector || complain "$transport: the collector ends with an error: $(cat "$work/err")"
    got=$(grep -c sourceTransportPort "$work/$transport.json")
    [ "$got" = "$wanted" ] || complain "$transport: $got records arrived, $wanted were sent"
done

# HUP reopens the output files, for logrotate; USR1 prints the counters; if a file cannot be opened, the open one
# stays in use.
port=$(unused_port)
mkdir "$work/logs"
"$synfix" collect --listen "tcp://127.0.0.1:$port" --to "csv:$work/logs/csv" --to "json:$work/logs/json" 2>"$work/err" &
collector=$!
wait_for 20 grep -q 'listening on' "$work/err" || complain "HUP: the collector does not listen: $(cat "$work/err")"
rows() { cat "$work/logs/$1" 2>/dev/null | grep -c '10\.0\.2\.15\|sourceTransportPort'; }
send() { # CASE: sends all records again; they are appended to the file "json"
    local before
    before=$(rows json)
    read_quietly "$(capture web)" --to "tcp://127.0.0.1:$port" || complain "$1: not sent"
    wait_for 20 eval "[ \$(rows json) -gt $before ] && grep -q ',' '$work/logs/csv'" || complain "$1: nothing arrived: $(cat "$work/err")"
}
send "before HUP"
mv "$work/logs/csv" "$work/logs/csv.1"
mv "$work/logs/json" "$work/logs/json.1"
kill -HUP $collector
wait_for 20 test -e "$work/logs/json" || complain "HUP: no new file: $(cat "$work/err")"
send "after HUP"
rm "$work/logs/json"
mkdir "$work/logs/json"
kill -HUP $collector
wait_for 20 grep -q 'the file that was open stays in use' "$work/err" || complain "HUP: no line about a directory: $(cat "$work/err")"
kill -USR1 $collector
wait_for 20 grep -q '2 sessions' "$work/err" || complain "USR1: no counters: $(cat "$work/err")"
kill -TERM $collector
wait $collector || complain "HUP: the collector ends with an error: $(cat "$work/err")"
for name in csv csv.1; do
    head -n 1 "$work/logs/$name" | grep -q sourceIPv4Address || complain "HUP: $name begins without a header"
done
[ "$(grep -c 10.0.2.15 "$work/logs/csv.1")" = "$(grep -c 10.0.2.15 "$work/logs/csv")" ] ||
    complain "HUP: the rows differ"
exit $((failures > 0))
