#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Bad input: one line with location and reason, and the documented exit code.
. "$(dirname "$0")/common.sh"
good=$(capture web)
: >"$work/empty.pcap"
head -c 2000 "$good" >"$work/cut.pcap"
head -c 30 "$good" >"$work/headonly.pcap"
echo "this is not a capture" >"$work/text.pcap"
{ head -c 20 "$good"; printf '\xfe\xff\x00\x00'; tail -c +25 "$good"; } >"$work/link.pcap"
printf 'classes = unix\n[tcp:request]\nlabel = s:unix:A:1\nsig = 4:64:nonsense\n' >"$work/bad.fp"

# expect CODE PATTERN ARGUMENTS...: exit code, and a line of standard error that matches PATTERN
expect() {
    local code=$1 pattern=$2 got lines
    shift 2
    timeout 60 "$synfix" "$@" >"$work/out" 2>"$work/err"
    got=$?
    [ $got -eq "$code" ] || complain "$*: exit code $got, not $code: $(cat "$work/err")"
    grep -qE "^synfix: .*$pattern" "$work/err" || complain "$*: no line '$pattern' in: $(cat "$work/err")"
    lines=$(grep -c '^synfix: ' "$work/err")
    [ "$lines" -eq 1 ] || complain "$*: $lines lines"
}

expect 2 'no such command' raed
expect 2 'raed: no such command' help raed
"$synfix" help read | contains '^  synfix read ' || complain "help read: not the help of read"
expect 2 'no capture file' read
expect 2 '--nonsense' read --nonsense "$good"
expect 2 'uptime' read "$good" --uptime=never
expect 2 "signatures: 'never' is unknown; write packet or p0f" read "$good" --signatures=never
expect 2 'writes the same file as the sink' read "$good" --to "json:$work/x" --to "file:$work/x?size=1400"
cp "$good" "$work/io.pcap"
ln -s io.pcap "$work/same.pcap"
for sink in file json csv; do
    expect 2 'would replace .*io.pcap, which is an input' read "$good" "$work/io.pcap" --to "$sink:$work/same.pcap"
done
# the exit code depends on the cause, even if paths of output and input are similar
for target in io.pcap.d/out other.d/out; do
    (cd "$work" && timeout 60 "$synfix" read --quiet io.pcap --to "json:$target" >out 2>err)
    got=$?
    [ $got -eq 3 ] || complain "--to json:$target: exit code $got, not 3: $(cat "$work/err")"
done
(cd "$work" && "$synfix" read io.pcap --to json:o1 --to csv:./o1 2>err)
[ $? -eq 2 ] && grep -q 'csv:./o1: writes the same file as the sink json:o1' "$work/err" ||
    complain "one file spelled in two ways: $(cat "$work/err")"
printf '[export]\nflush = soon\nto = text:-;nowhere:x\n[engine]\nuptime = never\n' >"$work/wrong.conf"
"$synfix" capture -i lo --config "$work/wrong.conf" --check-config >"$work/out" 2>"$work/err"
[ $? -eq 2 ] || complain "--check-config: not exit code 2"
for place in "2: flush: 'soon'" '3: nowhere:x: no such sink' "5: uptime: 'never'"; do
    grep -q "wrong.conf:$place" "$work/err" || complain "--check-config: no '$place' in: $(cat "$work/err")"
done
# every error of every module section, at the line of its option; the same specification on the command line
cat >"$work/many.conf" <<END
[capture]
interface = lo
snaplen = 7
[sink archive]
to = file:$work/%Q.ipfix
rotate-tme = 1h
rotate-size = large
keep-size = 1G
compress = gzip
level = 40
profile = /nonexistent/profile
[enricher community-id]
sede = 3
seed = 70000
[sink collector]
options = some
to = tls://collector.example:99999?source=here
ciphers = none
ca = /nonexistent/ca.pem
failover = a:b
sink-timeout = soon
[sink lines]
to = csv:$work/lines
append = maybe
keep = 0
annotations = a-b
[sink again]
to = json:$work/./lines
END
cat >"$work/wanted" <<END
3: snaplen: '7' is not a number from 96 to 256k
5: file:$work/%Q.ipfix: not a date pattern
6: file:$work/%Q.ipfix: no option 'rotate-tme'; the options are:
7: file:$work/%Q.ipfix: rotate-size: 'large' is not a number
9: file:$work/%Q.ipfix: compress: 'gzip' is unknown; write none or zstd
10: file:$work/%Q.ipfix: level: '40' is not a number from 1 to 19
11: file:$work/%Q.ipfix: profile '/nonexistent/profile': No such file
13: community-id: no option 'sede'; the options are: seed
14: community-id: seed: '70000' is not a number from 0 to 65535
16: tls://collector.example:99999: options: 'some' is unknown; write all, types or none
17: tls://collector.example:99999: port '99999' is not a port
17: tls://collector.example:99999: source: 'here' is not an IP address
17: tls://collector.example:99999: no certificate named; write cert=FILE, or anonymous=yes
18: tls://collector.example:99999: ciphers=none: no cipher of that name
19: tls://collector.example:99999: ca=/nonexistent/ca.pem: No such file or directory
20: tls://collector.example:99999: 'a:b': port 'b' is not a port
21: tls://collector.example:99999: sink-timeout: 'soon' is not a time from
24: csv:$work/lines: append: 'maybe' is unknown; write yes, no or auto
25: csv:$work/lines: keep: '0' is not a number from 1 to 10000
26: csv:$work/lines: annotations: 'a-b' is not a name
28: json:$work/./lines: writes the same file as the sink csv:$work/lines
END
timeout 20 "$synfix" capture --config "$work/many.conf" --check-config >"$work/out" 2>"$work/err"
[ $? -eq 2 ] || complain "--check-config with many mistakes: not exit code 2"
while read -r wanted; do
    grep -qF "many.conf:$wanted" "$work/err" || complain "--check-config: no '$wanted' in: $(cat "$work/err")"
