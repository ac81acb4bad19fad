#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Hosts of captures and inventories: the same list from both; filters, formats, the report, and errors.
. "$(dirname "$0")/common.sh"
command -v jq >/dev/null || skip "no jq; install the package jq"
command -v python3 >/dev/null || skip "no python3; install the package python3"

hosts() { "$synfix" hosts --sigdb "$here/test.fp" "$@"; }
web=$(capture web)
hosts "$web" --format json >"$work/hosts.json" || complain "hosts failed"
[ "$(jq -s length "$work/hosts.json")" = 2 ] || complain "the number of hosts is not two: $(cat "$work/hosts.json")"
[ "$(jq -s 'map(.observations) | add' "$work/hosts.json")" = 26 ] || complain "wrong sum of observations"
[ "$(jq -r 'select(.role == "client") | .address' "$work/hosts.json")" = 10.0.2.15 ] || complain "wrong client"

# an inventory of the same capture gives the same hosts
read_quietly "$web" --to "inventory:$work/hosts.db?age=0" || complain "no inventory"
hosts "$work/hosts.db" --format json >"$work/kept.json" || complain "hosts of an inventory failed"
diff "$work/hosts.json" "$work/kept.json" || complain "the hosts of an inventory and its capture differ"
# both together: counts are added
[ "$(hosts "$work/hosts.db" "$web" --format json | jq -s 'map(.observations) | add')" = 52 ] || complain "inputs are not merged"

# IPFIX files, plain and compressed, and a directory of them also give the same hosts; several inputs are merged
mkdir "$work/archive"
for name in "${captures[@]}"; do
    read_quietly "$(capture "$name")" --to "file:$work/archive/$name.ipfix" --to "file:$work/$name.zst?compress=zstd" ||
        complain "no archive of $name"
    hosts "$(capture "$name")" --format json >"$work/hosts.json"
    for input in "$work/archive/$name.ipfix" "$work/$name.zst"; do
        hosts "$input" --format json >"$work/records.json" || complain "hosts of $input failed"
        diff "$work/hosts.json" "$work/records.json" || complain "the hosts of $input and its capture differ"
    done
done
all=()
for name in "${captures[@]}"; do all+=("$(capture "$name")"); done
sum() { hosts "$@" --format json | jq -s 'map(.observations) | add'; }
[ "$(sum "$work/archive")" = "$(sum "${all[@]}")" ] || complain "a directory: $(sum "$work/archive") observations"
[ "$(sum "$work/archive/web.ipfix" "$work/hosts.db" "$web")" = 78 ] || complain "a capture, a record file and an inventory are not merged"
hosts "$work/archive" --net 10.0.2.0/24 --since 2014-01-01 --until 2014-02-01 --format json | jq -e '.observations == 13' >/dev/null ||
    complain "filters of an archive"
"$synfix" report "$work/archive" --format json --output - | jq -e '.hosts | length > 10' >/dev/null || complain "report of an archive"
head -c 4000 "$work/archive/mixed.ipfix" >"$work/cut.ipfix"
hosts "$work/cut.ipfix" "$web" --format json >"$work/records.json" 2>"$work/err"
[ $? -eq 1 ] && grep -q 'cut.ipfix: byte [0-9]*: the file ends inside a message' "$work/err" || complain "a cut file: $(cat "$work/err")"
grep -q '"10.0.2.15"' "$work/records.json" || complain "a cut file suppresses the other inputs"
mkdir "$work/empty"
hosts "$work/empty" >/dev/null 2>"$work/err"
[ $? -eq 1 ] && grep -q 'no capture and no IPFIX file' "$work/err" || complain "an empty directory: $(cat "$work/err")"

# the files of tcpdump -C are read; other files of a directory are counted once
mkdir "$work/rotated"
for number in '' 1 10; do cp "$web" "$work/rotated/c.pcap$number"; done
touch "$work/rotated/notes" "$work/rotated/more.txt"
[ "$(hosts "$work/rotated" --format json 2>"$work/err" | jq -s 'map(.observations) | add')" = 78 ] || complain "files of tcpdump -C: $(cat "$work/err")"
[ "$(grep -c 'rotated: 2 files with other names not read' "$work/err")" = 1 ] || complain "other files: $(cat "$work/err")"
"$synfix" report "$work/rotated" --output "$work/rotated.html" 2>"$work/err" || complain "report of rotated captures"
[ "$(grep -c 'rotated: 2 files with other names not read' "$work/err")" = 1 ] || complain "other files of a report: $(cat "$work/err")"

