#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# A TCP collector stays connected and stops reading. Live, the sink continues in memory or with the spool. With a file
# as input, the sink waits, and ends after sink-timeout.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/../../support/wait_for.sh"

number() { sed -n "s/.*\b$1 \([0-9]*\).*/\1/p" "$work/numbers"; }
reports() { grep -q -- "$1" "$work/feeder.log"; }
reported() { reports "$1" || fail "not reported: $1"; }
has_ended() { ! kill -0 "$feeding"; }
# no processor time of the program for two seconds: the socket accepts no data
steps() { awk '{ print $14 + $15 }' "/proc/$feeding/stat"; }
waits() {
    local before
    before=$(steps)
    sleep 2
    [ "$(steps)" = "$before" ]
}
arrived() { [ "$(distinct)" -ge "$(number delivered)" ]; }
distinct() { grep -a '}$' "$work/out.json" | grep -oa '"flowId":[0-9]*' | sort -u | wc -l; }
# run SINK_OPTIONS RECORDS FEEDER_ARGUMENT...: the collector does not read until the command ${until[@]} succeeds.
# Sets $result to the exit code of the feeder.
run() {
    local options=$1
    shift
    rm -f "$work/out.json"
    start_collect tcp://127.0.0.1:0 --to "json:$work/out.json"
    kill -STOP "$pid"
    "$feeder" "$address?$options" "$@" >"$work/numbers" 2>"$work/feeder.log" &
    feeding=$!
    started+=("$feeding")
    wait_for 60 "${until[@]}" || fail "$options: the collector does not read, but this did not happen: ${until[*]}"
    memory=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$feeding/status" 2>/dev/null)
    kill -CONT "$pid"
    wait_for_process "$feeding" 60
    result=$?
    [ "$result" != 0 ] || wait_for 60 arrived || fail "$options: $(distinct) records of $(number delivered)"
    kill "$pid"
    wait_for_process "$pid" 60
    echo "$options: $(cat "$work/numbers"), ${memory:-?} KiB"
    [ "$(number produced)" = $(($(number delivered) + $(number spooled) + $(number lost) + $(number pending))) ] ||
        fail "the sum is not balanced"
}

until=(reports 'does not read: records wait in the spool')
run "retain=1M&spool=$work/spool" 50000 3500 live
[ "$result" = 0 ] && [ "$(number delivered)" = 50000 ] && [ "$(number retransmitted)" = 0 ] || fail "live, spool: numbers"
[ "$(distinct)" = 50000 ] || fail "live, spool: $(distinct) records"
reported 'accepts records again'

until=(reports 'memory (retain) is full')
run "retain=1M" 50000 3500 live
[ "$result" = 0 ] && [ "$(number lost)" -gt 0 ] || fail "live, memory: numbers"
[ "$(distinct)" = "$(number delivered)" ] || fail "live, memory: $(distinct) records of $(number delivered)"
[ -z "$memory" ] || [ "$memory" -lt 32768 ] || fail "live, memory: $memory KiB"

until=(waits)
run "retain=1M" 50000
[ "$result" = 0 ] && [ "$(distinct)" = 50000 ] || fail "file: $(distinct) records"

until=(has_ended)
run "retain=1M&sink-timeout=1" 50000
[ "$result" = 3 ] || fail "file, sink-timeout: exit $result"
reported 'accepted nothing for 1 s'
exit 0