done <"$work/wanted"
[ "$(grep -c '^synfix: ' "$work/err")" -eq "$(wc -l <"$work/wanted")" ] || complain "--check-config: $(cat "$work/err")"
cut -d: -f2- "$work/err" | grep -c '; ' >"$work/advice"
[ "$(cat "$work/advice")" -eq "$(wc -l <"$work/wanted")" ] || complain "--check-config: a mistake without advice: $(cat "$work/err")"
timeout 20 "$synfix" read "$good" --snaplen 7 >/dev/null 2>&1 && complain "--snaplen of read"
timeout 20 "$synfix" capture -i lo --snaplen 7 --enrich 'community-id?sede=3&seed=70000' \
    --to "csv:$work/lines?append=maybe&keep=0&annotations=a-b" >"$work/out" 2>"$work/err2"
[ $? -eq 2 ] || complain "many mistakes on the command line: not exit code 2"
for number in 3 13 14 24 25 26; do
    text=$(sed -n "s/^$number: //p" "$work/wanted")
    grep -qF "synfix: $text" "$work/err2" || complain "command line: no '$text' in: $(cat "$work/err2")"
done
[ "$(grep -c '^synfix: ' "$work/err2")" -eq 6 ] || complain "command line: $(cat "$work/err2")"
: >"$work/nothing.conf"
expect 2 'no interface named' capture --config "$work/nothing.conf" --check-config
cmp -s "$good" "$work/io.pcap" || complain 'the capture was replaced by its records'
expect 2 'csv:-: standard output is in use by json:-' read "$good" --to json:- --to csv:-
# a sink without a target, and a target without a file name
for sink in text json csv eve zeek ecs p0f file; do
    expect 2 "$sink:: a target is missing; write $sink:" read "$good" --to "$sink:"
done
# a line format alone is standard output, and uses it up
for sink in text json csv eve zeek ecs p0f; do
    cmp -s <(read_quietly "$good" --to "$sink") <(read_quietly "$good" --to "$sink:-") || complain "--to $sink differs from --to $sink:-"
done
expect 2 'csv:-: standard output is in use by json:-' read "$good" --to json --to csv
expect 2 'inventory:: no file named' read "$good" --to inventory:
expect 2 'file:%: not a date pattern' read "$good" --to file:%
expect 2 '%H/: a directory; add the name of a file' read "$good" --to "file:$work/%H/"
for sink in tcp udp; do
    expect 2 "$sink:: '' is not an address; write //HOST:PORT" read "$good" --to "$sink:"
done
expect 2 "ipfix:: no such sink; write file:NAME.ipfix" read "$good" --to ipfix:
expect 2 "syslog://:514: ':514' is not an address" read "$good" --to syslog://:514
if "$synfix" modules | contains '^sink *kafka'; then
    expect 2 'kafka:: no broker; write kafka://HOST:PORT/TOPIC' read "$good" --to kafka:
    expect 2 'kafka:///topic: no broker' read "$good" --to kafka:///topic
