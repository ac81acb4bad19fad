#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# kill -9 of the exporter: while it writes to the spool, while it sends the spool, while it writes an archive. After
# the next start, all records that were on disk exist, without a gap.
. "$(dirname "$0")/lib.sh"

ids() { grep -a '}$' | grep -oa '"flowId":[0-9]*' | cut -d: -f2 | sort -u; }
# without_gap FILE LEAST: the records have the numbers from 1 on, at least LEAST of them
without_gap() {
    local count last
    count=$(wc -l <"$1")
    last=$(sort -n "$1" | tail -n 1)
    [ "$count" -ge "$2" ] || fail "$1: only $count records"
    [ "$count" = "$last" ] || fail "$1: $count records, the last is $last"
}
# feed_and_kill SECONDS FEEDER_ARGUMENT...
feed_and_kill() {
    local seconds=$1
    shift
    "$feeder" "$@" >/dev/null 2>"$work/feeder.log" &
    feeding=$!
    started+=("$feeding")
    sleep "$seconds"
    kill -9 "$feeding" 2>/dev/null || fail "the exporter ended before it was killed"
    wait "$feeding" 2>/dev/null
}

# While the exporter writes to the spool: no collector listens.
start_collect tcp://127.0.0.1:0 --to "json:$work/none.json"
kill "$pid"
wait_for_process "$pid" 10
feed_and_kill 1.5 "$address?sink-timeout=0&spool=$work/spool" 10000000 2000
"$synfix" dump --format json "$work/spool/" 2>"$work/dump.log" | ids >"$work/spooled"
without_gap "$work/spooled" 1000

# While the exporter sends the spool: exporter and collector are killed.
start_collect "$address" --to "json:$work/1.json"
feed_and_kill 0.2 "$address?spool=$work/spool" 10000000 200000 live
kill -9 "$pid"
wait "$pid" 2>/dev/null
start_collect "$address" --to "json:$work/2.json"
"$feeder" "$address?spool=$work/spool" 1 >"$work/numbers" 2>"$work/feeder.log" || fail "drain"
kill "$pid"
wait_for_process "$pid" 10
cat "$work/numbers"
grep -q ' spooled 0 lost 0 pending 0 ' "$work/numbers" || fail "numbers"
cat "$work/1.json" "$work/2.json" | ids >"$work/arrived"
missing=$(comm -23 "$work/spooled" "$work/arrived" | wc -l)
[ "$missing" = 0 ] || fail "$missing records of the spool did not arrive"

# While the exporter writes an archive, plain and compressed; the next start recovers the file.
for compress in none zstd; do
    directory=$work/archive-$compress
    where="file:$directory/a-%Y.ipfix?rotate-size=1000k&compress=$compress"
    # The kill may come between two files.
    for _ in 1 2 3 4 5; do
        rm -rf "$directory"
        mkdir "$directory"
        feed_and_kill 1.5 "$where" 10000000 2000
        [ -n "$(find "$directory" -name '*.part' -size +0)" ] && break
    done
    [ "$(find "$directory" -name '*.part' | wc -l)" = 1 ] || fail "$compress: no unfinished file"
    "$feeder" "$where" 1 >"$work/numbers" 2>"$work/feeder.log" || fail "$compress: restart"
    grep -q 'recovered [1-9][0-9]* messages' "$work/feeder.log" || fail "$compress: the recovery is not reported"
    [ "$(find "$directory" -name '*.part' | wc -l)" = 0 ] || fail "$compress: still an unfinished file"
    "$synfix" dump --format json "$directory/" 2>"$work/dump.log" | ids >"$work/archived-$compress"
    without_gap "$work/archived-$compress" 1000
done
wc -l "$work/spooled" "$work"/archived-*
exit 0
