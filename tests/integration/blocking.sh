#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Named pipes, devices and huge files instead of small regular files: one message, and no hang. Bad inputs among
# captures: the captures are processed, each bad input is reported, the exit code is 1.
. "$(dirname "$0")/common.sh"
web=$(capture web)
cd "$work" || exit 1
mkfifo pipe
truncate -s 20G huge

# quick CASE TEXT COMMAND...: the command ends within 10 s with a failure, and its output contains TEXT
quick() {
    local name=$1 text=$2 code
    shift 2
    timeout -k 1 10 "$@" </dev/null >out 2>&1
    code=$?
    [ "$code" != 124 ] && [ "$code" != 137 ] || complain "$name: hangs"
    [ "$code" != 0 ] || complain "$name: accepted"
    grep -q -- "$text" out || complain "$name: $(cat out)"
}
for file in pipe huge /dev/zero; do
    reason='not a regular file'
    [ "$file" = huge ] && reason='larger than\|longer than\|too large\|more than'
    quick "configuration $file" "$reason" "$synfix" read --config "$file" "$web"
    quick "check of configuration $file" "$reason" "$synfix" capture --config "$file" --check-config
    quick "profile $file" "$reason" "$synfix" read --quiet "$web" --to "file:o.ipfix?profile=$(realpath "$file")"
done
for kind in pipe huge; do
    rm -rf state && mkdir state
    [ "$kind" = pipe ] && mkfifo state/templates || truncate -s 20G state/templates
    quick "state $kind" 'not a regular file\|too large' "$synfix" read --quiet "$web" --to "file:o.ipfix?state=state"
done
has_module() { "$synfix" modules "$1" >/dev/null 2>&1; }
if has_module geoip; then
    quick "geoip pipe" 'not a regular file' "$synfix" read --quiet "$web" --to json:- --enrich "geoip?country=pipe"
fi
if has_module kafka; then
    quick "kafka settings pipe" 'not a regular file' "$synfix" read --quiet "$web" --to "kafka://127.0.0.1:9/t?set-file=pipe"
    quick "kafka password pipe" 'not a regular file' "$synfix" read --quiet "$web" --to "kafka://127.0.0.1:9/t?password-file=pipe"
fi
quick "redis password pipe" 'not a regular file' "$synfix" read --quiet "$web" --to "eve:127.0.0.1:9?type=redis&password-file=pipe"
quick "database pipe" 'no process writes' "$synfix" read --sigdb pipe "$web"
mkfifo paused
{ printf '# a comment\n' && exec sleep 20; } >paused &
writer=$!
quick "database from a writer that pauses" 'no process writes' "$synfix" read --sigdb paused "$web"
kill $writer 2>/dev/null
"$synfix" read --sigdb <(cat "$here/test.fp") --quiet "$web" --to json:piped.json || complain "a database from a pipe"
mkfifo p.part
quick "recover" 'not changed' "$synfix" recover p.part
mkdir spool && mkfifo spool/lock
timeout -k 1 20 "$synfix" read --quiet "$web" --to "tcp://127.0.0.1:9?spool=spool&sink-timeout=0" >out 2>&1
[ $? -lt 124 ] || complain "the lock of a spool is a pipe: hangs"
rm spool/lock
"$synfix" read --quiet "$web" --to "tcp://127.0.0.1:9?spool=spool&sink-timeout=0" >out 2>&1
segment=$(find spool -name '*.ipfix' | head -n 1)
[ -n "$segment" ] || complain "no spool file: $(cat out)"
rm -f "$segment" && mkfifo "$segment"
timeout -k 1 20 "$synfix" read --quiet "$web" --to "tcp://127.0.0.1:9?spool=spool&sink-timeout=0" >out 2>&1
[ $? -lt 124 ] || complain "a spool file is a pipe: hangs"
grep -q 'not changed' out || complain "a spool file is a pipe: $(cat out)"

