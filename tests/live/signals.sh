#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Signals during a capture with sinks that are connected, missing or blocked; the effects of a reload; the watchdog.
. "$(dirname "$0")/common.sh"
sysctl -qw net.ipv6.conf.near0.disable_ipv6=1
peer sysctl -qw net.ipv6.conf.far0.disable_ipv6=1
number=0

# send: ten new handshakes with 10.2.0.1:443
send() {
    peer python3 "$here/tap.py" far0 far0 $number 10 || complain "no packet was sent"
    number=$((number + 10))
}

# counted PATTERN: number of observations that match
counted() {
    grep -c -- "$1" "$out.json"
}

# logged PATTERN COUNT: waits until the log has COUNT matching lines
logged() {
    wait_for 10 eval "[ \$(grep -c -- '$1' '$out.err') -ge $2 ]" ||
        complain "not logged $2 times: $1: $(cat "$out.err")"
}

ended() {
    wait_for "$2" eval "! kill -0 $pid" || { complain "$1: still running after $2 s"; kill -9 $pid; }
    wait $pid
    code=$?
}

configuration=$work/conf
write() {
    printf '[capture]\ninterface = near0\n[export]\nflush = 50ms\n%b\n' "$1" >"$configuration"
    chmod 644 "$configuration"
}

# ---- counters for scrapers, while packets come
begin scraped -i near0 --workers 2 --uptime off --metrics-listen 127.0.0.1:9464 "${confinement[@]}"
send
python3 "$here/openmetrics.py" 127.0.0.1:9464 >"$work/scraped" || complain "metrics: $(cat "$work/scraped")"
finish

# ---- effects of a reload
write ''
out=$work/reload
: >"$out.json"
chmod 666 "$out.json"
"$synfix" capture --config "$configuration" --sigdb "$sigdb" --workers 2 --uptime off --to "json:$out.json" \
    --metrics-file "$work/metrics" --metrics-interval 1 --no-seccomp 2>"$out.err" &
pid=$!
logged capturing 1
send
wait_for 10 eval "[ \$(grep -c tcp_fp '$out.json') -eq 20 ]" || complain "reload: $(counted tcp_fp) observations, not 20"
kill -HUP $pid # without any filter
logged 'reloaded: .*changed: nothing else' 1
write '[filter]\nnot-source-ports = 443'
kill -HUP $pid
logged 'changed: \[filter\] not-source-ports' 1
send
wait_for 10 eval "[ \$(grep -c tcp_fp '$out.json') -eq 30 ]" || complain "a list: $(counted tcp_fp) observations, not 30"
write '[filter]\nfilter = src port 443'
kill -HUP $pid
logged 'changed: \[filter\] filter, \[filter\] not-source-ports' 1
sleep 0.3 # the worker applies the filter with its next read
send
wait_for 10 eval "[ \$(grep -c tcp_fp '$out.json') -eq 40 ]" || complain "an expression: $(counted tcp_fp) observations, not 40"
[ "$(counted '"syn"')" -eq 20 ] || complain "the kernel filter passed SYNs"
# errors: the previous configuration remains
for mistake in '[filter]\nfilter = src porrt 443' '[filter]\nports = 70000' '[process]\nuser = no-such-user' 'nonsense' \
    '[nowhere]\nx = 1' '[export]\nflush = never'; do
    write "$mistake"
    before=$(grep -c 'not reloaded' "$out.err")
    kill -HUP $pid
    logged 'not reloaded' $((before + 1))
done
[ "$(grep -c "conf:[0-9]*: " "$out.err")" -ge 4 ] || complain "errors without a location: $(cat "$out.err")"
# a configuration that cannot be read: one line, and the advice of --check-config
mv "$configuration" "$configuration.away"
before=$(grep -c 'not reloaded' "$out.err")
kill -HUP $pid
logged 'not reloaded.*conf: No such file or directory; check the path' 1
[ "$(grep -c 'not reloaded' "$out.err")" = $((before + 1)) ] || complain "a missing configuration: $(tail -n 2 "$out.err")"
send
wait_for 10 eval "[ \$(grep -c tcp_fp '$out.json') -eq 50 ]" ||
    complain "after errors: $(counted tcp_fp) observations, not 50"
# each reload names the settings that need a restart
write '[engine]\nhosts = 2048\n[process]\nlog-level = debug'
for times in 1 2; do
    kill -HUP $pid
    logged 'a restart is needed: \[engine\] hosts' $times
