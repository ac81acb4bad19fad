#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# failover=: the exporter changes to the second collector when the first one is killed, and back after its restart,
# without a missing record. The number of attempts is limited for a collector that accepts each connection and closes
# it at once.
command -v ss >/dev/null || { echo "skipped: no ss; install the package iproute2"; exit 77; }
. "$(dirname "$0")/lib.sh"
port=$(unused_port)
first=$port
start_collect "tcp://127.0.0.1:$first" --to "json:$work/1.json"
one=$pid
start_collect tcp://127.0.0.1:0 --to "json:$work/2.json"
two=$pid
second=${address##*:}
"$feeder" "tcp://127.0.0.1:$first?failover=127.0.0.1:$second&failback=1" 40000 8000 live >"$work/numbers" \
    2>"$work/feeder.log" &
feeding=$!
started+=("$feeding")
wait_for_lines "$work/1.json" 1000
kill -9 "$one"
wait "$one" 2>/dev/null
wait_for_line "127.0.0.1:$second is in use"
wait_for_lines "$work/2.json" 1000
start_collect "tcp://127.0.0.1:$first" --to "json:$work/3.json"
wait_for_line "connected to 127.0.0.1:$first again"
wait_for_process "$feeding" 60 || fail "the exporter failed"
kill "$two" "$pid"
wait_for_process "$two" 10
wait_for_process "$pid" 10
cat "$work/numbers"
[ -s "$work/3.json" ] || fail "no record after the return"
all=$(cat "$work"/[123].json | grep -a '}$' | grep -oa '"flowId":[0-9]*' | sort -u | wc -l)
[ "$all" = 40000 ] || fail "$all records of 40000"
grep -q "delivered 40000 spooled 0 lost 0 pending 0" "$work/numbers" || fail "numbers"

# A proxy without a server behaves like this collector.
command -v python3 >/dev/null || exit 0
port=$(unused_port)
python3 - "$port" <<'EOF' &
import socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    server.accept()[0].close()
EOF
pid=$!
started+=("$pid")
for _ in $(seq 100); do
    ss -Hltn "sport = :$port" | grep -q . && break
    sleep 0.05
done
"$feeder" "tcp://127.0.0.1:$port" 2000 60000 live >"$work/numbers" 2>"$work/feeder.log"
cat "$work/numbers"
tries=$(grep -c 'connected to' "$work/feeder.log")
echo "$tries connections"
[ "$tries" -le 8 ] || fail "$tries connections within seconds"
exit 0