# a capture from a pipe: read to its end; without a writer, a signal ends the program
mkfifo capture
cat "$web" >capture &
timeout -k 1 20 "$synfix" read --sigdb "$here/test.fp" --quiet capture --to json:fifo.json || complain "a capture from a pipe: code $?"
wait
[ "$(wc -l <fifo.json)" -gt 3 ] || complain "a capture from a pipe: $(wc -l <fifo.json) records"
for signal in INT TERM; do
    timeout --signal=KILL 10 env --default-signal=INT "$synfix" read --sigdb "$here/test.fp" --quiet capture --to json:never.json 2>err &
    reader=$!
    sleep 0.3
    kill -$signal $reader
    wait $reader
    [ $? -lt 128 ] || complain "SIG$signal does not end a read from a pipe without a writer: $(cat err)"
done

# No process reads standard output or standard error: full pipes do not prevent the end of the program.
cat >paused.py <<'P'
import os, socket, struct, subprocess, sys, time
port, which, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
reading, writing = os.pipe()
os.set_blocking(writing, False)
try:
    while True:
        os.write(writing, b"x" * 4096)
except BlockingIOError:
    pass
os.set_blocking(writing, True)
process = subprocess.Popen(command, **{which: writing})
time.sleep(0.5)
sets = struct.pack(">6H", 2, 12, 300, 1, 8, 4) + struct.pack(">2H", 300, 84) + bytes(80)
message = struct.pack(">2H3I", 10, 16 + len(sets), 0, 0, 1) + sets
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as exporter:
    for _ in range(100):
        exporter.sendto(message, ("127.0.0.1", port))
time.sleep(1)
process.terminate()
try:
    process.wait(20)
except subprocess.TimeoutExpired:
    process.kill()
    sys.exit("SIGTERM does not end it")
P
paused() { # CASE STREAM COMMAND...
    local name=$1
    shift
    python3 paused.py "$port" "$@" 2>err || complain "$name, $1 is not read: $(tail -n 1 err)"
}
port=$(unused_port)
paused collect stderr "$synfix" collect --listen "udp://127.0.0.1:$port"
paused "capture of sFlow" stderr "$synfix" capture -i "sflow://127.0.0.1:$port" --no-seccomp --to json:/dev/null
paused "read of bad files" stderr "$synfix" read missing.pcap capture --to json:never.json
paused collect stdout "$synfix" collect --listen "udp://127.0.0.1:$port" --to json
grep -q 'the reader pauses; continue or restart the reader' err || complain "collect, stdout is not read: $(cat err)"

# A directory as standard input: --follow - would be no help.
"$synfix" read --quiet - --to json:never.json </ >out 2>err
grep -q '^synfix: standard input: is a directory; name its files$' err || complain "a directory as standard input: $(cat err)"

# Inputs
printf 'snoop\0\0\0\0\0\0\2' >bad.snoop
for i in $(seq 60); do echo "no capture" >"bad-$i"; done
read_quietly "$web" --to json:alone.json
for workers in 1 2; do
    "$synfix" read --sigdb "$here/test.fp" --quiet --workers "$workers" missing.pcap bad-* "$web" bad.snoop --to json:all.json 2>err
    [ $? = 1 ] || complain "bad inputs, $workers workers: not exit code 1"
    cmp -s <(sort alone.json) <(sort all.json) || complain "bad inputs, $workers workers: the records differ"
    for i in $(seq 60); do
        grep -q "bad-$i:" err || { complain "bad-$i is not reported"; break; }
    done
    grep -q 'missing.pcap' err && grep -q 'bad.snoop' err || complain "not named: $(tail -n 3 err)"
    grep -q 'suppressed' err && complain "errors were suppressed"
    rm -f all.json
done
"$synfix" read --quiet bad.snoop missing.pcap --to json:none.json 2>err
[ $? = 1 ] || complain "only bad inputs: not exit code 1"
[ -e none.json ] && complain "only bad inputs: an output file exists"

[ "$failures" = 0 ]
