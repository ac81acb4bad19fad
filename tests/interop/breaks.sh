#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# A collector that is killed and started again ten times during a run: every flowId arrives.
. "$(dirname "$0")/lib.sh"
records=${RECORDS:-100000}
start_collect tcp://127.0.0.1:0 --to "json:$work/0.json"
"$feeder" "$address" "$records" 300 >"$work/numbers" 2>"$work/feeder.log" &
feeding=$!
started+=("$feeding")
for n in 1 2 3 4 5 6 7 8 9 10; do
    sleep 0.2
    kill -9 "$pid"
    wait "$pid" 2>/dev/null
    start_collect "$address" --to "json:$work/$n.json"
done
wait_for "$feeding" 60 || fail "the exporter failed"
sleep 0.2
kill "$pid"
wait_for "$pid" 10
cat "$work/numbers"
# A line that the kill cut is no record.
distinct=$(cat "$work"/*.json | grep -a '}$' | grep -oa '"flowId":[0-9]*' | sort -u | wc -l)
[ "$distinct" = "$records" ] || fail "$distinct distinct records of $records"
grep -q "produced $records handed_over $records spooled 0 given_up 0 pending 0" "$work/numbers" || fail "numbers"
grep -Eq 'reconnects ([5-9]|10)$' "$work/numbers" || fail "fewer breaks than were made"
