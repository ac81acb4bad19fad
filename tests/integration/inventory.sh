#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# An inventory adds up over runs, is readable while written, survives kill -9, and refuses foreign files without a
# change.
. "$(dirname "$0")/common.sh"
command -v sqlite3 >/dev/null || skip "no sqlite3; install the package sqlite3"
database=$work/hosts.db

# query SQL: runs a query on the database
query() {
    sqlite3 -cmd '.timeout 3000' "$database" "$1"
}

read_quietly "$(capture web)" --to "inventory:$database?age=0" || complain "the first run failed"
[ "$(query 'SELECT sum(observations) FROM hosts')" = 26 ] || complain "the first run: $(query 'SELECT sum(observations) FROM hosts')"
read_quietly "$(capture web)" --to "inventory:$database?age=0" || complain "the second run failed"
[ "$(query 'SELECT sum(observations) FROM hosts')" = 52 ] || complain "wrong sum over two runs"
[ "$(query 'SELECT count(*) FROM hosts')" = 2 ] || complain "hosts are duplicated"
[ "$(query 'SELECT sum(count) FROM host_labels')" = 52 ] || complain "wrong sum of labels"
[ "$(query 'PRAGMA application_id')" = $((0x53594E46)) ] || complain "the application id is missing"

# bounded: only the newest hosts remain
rm -f "$database"*
read_quietly $(for name in "${captures[@]}"; do capture "$name"; done) --to "inventory:$database?age=0&hosts=64" 2>/dev/null
all=$(query 'SELECT count(*) FROM hosts')
[ "$all" -gt 30 ] || complain "only $all hosts"
read_quietly $(for name in "${captures[@]}"; do capture "$name"; done) --to "inventory:$database?age=1h" 2>/dev/null
[ "$(query 'SELECT count(*) FROM hosts')" -lt "$all" ] || complain "old hosts remain"

# killed during transactions, with a concurrent reader: rows are complete, and the next run continues
rm -f "$database"*
mkfifo "$work/packets"
python3 - "$(capture web)" >"$work/packets" 2>/dev/null <<'END' &
import struct
import sys
import time
data = open(sys.argv[1], "rb").read()
out = sys.stdout.buffer
out.write(data[:24])
for number in range(1 << 20):
    at = 24
    while at < len(data):
        length = struct.unpack("<I", data[at + 8:at + 12])[0]
        packet = bytearray(data[at + 16:at + 16 + length])
        packet[26:29] = bytes(((number >> 16) & 255, (number >> 8) & 255, number & 255))
        out.write(data[at:at + 16] + packet)
        at += 16 + length
    out.flush()
    time.sleep(0.002)
END
"$synfix" read --sigdb "$here/test.fp" --quiet - --to "inventory:$database?age=0&interval=100ms" <"$work/packets" &
writer=$!
for _ in {1..100}; do
    [ -s "$database" ] && [ "$(query 'SELECT count(*) FROM hosts' 2>/dev/null || echo 0)" -gt 20 ] && break
    sleep 0.05
done
torn=$(query 'SELECT count(*) FROM hosts h WHERE observations <> (SELECT sum(count) FROM host_labels l WHERE l.host = h.id)')
[ "$torn" = 0 ] || complain "$torn incomplete rows while it is written"
kill -9 $writer
wait 2>/dev/null
[ "$(query 'PRAGMA integrity_check')" = ok ] || complain "the database is damaged after kill -9"
killed=$(query 'SELECT count(*) FROM hosts')
[ "$killed" -gt 20 ] || complain "after kill -9 $killed hosts"
read_quietly "$(capture web)" --to "inventory:$database?age=0" || complain "the run after kill -9 failed"
[ "$(query 'SELECT count(*) FROM hosts')" -ge "$killed" ] || complain "hosts were lost after kill -9"

# a foreign file is reported and not changed
# refuse CASE PATTERN: `read` into $database fails with exit code 2 or 3 and a message, and does not change the file
refuse() {
    local before after code
    before=$(sha256sum <"$database")
    read_quietly "$(capture web)" --to "inventory:$database" 2>"$work/err"
    code=$?
    after=$(sha256sum <"$database")
    [ $code -ge 1 ] && [ $code -le 4 ] || complain "$1: exit code $code"
    grep -q "$database.*$2" "$work/err" || complain "$1: $(cat "$work/err")"
    [ "$before" = "$after" ] || complain "$1: the file was changed"
}
rm -f "$database"*
echo "my notes" >"$database"
refuse "a text file" "not an SQLite database"
rm -f "$database"*
query 'CREATE TABLE notes(text)'
refuse "a database of another program" "another program"
rm -f "$database"*
read_quietly "$(capture web)" --to "inventory:$database?age=0"
query 'PRAGMA user_version = 77' >/dev/null
query 'PRAGMA journal_mode = DELETE' >/dev/null
refuse "a newer inventory" "newer synfix"

