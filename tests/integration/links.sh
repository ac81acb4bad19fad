#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Root writes into a directory of a hostile user. No file is created, changed or removed through symbolic or hard
# links of that user: all sinks, recover, spool, state, inventory, report, collect.
. "$(dirname "$0")/common.sh"
[ "$(id -u)" = 0 ] || skip "files of another user are needed; run as root"
id nobody >/dev/null 2>&1 || skip "no user nobody; add the user"
evil=$work/evil
web=$(capture web)

# The directory of the user, files of root that must not change, and a directory of root.
begin() {
    rm -rf "$evil" "$work/root" "$work/victim"
    mkdir "$evil" "$work/root"
    chown nobody "$evil"
    echo victim >"$work/victim"
}
soft() { # TARGET NAME: a symbolic link of nobody
    ln -s "$1" "$evil/$2"
    chown -h nobody "$evil/$2"
}
hard() { ln "$work/victim" "$evil/$1"; }
untouched() { # CASE
    [ "$(cat "$work/victim" 2>/dev/null)" = victim ] || complain "$1: the file of root was changed"
    [ -z "$(ls -A "$work/root")" ] || complain "$1: created in the directory of root: $(ls -A "$work/root")"
}
# try CASE COMMAND...: the command may fail, but must not hang or end by a signal, and must not change files of root
try() {
    local name=$1 code
    shift
    timeout 20 "$@" >"$work/out" 2>&1
    code=$?
    [ "$code" -lt 124 ] || complain "$name: ended with $code: $(tail -n 2 "$work/out")"
    untouched "$name"
    return "$code"
}
to() { try "$1" "$synfix" read --sigdb "$here/test.fp" --quiet "$web" --to "$2"; }

for sink in json csv ecs eve zeek p0f text; do
    "$synfix" modules "$sink" >/dev/null 2>&1 || continue
    begin
    soft "$work/victim" out
    to "$sink replaces" "$sink:$evil/out"
    begin
    soft "$work/root/new" out
    to "$sink appends" "$sink:$evil/out?append=yes" && complain "$sink: appended through a link of nobody"
    grep -q 'symbolic link of another user' "$work/out" || complain "$sink: $(cat "$work/out")"
    begin
    hard out
    to "$sink appends to a hard link" "$sink:$evil/out?append=yes" && complain "$sink: appended to a hard link"
done

# Predictable temporary names.
begin
now=$(cut -d' ' -f5 /proc/loadavg)
python3 - "$evil" "$work/victim" "$now" <<'P' || skip "no python3; install the package python3"
import os, sys
for pid in range(int(sys.argv[3]), int(sys.argv[3]) + 3000):
    os.symlink(sys.argv[2], "%s/out.json.%d.tmp" % (sys.argv[1], pid))
P
to "temporary names" "json:$evil/out.json" || complain "temporary names: $(cat "$work/out")"
[ -s "$evil/out.json" ] || complain "temporary names: no output"

begin
soft "$work/root" way
to "a directory" "json:$evil/way/out.json" && complain "written into a directory through a link of nobody"

for sums in "" "?rotate-size=100k"; do
    begin
    soft "$work/victim" a.ipfix.part
    to "archive, part is a symbolic link" "file:$evil/a.ipfix$sums"
    begin
    hard a.ipfix.part
    to "archive, part is a hard link" "file:$evil/a.ipfix$sums"
    begin
    soft "$work/victim" a.ipfix
    to "archive, name is a symbolic link" "file:$evil/a.ipfix$sums"
    begin
    hard a.ipfix
    to "archive, name is a hard link" "file:$evil/a.ipfix$sums"
done

begin
printf '\0\12\0\20aaaaaaaaaaaa' >"$work/victim"
hard b.part
timeout 20 "$synfix" recover "$evil/b.part" >"$work/out" 2>&1
[ -f "$evil/b.part" ] && [ "$(stat -c %s "$work/victim")" = 16 ] || complain "recover touched a hard link"
begin
soft "$work/victim" c.part
try recover "$synfix" recover "$evil/c.part"

spool() { try "$1" "$synfix" read --sigdb "$here/test.fp" --quiet "$web" --to "tcp://127.0.0.1:9?spool=$evil/spool&sink-timeout=0"; }
begin
soft "$work/root" spool
spool "spool is a link"
begin
mkdir "$evil/spool" && chown nobody "$evil/spool"
soft "$work/victim" spool/lock
spool "the lock of the spool is a link"
begin
mkdir "$evil/spool" && chown nobody "$evil/spool"
hard spool/lock
spool "the lock of the spool is a hard link"

for directory in state state/deep; do
    begin
    soft "$work/root" state
    to "state is a link" "file:$work/state.ipfix?state=$evil/$directory"
done
begin
mkdir "$evil/state" && chown nobody "$evil/state"
soft "$work/root/new" state/templates
to "the state file is a link" "file:$work/state.ipfix?state=$evil/state"
begin
mkdir "$evil/state" && chown nobody "$evil/state"
hard state/templates
to "the state file is a hard link" "file:$work/state.ipfix?state=$evil/state"

