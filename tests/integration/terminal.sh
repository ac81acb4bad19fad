#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Progress on a terminal: percentage, rate and remaining time, erased at the end. No progress elsewhere or with
# --quiet. Host table.
. "$(dirname "$0")/common.sh"
command -v python3 >/dev/null || skip "no python3; install the package python3"
cat >"$work/run.py" <<'P'
"""run.py FIFO COMMAND...: standard error of the command is a terminal; the reader of FIFO is slow, so that progress
is printed. Prints the output on the terminal."""
import os
import pty
import sys
import threading
import time


def slow(path):
    with open(path, "rb", buffering=0) as fifo:
        while fifo.read(65536):
            time.sleep(0.01)


master, terminal = pty.openpty()
reader = threading.Thread(target=slow, args=(sys.argv[1],))
reader.start()
child = os.fork()
if child == 0:
    os.dup2(terminal, 2)
    os.execv(sys.argv[2], sys.argv[2:])
os.close(terminal)
got = b""
while True:
    try:
        part = os.read(master, 65536)
    except OSError:  # the other end was closed
        break
    if not part:
        break
    got += part
reader.join()
sys.stdout.buffer.write(got)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
P
mkfifo "$work/fifo"
python3 - "$(capture mixed)" "$work/large.pcap" <<'P' || complain "no large capture"
import sys
data = open(sys.argv[1], "rb").read()
with open(sys.argv[2], "wb") as file:
    file.write(data[:24] + data[24:] * 1500)
P
arguments=(read --sigdb "$here/test.fp" "$work/large.pcap" --to "json:$work/fifo?append=yes")
python3 "$work/run.py" "$work/fifo" "$synfix" "${arguments[@]}" >"$work/seen" || complain "exit code on a terminal"
grep -qE '[0-9]+ %, [0-9]+\.[0-9]+ Mpps, [0-9]+ s left' "$work/seen" || complain "no progress: $(head -c 300 "$work/seen")"
grep -q 'packets, .* bytes' "$work/seen" || complain "no summary on a terminal"
python3 "$work/run.py" "$work/fifo" "$synfix" "${arguments[@]}" --quiet >"$work/seen" || complain "exit code with --quiet"
[ ! -s "$work/seen" ] || complain "--quiet: output: $(head -c 300 "$work/seen")"
cat "$work/fifo" >/dev/null &
"$synfix" "${arguments[@]}" 2>"$work/seen" || complain "exit code without a terminal"
grep -q '% ,\|Mpps' "$work/seen" && complain "progress without a terminal"

# dump: the same, with the number of records, and no percentage for input through a pipe
"$synfix" read --quiet --sigdb "$here/test.fp" "$work/large.pcap" --to "file:$work/large.ipfix" || complain "no large archive"
for way in "--to json:$work/fifo?append=yes" "--format json"; do
    # shellcheck disable=SC2086 # two words
    if [ "$way" = "--format json" ]; then
        dumping=(/bin/sh -c 'exec "$@" >"$0"' "$work/fifo" "$synfix" dump "$work/large.ipfix" $way)
    else
        dumping=("$synfix" dump "$work/large.ipfix" $way)
    fi
    python3 "$work/run.py" "$work/fifo" "${dumping[@]}" >"$work/seen" || complain "dump $way: exit code on a terminal"
    grep -qE 'large.ipfix: [0-9]+ %, [0-9]+ records' "$work/seen" || complain "dump $way: no progress: $(head -c 300 "$work/seen")"
    grep -qE '([1-9]|[1-9][0-9]) %, [1-9][0-9]* records' "$work/seen" || complain "dump $way: the progress does not change"
    # the progress on the last line is erased; a summary may follow
    python3 - "$work/seen" <<'P' || complain "dump $way: the progress remains: $(tail -c 200 "$work/seen")"
import sys
line = open(sys.argv[1], "rb").read().split(b"\r\x1b[K")[-1]
sys.exit(b"%" in line.split(b"\n")[0])
P
    python3 "$work/run.py" "$work/fifo" "${dumping[@]}" --quiet >"$work/seen" || complain "dump $way --quiet: exit code"
    grep -q '%' "$work/seen" && complain "dump $way --quiet: progress: $(head -c 300 "$work/seen")"
    cat "$work/fifo" >/dev/null &
    "${dumping[@]}" 2>"$work/seen" || complain "dump $way: exit code without a terminal"
    grep -q '%' "$work/seen" && complain "dump $way: progress without a terminal"
done

# The host table fits the width of the terminal: columns are omitted, addresses are complete.
cat >"$work/table.py" <<'P'
"""table.py COLUMNS COMMAND...: prints the output on a terminal of that width, without colours; exit code 1 if a line
is longer."""
import fcntl
import os
import pty
import re
import struct
import sys
import termios

columns = int(sys.argv[1])
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    os.execv(sys.argv[2], sys.argv[2:])
got = b""
while True:
    try:
        part = os.read(terminal, 65536)
    except OSError:  # the other end was closed
        break
    if not part:
        break
    got += part
lines = re.sub(r"\x1b\[[0-9;]*m", "", got.decode()).replace("\r", "").splitlines()
print("\n".join(lines))
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
sys.exit(code or max(map(len, lines)) > columns)
P
for columns in 80 100 140; do
    python3 "$work/table.py" $columns "$synfix" hosts --sigdb "$here/test.fp" "$(capture mixed)" "$(capture ipv6-ftp)" >"$work/seen" ||
        complain "the host table does not fit into $columns columns: $(cat "$work/seen")"
    grep -q '^2001:470:1f11:81f:c999:d94:aa7c:2e3e client' "$work/seen" || complain "$columns columns: an address is cut"
    grep -q '^Address.* Qua' "$work/seen" || complain "$columns columns: no quality"
done
grep -q 'Last seen' "$work/seen" || complain "a wide table lacks columns"
# COLUMNS takes precedence, and is the width of a pipe or a file, which receives complete rows otherwise
table() {
    "$synfix" hosts --sigdb "$here/test.fp" "$(capture mixed)" "$(capture ipv6-ftp)" | tail -n +2
}
longest() {
    python3 -c 'import sys; print(max(map(len, open(sys.argv[1], encoding="utf-8"))) - 1)' "$work/table"
}
table >"$work/whole"
for columns in "" 0 wide -1; do
    COLUMNS=$columns table >"$work/table"
    cmp -s "$work/whole" "$work/table" || complain "COLUMNS='$columns' changes the table in a pipe"
done
grep -q '…' "$work/whole" && complain "a value is cut in a pipe"
COLUMNS=500 table >"$work/table"
cmp -s "$work/whole" "$work/table" || complain "a table that has enough columns differs from a complete one"
for columns in 80 100; do
    COLUMNS=$columns table >"$work/table"
    [ "$(longest)" -le $columns ] || complain "the table in a pipe does not fit into $columns columns: $(cat "$work/table")"
    COLUMNS=$columns python3 "$work/table.py" 140 "$synfix" hosts --sigdb "$here/test.fp" "$(capture mixed)" "$(capture ipv6-ftp)" | tail -n +2 >"$work/seen"
    cmp -s "$work/table" "$work/seen" || complain "COLUMNS=$columns: another table on a terminal"
done
exit $((failures > 0))