# damaged: pages of the tables are overwritten
rm -f "$database"*
read_quietly $(for name in "${captures[@]}"; do capture "$name"; done) --to "inventory:$database?age=0" 2>/dev/null
query 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
size=$(stat -c %s "$database")
dd if=/dev/urandom of="$database" bs=4096 seek=1 count=$((size / 4096 - 1)) conv=notrunc status=none
refuse "a damaged inventory" "damaged"
"$synfix" hosts "$database" >/dev/null 2>"$work/err"
[ $? -eq 1 ] && grep -q "$database" "$work/err" || complain "hosts of a damaged inventory: $(cat "$work/err")"

# locked: a second writer is refused at once; a lock that lasts longer than the timeout of the sink is reported
rm -f "$database"* "$work/packets"
read_quietly "$(capture web)" --to "inventory:$database?age=0"
mkfifo "$work/packets"
"$synfix" read --sigdb "$here/test.fp" --quiet - --to "inventory:$database" <"$work/packets" &
writer=$!
exec 8>"$work/packets"
head -c 24 "$(capture web)" >&8
# without this wait, the other process may be the first one
for _ in {1..200}; do grep -q "FLOCK .* $writer " /proc/locks && break; sleep 0.05; done
read_quietly "$(capture web)" --to "inventory:$database" 2>"$work/err"
grep -qi "$database.*another process" "$work/err" || complain "a second writer: $(cat "$work/err")"
"$synfix" hosts "$database" --format csv | contains '^10.0.2.15,' || complain "a reader together with a writer"
exec 8>&-
wait
python3 - "$database" "$work/held" <<'END' &
import sqlite3
import sys
import time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
open(sys.argv[2], "w").close()
time.sleep(9)
END
holder=$!
for _ in {1..200}; do [ -e "$work/held" ] && break; sleep 0.05; done
read_quietly "$(capture web)" --to "inventory:$database?age=0" 2>"$work/err"
code=$?
[ $code -ge 1 ] && grep -q "$database.*lock" "$work/err" || complain "a locked inventory: exit code $code: $(cat "$work/err")"
kill $holder 2>/dev/null
wait
read_quietly "$(capture web)" --to "inventory:$database?age=0" || complain "the run after the lock failed"

# a full disk: a message, exit code 3; the database keeps its last complete state and continues after space is free
full_disk() {
    mount -t tmpfs -o size=1m none "$work/disk" || return 77
    local database=$work/disk/hosts.db code
    read_quietly "$(capture web)" --to "inventory:$database?age=0" || { echo "no first run"; return 1; }
    dd if=/dev/zero of="$work/disk/filler" bs=1k status=none 2>/dev/null
    read_quietly $(for name in "${captures[@]}"; do capture "$name"; done) --to "inventory:$database?age=0" 2>"$work/full.err"
    code=$?
    [ $code -eq 3 ] && grep -q 'no space left' "$work/full.err" || { echo "exit code $code: $(cat "$work/full.err")"; return 1; }
    rm "$work/disk/filler"
    [ "$(sqlite3 "$database" 'PRAGMA integrity_check')" = ok ] || { echo "damaged"; return 1; }
    [ "$(sqlite3 "$database" 'SELECT sum(observations) FROM hosts')" = 26 ] ||
        { echo "not the last complete state"; return 1; }
    read_quietly "$(capture web)" --to "inventory:$database?age=0" ||
        { echo "the run with free space failed"; return 1; }
}
mkdir "$work/disk"
export -f full_disk read_quietly capture
export work synfix here data tests
if unshare -m true 2>/dev/null; then
    unshare -m bash -c "captures=(${captures[*]}); full_disk"
    code=$?
    [ $code -eq 0 ] || [ $code -eq 77 ] || complain "a full disk"
    [ $code -ne 77 ] || echo "no file system could be mounted: a full disk was not tested"
else
    echo "no mount namespace: a full disk was not tested"
fi
[ $failures -eq 0 ]