done
wait_for 5 grep -q '^synfix_packets_total{worker="1",verdict="syn"}' "$work/metrics" || complain "no metrics of worker 1"
# the metrics server moves and ends; workers change CPUs; promiscuous mode goes off and on; uptime is switched on
promiscuous() {
    ip -d link show near0 | grep -o 'promiscuity [0-9]*'
}
cpus() {
    grep -h Cpus_allowed_list /proc/$pid/task/*/status | grep -c '\s0$'
}
[ "$(promiscuous)" = "promiscuity 2" ] || complain "not promiscuous: $(promiscuous)"
write '[metrics]\nmetrics-listen = 127.0.0.1:9465\n[capture]\npromiscuous = no\ncpus = 0\n[engine]\nuptime = regression\nsignatures = p0f'
kill -HUP $pid
logged 'changed: \[capture\] promiscuous, \[capture\] cpus, \[process\] log-level, '\
'\[metrics\] metrics-listen, \[engine\] signatures$' 1
python3 "$here/openmetrics.py" 127.0.0.1:9465 >"$work/scraped" || complain "moved metrics: $(cat "$work/scraped")"
[ "$(promiscuous)" = "promiscuity 0" ] || complain "still promiscuous: $(promiscuous)"
wait_for 5 eval "[ \$(cpus) -eq 2 ]" || complain "$(cpus) threads on CPU 0, not 2"
write '[metrics]\nmetrics-listen = 127.0.0.1:9466'
kill -HUP $pid
logged 'changed: \[capture\] promiscuous, \[capture\] cpus, \[metrics\] metrics-listen, \[engine\] signatures$' 1
python3 "$here/openmetrics.py" 127.0.0.1:9466 >"$work/scraped" || complain "moved again: $(cat "$work/scraped")"
python3 "$here/openmetrics.py" 127.0.0.1:9465 >/dev/null 2>&1 && complain "the old server is still running"
[ "$(promiscuous)" = "promiscuity 2" ] || complain "not promiscuous again: $(promiscuous)"
before=$(grep -c 'not reloaded' "$out.err") # port in use: the previous configuration remains
write '[metrics]\nmetrics-listen = 127.0.0.1:9467\n[filter]\nports = 1'
python3 -c 'import socket, time; s = socket.create_server(("127.0.0.1", 9467)); time.sleep(60)' &
occupier=$!
wait_for 5 eval "ss -ltn 2>/dev/null | contains 9467"
kill -HUP $pid
logged 'not reloaded' $((before + 1))
kill $occupier
wait $occupier 2>/dev/null
write ''
kill -HUP $pid
logged 'changed: \[metrics\] metrics-listen$' 1
python3 "$here/openmetrics.py" 127.0.0.1:9466 >/dev/null 2>&1 && complain "the last server is still running"
for _ in {1..30}; do # many reloads
    kill -HUP $pid
    kill -USR1 $pid
done
send
wait_for 10 eval "[ \$(grep -c tcp_fp '$out.json') -eq 70 ]" ||
    complain "after many reloads: $(counted tcp_fp) observations, not 70"
kill -INT $pid
ended "INT" 10
[ $code -eq 0 ] || complain "INT: exit code $code: $(tail -5 "$out.err")"
grep -q '^worker 1: ' "$out.err" || complain "no line for each worker"

# ---- a signal directly after the start, before the first packet
for signal in INT TERM; do
    begin "early$signal" -i near0 --uptime off
    kill -$signal $pid
    ended "early $signal" 10
    [ $code -eq 0 ] || complain "early $signal: exit code $code"
done

# ---- a collector that accepts a connection and does not read: the first TERM waits, a second one does not
python3 - >"$work/port" <<'P' &
import socket, time
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
kept = []
while True:
    kept.append(listener.accept()[0])
P
wait_for 10 test -s "$work/port"
begin stuck -i near0 --uptime off --to "tcp://127.0.0.1:$(cat "$work/port")" "${confinement[@]}"
send
wait_for 10 eval "[ \$(grep -c tcp_fp '$out.json') -eq 20 ]" || complain "stuck: $(counted tcp_fp) observations, not 20"
kill -USR1 $pid
logged 'packets, .* bytes' 1
kill -TERM $pid
sleep 0.5
kill -TERM $pid
ended "second TERM" 5
[ $code -eq 0 ] || [ $code -eq 3 ] || complain "second TERM: exit code $code: $(cat "$out.err")"

# ---- a second TERM before the kernel delivers its block: the packets in the block are counted
begin unread -i near0 --uptime off --read-timeout 10s --workers 2 "${confinement[@]}"
send
send
kill -TERM $pid
sleep 0.2
kill -TERM $pid
ended "second TERM with packets in the kernel" 5
[ $code -eq 0 ] || complain "second TERM with packets in the kernel: exit code $code: $(cat "$out.err")"
[ "$(awk '$2 == "packets," { all += $1 } /left in the kernel/ { all += $1 } END { print all + 0 }' "$out.err")" -eq 40 ] ||
    complain "packets in the kernel are not counted: $(cat "$out.err")"

# ---- no collector at all
begin away -i near0 --uptime off --to tcp://127.0.0.1:9 "${confinement[@]}"
send
kill -HUP $pid
logged 'reloaded' 1
kill -TERM $pid
sleep 0.5
kill -TERM $pid
ended "TERM without a collector" 5
[ $code -eq 3 ] || complain "TERM without a collector: exit code $code, not 3: $(cat "$out.err")"

# ---- the program notifies the watchdog while all workers progress, and stops when a worker is stuck
cat >"$work/manager.py" <<'P'
import os, socket, sys
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o777)
while True:
    print(manager.recv(4096).decode(), flush=True)
P
python3 "$work/manager.py" "$work/notify" >"$work/notified" &
wait_for 10 test -S "$work/notify"
export NOTIFY_SOCKET=$work/notify WATCHDOG_USEC=1000000
begin watched -i near0 --uptime off --load "$SYNFIX_STUCK" --enrich stuck --no-seccomp
wait_for 10 eval "[ \$(grep -c WATCHDOG=1 '$work/notified') -ge 2 ]" || complain "no watchdog notification"
grep -q 'STATUS=[0-9]* packets' "$work/notified" || complain "no status for the manager"
send
logged 'worker 0 has made no progress' 1
fed=$(grep -c WATCHDOG=1 "$work/notified")
sleep 1.5
[ "$(grep -c WATCHDOG=1 "$work/notified")" -eq "$fed" ] || complain "watchdog notifications though the worker is stuck"
kill -9 $pid
wait $pid 2>/dev/null
exit $((failures > 0))
