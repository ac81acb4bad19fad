#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Records that are spooled while the collector is missing arrive later, also after kill -9 of the exporter.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/../../support/wait_for.sh"
records=20000
start_collect tcp://127.0.0.1:0 --to "json:$work/0.json"
where="$address?sink-timeout=0&spool=$work/spool"
"$feeder" "$where" "$records" 2000 >"$work/numbers" 2>"$work/feeder.log" &
feeding=$!
started+=("$feeding")
wait_for_lines "$work/0.json" 100
kill -9 "$pid"
wait "$pid" 2>/dev/null
wait_for_process "$feeding" 60 || fail "the exporter failed in spite of its spool"
cat "$work/numbers"
grep -Eq "produced $records delivered [0-9]+ spooled [1-9][0-9]* lost 0 pending 0" "$work/numbers" || fail "numbers"
"$synfix" dump --format json "$work"/spool/ >"$work/spool.json" 2>"$work/dump.log" || fail "the spool is not IPFIX"
# The next run is killed while it writes to the spool: complete messages remain.
"$feeder" "$where" 1000000 1000 >/dev/null 2>"$work/feeder2.log" &
feeding=$!
started+=("$feeding")
holds() { [ "$(du -sb "$work/spool" | cut -f 1)" -gt "$1" ]; }
wait_for 60 holds $(($(du -sb "$work/spool" | cut -f 1) + 500000)) || fail "the spool does not grow"
kill -9 "$feeding"
wait "$feeding" 2>/dev/null
"$synfix" dump --format json "$work"/spool/ >"$work/spool.json" 2>"$work/dump.log"
spooled=$(grep -o '"flowId":[0-9]*' "$work/spool.json" | sort -u | wc -l)
start_collect "$address" --to "json:$work/1.json"
"$feeder" "$address?sink-timeout=120&spool=$work/spool" 1 >"$work/numbers" 2>"$work/feeder.log" || fail "drain"
cat "$work/numbers"
kill "$pid"
wait_for_process "$pid" 60
ls "$work"/spool/*.ipfix 2>/dev/null && fail "the spool is not empty"
drained=$(grep -o '"flowId":[0-9]*' "$work/1.json" | sort -u | wc -l)
[ "$drained" -ge "$spooled" ] && [ "$spooled" -gt 1000 ] || fail "$drained records of $spooled in the spool"
all=$(cat "$work"/[01].json | grep -a '}$' | grep -oa '"flowId":[0-9]*' | sort -u | wc -l)
[ "$all" -ge "$records" ] || fail "$all records of $records"
# Only one process can use a spool.
"$feeder" "tcp://127.0.0.1:1?spool=/proc/nothing" 1 2>"$work/feeder.log" && fail "an impossible directory"
exit 0
