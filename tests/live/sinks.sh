#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Sinks of a confined live capture: a Redis server and a listener on a Unix socket stop and restart, and the sinks
# reconnect. The file sink receives all records. Lost records are counted.
. "$(dirname "$0")/common.sh"
command -v redis-server >/dev/null && command -v redis-cli >/dev/null || skip "no redis-server; install the package redis-server"
address=$work/eve.sock

start_redis() {
    redis-server --port 16379 --bind 127.0.0.1 --save '' --appendonly no --dir "$work" >"$work/redis.log" 2>&1 &
    server=$!
    wait_for 10 redis-cli -p 16379 ping || { complain "redis-server does not start: $(tail -2 "$work/redis.log")"; exit 1; }
}

start_listener() {
    python3 - "$address" "$1" <<'END' &
import os, socket, sys
if os.path.exists(sys.argv[1]):
    os.unlink(sys.argv[1])
with socket.socket(socket.AF_UNIX) as listener, open(sys.argv[2], "wb") as out:
    listener.bind(sys.argv[1])
    os.chmod(sys.argv[1], 0o777)
    listener.listen()
    connection = listener.accept()[0]
    while data := connection.recv(65536):
        out.write(data)
        out.flush()
END
    listener=$!
    wait_for 10 test -S "$address" || { complain "the listener does not start"; exit 1; }
}

# SYNs to a closed port
knock() {
    for _ in 1 2 3; do
        (exec 3<>/dev/tcp/127.0.0.1/1) 2>/dev/null
    done
}
events() {
    redis-cli -p 16379 llen events
}

start_redis
start_listener "$work/heard-1"
begin sinks -i lo --not-ports 16379 "${confinement[@]}" --to 'eve:127.0.0.1:16379?type=redis&key=events&timeout=1s' \
    --to "eve:$address?type=unix_stream"
knock
wait_for 10 eval '[ "$(events)" = 3 ]' || complain "Redis: $(events) events, not 3"
wait_for 10 eval '[ "$(wc -l <"$work/heard-1")" = 3 ]' || complain "socket: $(wc -l <"$work/heard-1") events, not 3"
kill $server $listener
wait $server $listener 2>/dev/null
rm -f "$address"
knock
wait_for 10 eval '[ "$(wc -l <"$out.json")" = 6 ]' || complain "file: $(wc -l <"$out.json") events, not 6"
start_redis
start_listener "$work/heard-2"
# both sinks reconnect
for _ in $(seq 20); do
    knock
    wait_for 1 eval '[ "$(events)" -ge 3 ] && [ "$(wc -l <"$work/heard-2")" -ge 3 ]' && break
done
[ "$(events)" -ge 3 ] || complain "the Redis sink did not reconnect: $(cat "$out.err")"
[ "$(wc -l <"$work/heard-2")" -ge 3 ] || complain "the socket sink did not reconnect: $(cat "$out.err")"
kill -TERM $pid
wait $pid
[ $? -eq 3 ] || complain "the exit code does not show the loss: $(cat "$out.err")"
grep -qE 'eve:127.0.0.1:16379: [0-9]+ records delivered, [0-9]+ lost' "$out.err" || complain "Redis: the loss is not reported"
all=$(wc -l <"$out.json")
for sink in 127.0.0.1:16379 "$address"; do
    sum=$(sed -nE "s|^eve:$sink: ([0-9]+) records delivered, ([0-9]+) lost.*|\1 + \2|p" "$out.err")
    [ $((sum)) -eq "$all" ] || complain "eve:$sink: $sum is not $all"
done

# A UDP collector without a route at the start: the sink tries again, as over TCP.
begin late -i lo --ports 1 "${confinement[@]}" --to udp://192.0.2.1:14739
grep -q 'udp://192.0.2.1:14739: no connection: ' "$out.err" || complain "late: not reported: $(cat "$out.err")"
knock
wait_for 10 eval '[ "$(wc -l <"$out.json")" = 3 ]' || complain "late: $(wc -l <"$out.json") events, not 3"
ip addr add 192.0.2.1/32 dev lo
"$synfix" collect --listen udp://192.0.2.1:14739 --to "json:$work/late.collected" 2>"$work/collect.err" &
collector=$!
wait_for 10 grep -q 'connected again' "$out.err" || complain "late: never connected: $(cat "$out.err")"
wait_for 10 grep -q listening "$work/collect.err" || complain "late: $(cat "$work/collect.err")"
knock
wait_for 10 eval '[ "$(wc -l <"$out.json")" = 6 ]' || complain "late: $(wc -l <"$out.json") events, not 6"
kill -TERM $pid
wait $pid
[ $? -eq 3 ] || complain "late: the exit code does not show the loss: $(cat "$out.err")"
grep -qE 'udp:192.0.2.1:14739: 3 records delivered, 3 lost' "$out.err" || complain "late: $(cat "$out.err")"
kill -TERM $collector
wait $collector
exit $((failures > 0))
