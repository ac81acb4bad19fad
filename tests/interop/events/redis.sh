#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# redis.sh PROGRAM: eve: writes to a Redis server in each mode. redis-cli and jq read the same events as in a file,
# and none is lost. Also a wrong password, a key of another type, and a full server.
. "$(dirname "$0")/../common.sh"
need redis-server redis-cli jq
socket=$work/redis.sock
echo 'a secret' >"$work/password"
start_redis() {
    redis-server --port "$port" --bind 127.0.0.1 --unixsocket "$socket" --save '' --appendonly no --dir "$work" \
        --requirepass 'a secret' >"$work/redis.log" 2>&1 &
    server=$!
    for _ in $(seq 100); do
        cli ping 2>/dev/null | grep -q PONG && return
        sleep 0.05
    done
    complain "redis-server does not start: $(tail -2 "$work/redis.log")"
    exit 1
}
cli() {
    REDISCLI_AUTH='a secret' redis-cli -s "$socket" "$@"
}
start_redis
file=$(capture mixed)
login="password-file=$work/password"
send "$file" --to "eve:$work/eve.json"
events=$(wc -l <"$work/eve.json")
[ "$events" -gt 5 ] || complain "only $events events"

send "$file" --to "eve:127.0.0.1:$port?type=redis&mode=rpush&key=right&$login"
cli --raw lrange right 0 -1 | diff "$work/eve.json" - || complain "rpush: not the same events"
send "$file" --to "eve:$socket?type=redis&$login"
cli --raw lrange suricata 0 -1 | tac | diff "$work/eve.json" - || complain "list: not the same events, newest first"
send "$file" --to "eve:$socket?type=redis&mode=stream&key=stream&stream-length=100000&username=default&$login"
cli --json xrange stream - + | jq -c '.[][1][1] | fromjson' | diff <(jq -c . "$work/eve.json") - ||
    complain "stream: not the same events"
cli --raw xrange stream - + | grep -cx eve | grep -qx "$events" || complain "stream: the field is not eve"

cli --raw subscribe channel >"$work/heard" 2>/dev/null &
listener=$!
for _ in $(seq 100); do
    [ "$(cli --raw pubsub numsub channel | tail -1)" = 1 ] && break
    sleep 0.05
done
send "$file" --to "eve:$socket?type=redis&mode=channel&key=channel&$login"
for _ in $(seq 100); do
    [ "$(grep -c '^{' "$work/heard")" -ge "$events" ] && break
    sleep 0.05
done
kill $listener 2>/dev/null
grep '^{' "$work/heard" | diff "$work/eve.json" - || complain "channel: not the same events"

# lost CODE PATTERN SINK: each loss is reported
lost() {
    "$synfix" read --sigdb "$database" "$file" --to "$3" >"$work/out" 2>&1
    code=$?
    [ $code -eq "$1" ] || complain "$3: exit code $code, not $1"
    grep -qE "$2" "$work/out" || complain "$3: no '$2' in $(cat "$work/out")"
}
lost 4 'synfix: .*redis.sock: (WRONGPASS|NOAUTH|ERR)' "eve:$socket?type=redis&password-file=$(
    echo wrong >"$work/wrong"; echo "$work/wrong")"
lost 3 "$events records were lost" "eve:$socket?type=redis"
grep -q 'NOAUTH' "$work/out" || complain "without a password: the reason is not reported: $(cat "$work/out")"
cli set string x >/dev/null
lost 3 "$events records were lost" "eve:$socket?type=redis&key=string&$login"
grep -q 'WRONGTYPE' "$work/out" || complain "a key of another type: the reason is not reported"
lost 2 "mode: 'queue' is unknown; write list, lpush, rpush, channel, publish, stream or xadd" "eve:$socket?type=redis&mode=queue&$login"
lost 2 "no option 'mode'" "json:$socket?type=redis&mode=list"
stop "$server"
lost 3 "127.0.0.1:$port: cannot connect: Connection refused" "eve:127.0.0.1:$port?type=redis&$login"
exit $((failures > 0))