fi
"$synfix" read --quiet -- - <"$good" >"$work/dash" || complain "standard input after --: exit code $?"
"$synfix" read --quiet - <"$good" | cmp -s - "$work/dash" || complain "standard input after --: the output differs"
expect 2 'ca=/nowhere/ca.pem: No such file or directory' read "$good" --to 'tls://127.0.0.1:1?ca=/nowhere/ca.pem&anonymous=yes'
expect 2 'workers' read "$good" --workers 0
expect 2 'ports' read "$good" --ports 80,x
expect 1 'missing.pcap: ' read --quiet "$work/missing.pcap"
expect 1 'empty.pcap: ' read --quiet "$work/empty.pcap"
expect 1 'text.pcap: ' read --quiet "$work/text.pcap"
gzip -c "$good" >"$work/packed.pcap.gz"
gzip -c "$work/packed.pcap.gz" >"$work/twice.gz"
expect 1 'twice.gz: neither pcap nor pcapng, but compressed twice; ' read --quiet "$work/twice.gz"
gzip -c "$work/text.pcap" >"$work/text.gz"
expect 1 'text.gz: neither pcap nor pcapng; name a capture' read --quiet "$work/text.gz"
gzip -c "$work/empty.pcap" >"$work/empty.gz"
expect 1 'empty.gz: the file is empty' read --quiet "$work/empty.gz"
head -c 500 "$work/packed.pcap.gz" >"$work/cut.gz"
expect 1 'cut.gz: after packet [0-9]+: gzip: the compressed data end too early, at byte 500 of the file' read --quiet "$work/cut.gz"
{ cat "$work/packed.pcap.gz"; echo "and something else"; } >"$work/tail.gz"
expect 1 'tail.gz: after packet 50: gzip: something else follows the data at byte ' read --quiet "$work/tail.gz"
printf 'BZh9' >"$work/packed.bz2"
expect 1 'packed.bz2: neither pcap nor pcapng, but bzip2; write bzcat FILE' read --quiet "$work/packed.bz2"
printf 'snoop\0\0\0' >"$work/other.snoop"
expect 1 'other.snoop: neither pcap nor pcapng, but snoop; convert the file: editcap' read --quiet "$work/other.snoop"
printf '\252\252\252\252\040\000\000\000more of it' >"$work/other.5vw"
expect 1 'other.5vw: neither pcap nor pcapng, but 5View; convert the file: editcap' read --quiet "$work/other.5vw"
# one ERF record of an Ethernet frame: time, type 2, length 24
printf '\000\200\000\000\000\361\123\145\002\004\000\030\000\000\000\006abcdefgh' >"$work/other.erf"
expect 1 'other.erf: neither pcap nor pcapng, but Endace ERF, as it seems; convert the file: editcap' read --quiet "$work/other.erf"
if command -v editcap >/dev/null; then # files in formats of editcap
    for format in commview-ncf:CommView commview-ncfx:CommView lanalyzer:LANalyzer nettl:nettl k12text:'K12 text' ngsniffer:Sniffer; do
        editcap -F "${format%%:*}" "$(capture web)" "$work/other.cap" 2>/dev/null || continue
        expect 1 "neither pcap nor pcapng, but .*${format#*:}.*; convert the file: editcap" read --quiet "$work/other.cap"
    done
fi
expect 1 'headonly.pcap: ' read --quiet "$work/headonly.pcap"
expect 1 'link.pcap: ' read --quiet "$work/link.pcap"
expect 1 'standard input: link type ' read --quiet - <"$work/link.pcap"
expect 1 'cut.pcap: ' read --quiet "$work/cut.pcap"
[ -s "$work/out" ] || complain "a truncated capture: complete records were not delivered"
expect 2 'bad.fp:4: ' read "$good" --sigdb "$work/bad.fp"
expect 1 'none.fp: ' read "$good" --sigdb "$work/none.fp"
expect 2 'nowhere' read "$good" --to nowhere:x
expect 3 '/nonexistent/directory/x' read "$good" --to json:/nonexistent/directory/x
expect 2 "no option 'foo'" read "$good" --to "file:$work/x.ipfix?foo=1"
expect 2 'rotate-size' read "$good" --to "json:-?rotate-size=abc"
expect 3 '127.0.0.1:1' read "$good" --to tcp://127.0.0.1:1
expect 3 '/nonexistent/directory/y' read "$good" --to "file:/nonexistent/directory/y?profile=iana"
expect 2 'filter' read "$good" --filter 'tcp porrt 80'

for pair in "$work/packed.pcap.gz=gzip: write zcat FILE | synfix dump -" "$good=for a capture, write synfix read FILE"; do
    "$synfix" dump "${pair%%=*}" >/dev/null 2>"$work/err"
    got=$?
    [ $got -eq 1 ] || complain "dump ${pair%%=*}: exit code $got"
    grep -qF ": no IPFIX message (version " "$work/err" && grep -qF "; ${pair#*=}" "$work/err" ||
        complain "dump ${pair%%=*}: $(cat "$work/err")"
done

