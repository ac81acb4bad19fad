#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# An archive as input: each sink writes the same lines as for the capture; filters; records that cannot be converted.
. "$(dirname "$0")/common.sh"
command -v python3 >/dev/null || skip "no python3; install the package python3"

# each capture of the directory
mapfile -t captures < <(cd "$data" && ls -- *.pcap *.pcapng | sed 's/\.[^.]*$//')
[ "${#captures[@]}" = "$(find "$data" -name '*.pcap*' | wc -l)" ] || complain "a capture of tests/data is missing"
# chosen_by_jq FILE: a jq filter over the lines
chosen_by_jq() {
    jq -c 'select(.tcp_fp.quality? > 50 or .uptime != null) | [.timestamp, .src_ip, .tcp_fp.os?, .tcp_fp.signature?, .flow_id?]' "$1"
}
for name in "${captures[@]}"; do
    read_quietly "$(capture "$name")" --to "file:$work/$name.ipfix" || complain "$name: not archived"
    for sink in json: csv: zeek: 'zeek:?format=json' ecs: eve: p0f: text:; do
        target=${sink/:/:-}
        read_quietly "$(capture "$name")" --to "$target" >"$work/seen" || complain "$name $sink: not read"
        "$synfix" dump "$work/$name.ipfix" --to "$target" >"$work/back" 2>"$work/err" ||
            complain "$name $sink: $(cat "$work/err")"
        [ -s "$work/seen" ] || complain "$name $sink: nothing to compare"
        diff "$work/seen" "$work/back" >"$work/diff" || complain "$name $sink: $(head -4 "$work/diff")"
        if [ $sink = json: ] && command -v jq >/dev/null; then
            cmp <(chosen_by_jq "$work/seen") <(chosen_by_jq "$work/back") ||
                complain "$name: a jq filter finds different lines"
        fi
    done
done

# from an archive to an archive: no record is lost
"$synfix" dump "$work/mixed.ipfix" --to "file:$work/again.ipfix" || complain "archive to archive"
"$synfix" dump "$work/mixed.ipfix" --to json:- >"$work/seen"
"$synfix" dump "$work/again.ipfix" --to json:- | cmp - "$work/seen" || complain "the second archive differs"

# profiles in which the fingerprint elements are not adjacent: no cached fingerprint, the same lines
templates=$here/../../ipfix-templates
awk '/^tcpSignature$/ { next } { print } /^destinationTransportPort$/ { print "tcpSignature" }' "$templates/full.profile" >"$work/mixed.profile"
grep -q '^tcpSignature$' "$work/mixed.profile" || complain "the other profile lacks tcpSignature"
read_quietly "$(capture web)" --to "file:$work/order.ipfix?profile=$work/mixed.profile" --to "json:$work/order.json" ||
    complain "another order: exit code $?"
"$synfix" dump "$work/order.ipfix" --to json:- | cmp - "$work/order.json" || complain "another order of elements changes the lines"

# an enricher processes records from an archive
"$synfix" dump "$work/web.ipfix" --to json:- --enrich community-id | contains '"community_id":"1:' || complain "no community id"

# expect CODE TEXT ARGUMENTS...: exit code and a part of the messages
expect() {
    local code=$1 text=$2
    shift 2
    "$synfix" dump "$@" >"$work/out" 2>"$work/err"
    local got=$?
    [ $got = "$code" ] || complain "dump $*: exit code $got, not $code: $(cat "$work/err")"
    [ -z "$text" ] || grep -qF -- "$text" "$work/err" || complain "dump $*: no '$text' in: $(cat "$work/err")"
}
for profile in compact iana; do
    read_quietly "$(capture web)" --to "file:$work/web.$profile.ipfix?profile=$profile"
done
observations=$(wc -l < <(read_quietly "$(capture web)" --to json:-))
expect 1 "records skipped: they lack observationTimeNanoseconds (profile compact or iana); archive with profile=full" "$work/web.compact.ipfix" --to json:-
grep -q "^synfix: dump: $observations records" "$work/err" || complain "compact: wrong count: $(cat "$work/err")"
[ -s "$work/out" ] && complain "compact: output is not empty"
expect 1 "records of another exporter" "$work/web.iana.ipfix" --to json:-
# convertible records together with other records
expect 1 "skipped" "$work/web.compact.ipfix" "$work/web.ipfix" --to json:-
[ "$(wc -l <"$work/out")" = "$observations" ] || complain "a full archive with a compact one"
# truncated: complete records are converted
head -c 6000 "$work/mixed.ipfix" >"$work/cut.ipfix"
expect 1 "ends inside a message" "$work/cut.ipfix" --to json:-
echo this is a text and no archive >"$work/foreign"
expect 1 "no IPFIX message" "$work/foreign" --to json:-
expect 1 "No such file" "$work/missing.ipfix" --to json:-
expect 2 "omit --format" "$work/web.ipfix" --to json:- --format csv
expect 2 "add --to SINK" "$work/web.ipfix" --enrich community-id
expect 2 "nosuch" "$work/web.ipfix" --to nosuch:-
expect 3 "" "$work/web.ipfix" --to "json:$work/no/such/directory"

