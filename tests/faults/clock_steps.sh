#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# clock_steps.sh PROGRAM [inside] with CLOCK_LIBRARY: during a capture, the wall clock steps a day ahead and two days
# back. Each record is delivered within seconds, templates and rotation keep their intervals, and export times follow
# the clock.
library=$(realpath "${CLOCK_LIBRARY:-/nonexistent}")
export CLOCK_LIBRARY=$library
. "$(dirname "$0")/../live/common.sh"
[ -z "${SYNFIX_TEST_SANITIZED-}" ] || skip "a sanitizer intercepts the clock; build without SYNFIX_SANITIZE"
[ -e "$library" ] || skip "no library of the clock; build the target clock"
here=$(realpath "$here/../live")
offset=$work/offset
step() { # SECONDS ahead of the wall clock
    python3 -c 'import struct, sys
with open(sys.argv[1], "r+b") as file:
    file.write(struct.pack("=q", int(sys.argv[2]) * 10**9))' "$offset" "$1"
}
printf '\0\0\0\0\0\0\0\0' >"$offset"
chmod 644 "$offset"
mkdir "$work/out"
chmod 777 "$work/out"
"$synfix" collect --listen udp://127.0.0.1:4739 --listen tcp://127.0.0.1:4739 --to "json:$work/collected" 2>"$work/collect.err" &
wait_for 20 eval "[ \$(grep -c 'listening on' '$work/collect.err') = 2 ]" || complain "collect: $(cat "$work/collect.err")"
out=$work/capture
env LD_PRELOAD="$library" CLOCK_OFFSET="$offset" "$synfix" capture -i near0 --sigdb "$sigdb" --uptime off --flush 50ms "${confinement[@]}" \
    --to "json:$work/out/lines.json?rotate-time=2s&keep=100" --to "file:$work/out/records.ipfix?rotate-time=1h" \
    --to "udp://127.0.0.1:4739?refresh=1s" --to tcp://127.0.0.1:4739 2>"$out.err" &
pid=$!
wait_for 20 grep -q 'capturing with [0-9]' "$out.err" || { complain "never ready: $(cat "$out.err")"; exit 1; }
sent=0
lines() { cat "$work"/out/lines.json* 2>/dev/null | grep -c src_ip; }
files() { ls "$work"/out/lines.json* | wc -l; }
collected() { grep -c sourceTransportPort "$work/collected"; }
send() { # CASE: ten handshakes; their records arrive at all sinks
    peer python3 "$here/tap.py" far0 far0 $sent 10 || complain "no packet was sent"
    sent=$((sent + 10))
    wait_for 20 eval "[ \$(lines) -ge $((sent * 2)) ]" || complain "$1: $(lines) lines of $((sent * 2))"
    wait_for 20 eval "[ \$(collected) -ge $((sent * 4)) ]" || complain "$1: $(collected) records of $((sent * 4)) collected"
}
send start
for seconds in 86400 -86400 3600 0; do
    sleep 1.5 # the newest file has the clock of its start
    step $seconds
    send "step to $seconds s"
    before=$(files)
    wait_for 20 eval "[ \$(files) -gt $before ]" || complain "step to $seconds s: the lines are not rotated"
done
finish
[ "$(lines)" = $((sent * 2)) ] || complain "$(lines) lines at the end, not $((sent * 2))"
total=$("$synfix" dump --format json "$work"/out/*.ipfix | grep -c sourceTransportPort)
[ "$total" = $((sent * 2)) ] || complain "$total records in the archives, not $((sent * 2))"
# the header of each message has its export time: the days have three dates
days=$(python3 - "$work"/out/*.ipfix <<'END'
import sys
days = set()
for path in sys.argv[1:]:
    data, at = open(path, "rb").read(), 0
    while at < len(data):
        days.add(int.from_bytes(data[at + 4:at + 8], "big") // 86400)
        at += int.from_bytes(data[at + 2:at + 4], "big")
print(len(days))
END
)
[ "$days" -ge 3 ] || complain "export times of $days days only"
exit $((failures > 0))