# a pipe is opened and read once
mkfifo "$work/pipe"
hosts "$web" --format json >"$work/hosts.json"
timeout 20 cat "$web" >"$work/pipe" &
timeout 20 "$synfix" hosts --sigdb "$here/test.fp" "$work/pipe" --format json >"$work/piped.json" || complain "hosts of a named pipe"
diff "$work/hosts.json" "$work/piped.json" || complain "the hosts of a named pipe and its capture differ"
hosts <(cat "$web") --format json >"$work/piped.json" || complain "hosts of a pipe"
diff "$work/hosts.json" "$work/piped.json" || complain "the hosts of a pipe and its capture differ"
captures_only='captures only; for IPFIX name a file, or write synfix dump -'
hosts - <"$work/archive/web.ipfix" >/dev/null 2>"$work/err"
[ $? -eq 1 ] && grep -q "^synfix: standard input: .*$captures_only" "$work/err" || complain "IPFIX on standard input: $(cat "$work/err")"
hosts <(cat "$work/archive/web.ipfix") >/dev/null 2>"$work/err"
[ $? -eq 1 ] && grep -q "$captures_only" "$work/err" || complain "IPFIX from a pipe: $(cat "$work/err")"

# filters
[ "$(hosts "$web" --net 10.0.0.0/8 --format json | jq -s length)" = 1 ] || complain "--net"
[ "$(hosts "$web" --until 2000-01-01 --format json | jq -s length)" = 0 ] || complain "--until"
[ "$(hosts "$web" --top 1 --format csv | wc -l)" = 2 ] || complain "--top and csv"
hosts "$web" | contains '^10\.0\.2\.15 ' || complain "no line in the table"

# the report holds the same hosts in each format
report() { "$synfix" report --sigdb "$here/test.fp" "$@"; }
report "$web" --format json --output - | jq -e '.hosts | length == 2' >/dev/null || complain "report as JSON"
report "$web" --format md --output - | contains '`10.0.2.15`' || complain "report as Markdown"
report "$web" --output "$work/report.html" || complain "report as HTML"
grep -q "<code>10.0.2.15</code>" "$work/report.html" || complain "no host in the page"
grep -qE '(src|href)="?(https?:)?//' "$work/report.html" && complain "the page makes external requests"
printf '' | "$synfix" report - --output "$work/nothing.html" 2>/dev/null
[ $? -eq 1 ] || complain "a report without a readable input does not fail"
[ -e "$work/nothing.html" ] && complain "a report over an unreadable input was written"

# an empty directory has no page and no list; inputs without a host give an empty list with the reason
empty_page() { # CODE REASON INPUT...
    local code
    rm -f "$work/nothing.md"
    report "${@:3}" --output "$work/nothing.md" 2>"$work/err"
    code=$?
    [ $code -eq "$1" ] && grep -q "$2" "$work/err" || complain "report ${*:3}: exit code $code: $(cat "$work/err")"
    if [ "$1" -eq 0 ]; then
        grep -q "^\*\*Note:\*\* no host: $2" "$work/nothing.md" || complain "report ${*:3}: $(cat "$work/nothing.md")"
    elif [ -e "$work/nothing.md" ]; then
        complain "report ${*:3}: wrote a page"
    fi
    hosts "${@:3}" >"$work/out" 2>"$work/err"
    code=$?
    [ $code -eq "$1" ] && grep -q "$2" "$work/err" || complain "hosts ${*:3}: exit code $code: $(cat "$work/err")"
}
head -c 24 "$web" >"$work/norecord.pcap"
read_quietly "$work/norecord.pcap" --to "file:$work/norecord.ipfix" --to "inventory:$work/norecord.db" || complain "no empty outputs"
empty_page 1 'no capture and no IPFIX file in this directory' "$work/empty"
for input in norecord.pcap norecord.ipfix norecord.db; do
    empty_page 0 'no SYN and no SYN+ACK in the input' "$work/$input"
