#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# synfix capture on the loopback of a separate network namespace: counts, signals, privileges, metrics, notification.
if [ "${2-}" != inside ]; then
    unshare -n true 2>/dev/null || { echo "skipped: no network namespace permitted here; run as root, or allow user namespaces"; exit 77; }
    exec unshare -n "$0" "$1" inside
fi
. "$(dirname "$0")/common.sh"
command -v ip >/dev/null || skip "no ip command; install the package iproute2"
command -v python3 >/dev/null || skip "no python3; install the package python3"
ip link set lo up || skip "the loopback cannot be brought up; run as root"
confinement=(--user nobody)
if [ -n "${SYNFIX_TEST_SANITIZED-}" ]; then
    # the filter does not permit the system calls of the sanitizers
    confinement=(--no-seccomp)
    export ASAN_OPTIONS=detect_leaks=0
fi
chmod 777 "$work"
: >"$work/out.json"
chmod 666 "$work/out.json"

handshake() {
    python3 - <<'P'
import socket
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
client.close()
P
}

# a substitute for the service manager, which the program notifies
python3 - "$work/notify" >"$work/notified" <<'P' &
import os, socket, sys
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o777)
while True:
    print(manager.recv(4096).decode(), flush=True)
P
wait_for 10 test -S "$work/notify" || complain "no notification socket"

cp "$here/test.fp" "$work/db.fp"
printf '[capture]\ninterface = lo\n[engine]\nsigdb = %s\n[filter]\nnot-ports = 9\n' "$work/db.fp" >"$work/conf"
chmod 644 "$work/db.fp" "$work/conf"
"$synfix" capture --config "$work/conf" --check-config >/dev/null || complain "the configuration is refused"
NOTIFY_SOCKET=$work/notify WATCHDOG_USEC=400000 "$synfix" capture --config "$work/conf" --to "json:$work/out.json" \
    --metrics-listen 127.0.0.1:9464 "${confinement[@]}" 2>"$work/err" &
pid=$!
wait_for 20 grep -q READY=1 "$work/notified" || complain "never ready: $(cat "$work/err")"

# remaining privileges
status() {
    awk -v key="$1:" '$1 == key { print $2 }' /proc/$pid/status
}
[ "$(status CapEff)$(status CapPrm)" = 00000000000000000000000000000000 ] || complain "the process kept capabilities"
[ "$(status NoNewPrivs)" = 1 ] || complain "the process can gain privileges"
if [ -z "${SYNFIX_TEST_SANITIZED-}" ]; then
    [ "$(status Seccomp)" = 2 ] || complain "no system call filter"
    [ "$(status Uid)" = "$(id -u nobody)" ] || complain "the process runs as user $(status Uid)"
fi

handshake || complain "no handshake"
wait_for 20 grep -q '"syn+ack"' "$work/out.json" || complain "the handshake was not observed"
metrics=$(python3 -c 'import urllib.request; print(urllib.request.urlopen("http://127.0.0.1:9464/metrics").read().decode())')
grep -q '^synfix_packets_total{worker="0",verdict="syn"} [1-9]' <<<"$metrics" ||
    complain "no count in the metrics: $metrics"
grep -q '^# EOF' <<<"$metrics" || complain "metrics without an end"

kill -HUP $pid
wait_for 20 grep -q 'synfix: reloaded' "$work/err" || complain "not reloaded: $(cat "$work/err")"
echo "nonsense" >>"$work/db.fp"
kill -HUP $pid
wait_for 20 grep -q 'synfix: not reloaded' "$work/err" || complain "a bad database was accepted"
kill -USR1 $pid
wait_for 20 grep -q 'packets, .* bytes' "$work/err" || complain "no counters on USR1"
wait_for 20 grep -q WATCHDOG=1 "$work/notified" || complain "no watchdog notification"

ip link set lo down
ip link set lo up
seen=$(grep -c '"syn"' "$work/out.json")
handshake
wait_for 20 eval "[ \$(grep -c '\"syn\"' '$work/out.json') -gt $seen ]" || complain "no observation after down and up"

kill -TERM $pid
wait $pid
code=$?
[ $code -eq 0 ] || complain "exit code $code at the end: $(cat "$work/err")"
grep -q STOPPING=1 "$work/notified" || complain "no STOPPING notification"

# a device that is removed
ip link add syntest0 type veth peer name syntest1 2>/dev/null && {
    ip link set syntest0 up
    "$synfix" capture -i syntest0 --to "json:$work/veth.json" --quiet 2>"$work/err" &
    pid=$!
    wait_for 20 grep -q 'capturing with [0-9]' "$work/err"
    ip link del syntest0
    wait_for 20 eval "! kill -0 $pid" || kill $pid
    wait $pid
    code=$?
    [ $code -eq 5 ] || complain "a removed device: exit code $code: $(cat "$work/err")"
}
"$synfix" capture -i nonexistent0 2>"$work/err"
[ $? -eq 5 ] || complain "a missing interface: $(cat "$work/err")"
exit $((failures > 0))
