#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Hostile exporters of `collect`, one kind after another and all together. A well-behaved exporter loses no records;
# memory, files and output stay bounded; losses at the limits are counted and logged. HOSTILE=100000 sets the size of
# the last attack: number of spoofed sources, number of records of the well-behaved exporter, and 2,000 idle
# connections (takes minutes).
. "$(dirname "$0")/common.sh"
command -v python3 >/dev/null || skip "no python3; install the package python3"
records=8000
descriptors=400
sources=4000
idle=1000

hostile() { python3 "$here/hostile.py" "$([ "$1" = handshakes ] && echo $dtls || echo $port)" "$@" >"$work/$1.out" 2>&1; }
logged() { grep -q -- "$2" "$work/log" || complain "$1: '$2' is not in the log: $(tail -n 3 "$work/log")"; }

# start: collect on one port over UDP and TCP, with few descriptors; sets $pid and $port
start() {
    local listen=()
    rm -f "$work"/json "$work"/archive*
    for _ in $(seq 20); do
        port=$(unused_port)
        dtls=$(unused_port)
        [ ! -e "$work/key" ] || listen=(--listen "dtls://127.0.0.1:$dtls?cert=$work/cert&key=$work/key&anonymous=yes")
        (ulimit -n "$descriptors" && exec "$synfix" collect --listen "udp://127.0.0.1:$port" --listen "tcp://127.0.0.1:$port" \
            "${listen[@]}" --max-memory "$memory" --to "json:$work/json" --to "file:$work/archive.ipfix" 2>"$work/log") &
        pid=$!
        for _ in $(seq 100); do
            [ "$(grep -c 'listening on' "$work/log")" = $((2 + ${#listen[@]} / 2)) ] && return
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.05
        done
    done
    complain "collect does not listen: $(cat "$work/log")"
    exit 1
}

stop() { # CASE; sets $peak
    peak=$(sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$pid/status")
    kill "$pid" 2>/dev/null
    wait "$pid" || complain "$1: collect ended with $?: $(tail -n 1 "$work/log")"
    # a sanitizer needs more memory
    [ -n "${SYNFIX_TEST_SANITIZED-}" ] || [ "${peak:-999999}" -lt 262144 ] || complain "$1: ${peak:-no} kB of memory"
}

# attack NAME KIND N [KIND N ...]: runs the attacks and the well-behaved exporter
attack() {
    local name=$1 others=() got
    shift
    start
    while [ $# -gt 0 ]; do
        hostile "$1" "$2" &
        others+=($!)
        shift 2
    done
    sleep 0.3
    hostile good "$records" || complain "$name: $(cat "$work/good.out")"
    wait "${others[@]}"
    sleep 0.3
    stop "$name"
    got=$(grep -c '"sourceIPv4Address":"10\.' "$work/json")
    [ "$got" = "$records" ] || complain "$name: $got records of $records over TCP"
    got=$(grep -c '"sourceIPv4Address":"11\.' "$work/json")
    grep -q 'dropped by the kernel' "$work/log" || [ "$got" = $((records / 10)) ] ||
        complain "$name: $got records of $((records / 10)) over UDP"
    [ "$(wc -l <"$work/log")" -lt 400 ] || complain "$name: $(wc -l <"$work/log") lines in the log"
    [ "$(du -k "$work/json" | cut -f1)" -lt 65536 ] || complain "$name: $(du -k "$work/json") of output"
    echo "$name: all $records records over TCP, $peak kB of memory; $(sed -n 's/.*limits: //p' "$work/log")"
}

# Many connections at once: none of them waits for the retransmission of its SYN.
if command -v ss >/dev/null; then
    memory=64
    start
    backlog=$(ss -ltnH "sport = :$port" | awk '{print $3}')
    [ "${backlog:-0}" -ge 128 ] || complain "connections that may wait: ${backlog:-unknown}"
    stop backlog
fi

memory=64
attack spoofed spoofed 9000
logged spoofed 'no valid template yet: datagram discarded'
logged spoofed 'session ended: too many sessions that have not delivered'
[ "$(find "$work" -name 'archive*' | wc -l)" = 2 ] || complain "spoofed: archives $(ls "$work")"
attack idle idle 300
logged idle 'session ended: too many sessions that have not delivered'
memory=16
attack bomb bomb 100
memory=64
logged bomb 'session ended: too much memory'
attack amplifier amplifier 3
logged amplifier 'more values without a byte than the message has bytes'
logged amplifier 'more records than the limit of one message'
if ! command -v openssl >/dev/null; then
    echo "handshakes: not tested without openssl; install the package openssl"
elif ! openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x -keyout "$work/key" -out "$work/cert" 2>"$work/openssl"; then
    complain "handshakes: no certificate: $(cat "$work/openssl")"
else
    descriptors=2500
    attack handshakes handshakes 200
    descriptors=400
    logged handshakes 'session ended: too much memory'
    rm "$work/key"
fi
if [ -n "${HOSTILE-}" ]; then
    records=$HOSTILE
    sources=$HOSTILE
    idle=2000
fi
attack all spoofed "$sources" idle $idle bomb 200 amplifier 3

[ "$failures" = 0 ]
