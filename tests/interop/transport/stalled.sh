#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# A TCP collector that stays connected and stops reading: live, the sink goes on, within its memory or into the spool;
# from a file it waits, and ends when it has to.
. "$(dirname "$0")/lib.sh"

number() { sed -n "s/.*\b$1 \([0-9]*\).*/\1/p" "$work/numbers"; }
reported() { grep -q -- "$1" "$work/feeder.log" || fail "not reported: $1"; }
distinct() { grep -a '}$' "$work/out.json" | grep -oa '"flowId":[0-9]*' | sort -u | wc -l; }
# run SECONDS SINK_OPTIONS RECORDS FEEDER_ARGUMENT...: the collector reads nothing for so long; $result of the feeder
run() {
    local seconds=$1 options=$2
    shift 2
    rm -f "$work/out.json"
    start_collect tcp://127.0.0.1:0 --to "json:$work/out.json"
    kill -STOP "$pid"
    "$feeder" "$address?$options" "$@" >"$work/numbers" 2>"$work/feeder.log" &
    feeding=$!
    started+=("$feeding")
    sleep "$seconds"
    memory=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$feeding/status" 2>/dev/null)
    kill -CONT "$pid"
    wait_for_process "$feeding" 60
    result=$?
    sleep 0.3
    kill "$pid"
    wait_for_process "$pid" 10
    echo "$options: $(cat "$work/numbers"), ${memory:-?} KiB"
    [ "$(number produced)" = $(($(number delivered) + $(number spooled) + $(number lost) + $(number pending))) ] ||
        fail "the sum is not balanced"
}

run 4 "retain=1M&spool=$work/spool" 50000 3500 live
[ "$result" = 0 ] && [ "$(number delivered)" = 50000 ] && [ "$(number retransmitted)" = 0 ] || fail "live, spool: numbers"
[ "$(distinct)" = 50000 ] || fail "live, spool: $(distinct) records"
reported 'does not read: records wait in the spool'
reported 'takes records again'

run 4 "retain=1M" 50000 3500 live
[ "$result" = 0 ] && [ "$(number lost)" -gt 0 ] || fail "live, memory: numbers"
[ "$(distinct)" = "$(number delivered)" ] || fail "live, memory: $(distinct) records of $(number delivered)"
reported 'memory (retain) is full'
[ -z "$memory" ] || [ "$memory" -lt 32768 ] || fail "live, memory: $memory KiB"

run 2 "retain=1M" 50000
[ "$result" = 0 ] && [ "$(distinct)" = 50000 ] || fail "file: $(distinct) records"

run 3 "retain=1M&sink-timeout=1" 50000
[ "$result" = 3 ] || fail "file, sink-timeout: exit $result"
reported 'accepted nothing for 1 s'
exit 0