# the output of a command must be complete, or complete up to the point where the reader stops
"$synfix" read "$good" --quiet --to "file:$work/good.ipfix" || complain "an IPFIX file"
for command in --help 'read --help' modules elements 'elements --all' 'elements --format wireshark' \
    'sigdb show --all' "dump $work/good.ipfix"; do
    # shellcheck disable=SC2086
    "$synfix" $command >/dev/full 2>"$work/err"
    got=$?
    [ $got -eq 3 ] || complain "$command into a full device: exit code $got"
    grep -q '^synfix.*: standard output: ' "$work/err" || complain "$command: $(cat "$work/err")"
done
for command in 'elements --all' "dump $work/good.ipfix" "dump --format csv $work/good.ipfix" "read --quiet $good" \
    "read --quiet $good --to csv:-" "read --quiet $good --to file:-" \
    "read --quiet $good --to zeek:- --to file:$work/second.ipfix"; do
    exec 3> >(true)
    wait $!
    # shellcheck disable=SC2086
    "$synfix" $command >&3 2>"$work/err" || complain "$command, closed reader: exit code $?"
    exec 3>&-
    [ -s "$work/err" ] && complain "$command, closed reader: $(cat "$work/err")"
done
cmp -s <("$synfix" dump --format csv "$work/good.ipfix" | cut -d, -f2-) \
    <("$synfix" dump --format csv "$work/second.ipfix" | cut -d, -f2-) ||
    complain "the second sink is incomplete after the reader of the first one closed"

# closed streams: the message states this, and no file that is opened gets the messages
for command in --help 'elements --all' "dump $work/good.ipfix" "hosts $good" "report $good --output -" "read $good" \
    "read $good --to file:-" "read $good --to json:- --to json:/dev/null"; do
    # shellcheck disable=SC2086
    "$synfix" $command >&- 2>"$work/err"
    got=$?
    [ $got -eq 3 ] || complain "$command, closed output: exit code $got"
    grep -qE '^synfix: .*: Bad file descriptor; this stream is closed: redirect it' "$work/err" ||
        complain "$command, closed output: $(cat "$work/err")"
done
expect_closed() {
    "$synfix" "$@" <&- >"$work/out" 2>"$work/err"
    got=$?
    [ $got -eq 1 ] && grep -q 'Bad file descriptor; this stream is closed' "$work/err" || complain "$*, closed input: $(cat "$work/err")"
}
expect_closed read -
expect_closed hosts -
expect_closed dump -
"$synfix" read "$good" --to "file:$work/alone.ipfix" <&- >&- 2>&- || complain "without standard streams: exit code $?"
"$synfix" dump "$work/alone.ipfix" >/dev/null 2>"$work/err" && [ ! -s "$work/err" ] ||
    complain "messages in an archive: $(cat "$work/err")"
mkdir -p "$work/state/templates" "$work/spool/lock" "$work/archive/a.ipfix.part"
expect 3 'templates: a directory, not a file; remove this entry, or name another directory' \
    read "$good" --quiet --to "file:$work/s.ipfix?state=$work/state"
expect 3 'spool/lock: a directory, not a file; remove this entry, or name another directory' \
    read "$good" --quiet --to "tcp://127.0.0.1:9?spool=$work/spool"
expect 3 'a.ipfix.part: a directory, not a file; remove this entry' read "$good" --quiet --to "file:$work/archive/a.ipfix?recover=no"

# a file with a size limit behaves like a full disk: no end by a signal
for sink in json csv text zeek eve file; do
    (
        ulimit -f 1
        "$synfix" read "$good" --to "$sink:$work/limited.$sink" 2>&1
    ) | cat >"$work/err"
    got=${PIPESTATUS[0]}
    [ "$got" -eq 3 ] || complain "$sink: into a file over ulimit -f: exit code $got"
    grep -q '^synfix: .*File too large' "$work/err" || complain "$sink: over ulimit -f: $(cat "$work/err")"
    grep -q 'packets, ' "$work/err" || complain "$sink: over ulimit -f: no summary: $(cat "$work/err")"
done

# collect checks the directory of its archives before the first message
for pair in /nowhere/x=3 "$work=2" "$good/x=3"; do
    place=${pair%=*}
    timeout 20 "$synfix" collect --listen udp://127.0.0.1:0 --to "file:$place" 2>"$work/err"
    got=$?
    [ $got -eq "${pair##*=}" ] || complain "collect --to file:$place: exit code $got"
    grep -qF "$place: " "$work/err" || complain "collect --to file:$place: $(cat "$work/err")"
done

# the summary accounts for every packet
"$synfix" read "$good" --to json:/dev/null 2>"$work/err" || complain "summary: exit code"
awk '/packets,/ { all = $1 } /^ +[0-9]+  (observed|ignored)/ { sum += $1 } END { exit !(all > 0 && all == sum) }' \
    "$work/err" || complain "the summary does not account for every packet: $(cat "$work/err")"
exit $((failures > 0))