# filters: dump selects the same records as a filter over all lines
select_lines() { # DESCRIPTION PYTHON-CONDITION ARGUMENTS...
    local case_name=$1 condition=$2
    shift 2
    "$synfix" dump "$work/mixed.ipfix" "$work/web.ipfix" --to json:- "$@" >"$work/found" 2>"$work/err" ||
        complain "$case_name: $(cat "$work/err")"
    "$synfix" dump "$work/mixed.ipfix" "$work/web.ipfix" --to json:- | python3 -c '
import json, sys
for line in sys.stdin:
    e = json.loads(line); f = e.get("tcp_fp")
    if eval(sys.argv[1]): sys.stdout.write(line)' "$condition" >"$work/wanted"
    [ -s "$work/wanted" ] || complain "$case_name: no line is expected"
    cmp "$work/found" "$work/wanted" ||
        complain "$case_name: $(wc -l <"$work/found") records, not $(wc -l <"$work/wanted")"
    # printing has the same filters
    [ "$("$synfix" dump "$work/mixed.ipfix" "$work/web.ipfix" --format json "$@" | wc -l)" = "$(wc -l <"$work/wanted")" ] ||
        complain "$case_name: the printed records differ"
}
host=$(sed -n '3s/.*"src_ip":"\([^"]*\)".*/\1/p' "$work/seen")
first=$(sed -n '1s/.*"timestamp":"\([^.]*\).*/\1/p' "$work/seen")
middle=$(sed -n "$(($(wc -l <"$work/seen") / 2))s/.*\"timestamp\":\"\([^.]*\).*/\1/p" "$work/seen")
select_lines "one host" "e['src_ip'] == '$host'" --net "$host"
select_lines "since" "e['timestamp'] >= '$middle'" --since "$middle"
select_lines "until" "e['timestamp'] < '$middle'" --until "$middle"
select_lines "a label" "f and 'linux' in f['os'].lower()" --os linux
select_lines "no label" "f and f['os'] == '?'" --unknown
expect 2 "is not a time" "$work/web.ipfix" --since yesterday
expect 2 "is not an address" "$work/web.ipfix" --net 300.1.1.1
expect 0 "" "$work/web.ipfix" --to json:- --since 2099-01-01
[ -s "$work/out" ] && complain "records of 2099"

# An archive of a live capture: export times and the file name show which parts are outside the time range. A damaged
# part at the end shows whether it was read.
mkdir "$work/day"
python3 - "$work/local.ipfix" "$work/day" <<'END' || complain "no archive of a live capture made"
import struct, sys
data = open(sys.argv[1], "rb").read()
at, messages = 0, []
while at < len(data):
    length = struct.unpack(">H", data[at + 2:at + 4])[0]
    messages.append(bytearray(data[at:at + length]))
    at += length
start = 1730145026  # 2024-10-28T19:50:26Z, the start of tests/data/local.pcapng
for m in messages:
    m[4:8] = struct.pack(">I", start + 60)
whole = b"".join(bytes(m) for m in messages)
damaged = whole + b"\0" * 40
open(sys.argv[2] + "/synfix-20241028-18.ipfix", "wb").write(damaged)
open(sys.argv[2] + "/synfix-20241028-21.ipfix", "wb").write(damaged)
open(sys.argv[2] + "/other.ipfix", "wb").write(whole)
END
expect 1 "no IPFIX message" "$work/day" --to json:-
# the last file has no known end
expect 1 "synfix-20241028-21.ipfix" "$work/day" --to json:- --since 2024-10-29
grep -q 20241028-18 "$work/err" && complain "the earlier file was read to its end"
expect 0 "" "$work/day" --to json:- --until 2024-10-28T10:00
# of an hour within the first file, only the first file is read up to its damaged part
expect 1 "synfix-20241028-18.ipfix" "$work/day" --to json:- --until 2024-10-28T19:55
grep -q 20241028-21 "$work/err" && complain "the later file was read to its end"
whole=$("$synfix" dump "$work/day/other.ipfix" --format json | wc -l)
[ "$("$synfix" dump "$work/day/other.ipfix" --format json --until 2024-10-29 | wc -l)" = "$whole" ] ||
    complain "records are missing"
exit $((failures > 0))