if "$synfix" modules inventory >/dev/null 2>&1; then
    begin
    soft "$work/root/new" hosts.db
    to "inventory is a link" "inventory:$evil/hosts.db"
    for suffix in -wal -shm -journal; do
        begin
        soft "$work/root/new" "hosts.db$suffix"
        to "inventory$suffix is a link" "inventory:$evil/hosts.db"
        begin
        hard "hosts.db$suffix"
        to "inventory$suffix is a hard link" "inventory:$evil/hosts.db"
    done
fi

begin
soft "$work/victim" report.html
try report "$synfix" report "$web" --sigdb "$here/test.fp" --output "$evil/report.html"
begin
soft "$work/root" way
try "report, directory" "$synfix" report "$web" --sigdb "$here/test.fp" --output "$evil/way/report.html"

begin
soft "$work/root/new" c.json
try collect "$synfix" collect --listen udp://127.0.0.1:0 --to "json:$evil/c.json" --idle 0.2
begin
hard c.json
try "collect, hard link" "$synfix" collect --listen udp://127.0.0.1:0 --to "json:$evil/c.json" --idle 0.2

# The metrics of `collect`: a collector that ends, and one that TERM stops.
for kind in soft hard; do
    begin
    if [ $kind = soft ]; then soft "$work/root/new" metrics; else hard metrics; fi
    try "metrics of collect, $kind link" "$synfix" collect --listen udp://127.0.0.1:0 --to "json:$work/json" --metrics-file "$evil/metrics" --idle 0.2
    begin
    if [ $kind = soft ]; then soft "$work/root/new" a.ipfix; else hard a.ipfix; fi
    port=$(unused_port)
    rm "$work/out" # the file has the same line from the previous run
    "$synfix" collect --listen "tcp://127.0.0.1:$port" --to "file:$evil/a.ipfix" --idle 5 >"$work/out" 2>&1 &
    collector=$!
    for _ in $(seq 100); do
        grep -qs 'listening on' "$work/out" && break
        sleep 0.1
    done
    read_quietly "$web" --to "tcp://127.0.0.1:$port?sink-timeout=5" || complain "archive of collect: not sent"
    wait $collector || complain "archive of collect, $kind link: exit code $?: $(cat "$work/out")"
    untouched "archive of collect, $kind link"
    [ -n "$(find "$evil" -name 'a-*.ipfix')" ] ||
        complain "archive of collect, $kind link: no archive in addition to the link"
done

# A capture: its metrics file, its query socket, and the state of a followed directory.
captures() { # CASE ARGUMENTS...
    local name=$1
    shift
    unshare -n sh -c 'ip link set lo up && timeout -s TERM 2 "$0" capture -i lo --no-seccomp --to json:/dev/null "$@"' "$synfix" "$@" >"$work/out" 2>&1
    [ $? -lt 126 ] || complain "$name: $(tail -n 2 "$work/out")"
    untouched "$name"
}
if unshare -n true 2>/dev/null; then
    for kind in soft hard; do
        begin
        if [ $kind = soft ]; then soft "$work/root/new" metrics; else hard metrics; fi
        captures "metrics of capture, $kind link" --metrics-file "$evil/metrics"
        begin
        if [ $kind = soft ]; then soft "$work/victim" query; else hard query; fi
        captures "query socket, $kind link" --query-socket "$evil/query"
    done
    begin
    soft "$work/root" way
    captures "query socket in a directory" --query-socket "$evil/way/query"
fi
mkdir "$work/followed" && cp "$web" "$work/followed/a.pcap"
for kind in soft hard; do
    begin
    if [ $kind = soft ]; then soft "$work/root/new" followed; else hard followed; fi
    timeout -s TERM 3 "$synfix" read --sigdb "$here/test.fp" --quiet --follow "$work/followed" --follow-state "$evil/followed" --to "json:$work/json" >"$work/out" 2>&1
    [ $? -le 124 ] || complain "followed, $kind link: $(tail -n 2 "$work/out")"
    untouched "followed, $kind link"
done

# No output file is writable by others, for any umask.
begin
(umask 0 && read_quietly "$web" --to "json:$work/root/a" --to "file:$work/root/b?state=$work/root/state" \
    --to "json:$work/root/c?append=yes" --to "inventory:$work/root/d")
[ -s "$work/root/a" ] && [ -s "$work/root/b" ] && [ -s "$work/root/c" ] || complain "umask 0: no output"
wide=$(find "$work/root" -type f -perm /022)
[ -z "$wide" ] || complain "writable by others: $wide"
(umask 077 && read_quietly "$web" --to "json:$work/root/e")
[ "$(stat -c %a "$work/root/e")" = 600 ] || complain "umask 077: mode $(stat -c %a "$work/root/e")"

[ "$failures" = 0 ]