done
empty_page 0 'no SYN and no SYN+ACK passed the filters' "$web" --net 192.0.2.0/24
empty_page 0 'none of 2 rows' "$web" --os 'no such system'

# an office of 320 hosts with two changes: a reinstalled host, and an address of three hosts; parallel connections are
# no restart
PYTHONDONTWRITEBYTECODE=1 python3 "$here/office.py" "$work/office.pcap"
changed=$("$synfix" hosts "$work/office.pcap" --changed --format csv | tail -n +2 | cut -d, -f1 | sort | xargs)
[ "$changed" = '10.1.0.200 10.1.0.50' ] || complain "hosts that changed: $changed"
[ "$("$synfix" hosts "$work/office.pcap" --format json | jq -s 'map(.restarts // 0) | add')" = 0 ] ||
    complain "false restarts"

# the list and the page state the number of hosts above the limit of the table
expect_left_out() { # FILE
    grep -q 'hosts evicted, because the list holds 64 rows (those seen last): [0-9]*; raise --host-table' "$1" || complain "left out: $(cat "$1")"
}
hosts "$work/office.pcap" --host-table 64 --format csv >"$work/out" 2>"$work/err"
[ $? -eq 1 ] && [ "$(wc -l <"$work/out")" -le 65 ] || complain "a full list of hosts does not fail"
expect_left_out "$work/err"
report "$work/office.pcap" --host-table 64 --format md --output - >"$work/out" 2>"$work/err"
[ $? -eq 1 ] || complain "a report of a full list of hosts does not fail"
expect_left_out "$work/err"
expect_left_out <(grep '^\*\*Note:\*\*' "$work/out")

# many inputs are counted, not listed
copies=()
for number in $(seq 12); do cp "$web" "$work/copy$number.pcap" && copies+=("$work/copy$number.pcap"); done
report "${copies[@]}" --format json --output - 2>"$work/err" | jq -r '.input[0].value' >"$work/out"
grep -q 'copy10.pcap and 2 more$' "$work/out" || complain "names of many inputs: $(cat "$work/out")"

# an input is never replaced, under any of its names
cp "$web" "$work/input.pcap" && ln -s input.pcap "$work/other.pcap"
report "$web" "$work/input.pcap" -o "$work/other.pcap" 2>"$work/err"
[ $? -eq 2 ] && grep -q 'would replace .*other.pcap, which is an input' "$work/err" || complain "--output is an input: $(cat "$work/err")"
cmp -s "$web" "$work/input.pcap" || complain "a report replaced its input"

# output to a device does not replace the device
report "$web" --output /dev/full 2>"$work/err"
[ $? -eq 3 ] || complain "--output /dev/full: not exit code 3"
[ -c /dev/full ] || complain "--output replaced a device"
report "$web" --format json --output /dev/stdout >"$work/page.json" || complain "--output /dev/stdout"
jq -e '.hosts | length == 2' "$work/page.json" >/dev/null || complain "--output /dev/stdout: no report in the file"

# errors of the user
expect_code() { # CODE PATTERN ARGUMENT...
    local code
    "$synfix" "${@:3}" >"$work/out" 2>"$work/err"
    code=$?
    [ $code -eq "$1" ] || complain "${*:3}: exit code $code, not $1"
    grep -qE "$2" "$work/err" || complain "${*:3}: $(cat "$work/err")"
}
expect_code 2 'no input named' hosts
expect_code 1 'no-database.fp: No such file' report "$web" --sigdb no-database.fp --output "$work/nothing.html"
grep -q 'no input could be read' "$work/err" && complain "a missing database is reported as an unreadable input"
expect_code 2 "'xml' is not a format" hosts "$web" --format xml
expect_code 2 "'size' is not an order" hosts "$web" --sort size
expect_code 2 "'9' is not a number from 64 to 16M" hosts "$web" --host-table 9
expect_code 2 '10.0.0.0/33' hosts "$web" --net 10.0.0.0/33
expect_code 1 'nofile' hosts "$web" "$work/nofile"
grep -q 10.0.2.15 "$work/out" || complain "a missing input suppresses the other inputs"
[ $failures -eq 0 ]
