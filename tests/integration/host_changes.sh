#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Records of host changes: a host gets another system, another host is shared. Each format has the records, each
# number of workers gives the same records, and without the setting there are none.
. "$(dirname "$0")/common.sh"
command -v jq >/dev/null || skip "no jq; install the package jq"
command -v python3 >/dev/null || skip "no python3; install the package python3"

changes=$work/changes.pcap
python3 "$here/host_changes.py" "$changes" || complain "no capture"
run() { "$synfix" read -q "$changes" "$@"; }
run --host-changes --to "json:$work/a.json" --to "p0f:$work/a.p0f" --to "text:$work/a.txt" --to "csv:$work/a.csv" \
    --to "zeek:$work/a.zeek" --to "ecs:$work/a.ecs" --to "eve:$work/a.eve" --to "file:$work/a.ipfix" \
    --to "file:$work/compact.ipfix?profile=compact" || complain "read failed"
jq -c 'select(.event_type == "tcp_host_change") | [.src_ip, .tcp_host_change.changes, .tcp_host_change.before,
       .tcp_host_change.after]' "$work/a.json" >"$work/list"
grep -q '^\["192.0.2.1",\["system"\],"Linux[^"]*","Windows' "$work/list" || complain "no change of the system: $(cat "$work/list")"
grep -q '^\["192.0.2.2",.*"shared"' "$work/list" || complain "no shared address: $(cat "$work/list")"
grep -q '192.0.2.3' "$work/list" && complain "a record for a host without a change: $(cat "$work/list")"
count=$(wc -l <"$work/list")

same() { # FORMAT NUMBER
    [ "$2" -eq "$count" ] || complain "$1 has $2 changes, not $count"
}
same p0f "$(grep -c '|subj=cli|reason=' <(grep 'mod=host change' "$work/a.p0f"))"
grep -q 'mod=ip sharing|cli=192.0.2.2/' "$work/a.p0f" || complain "p0f: no ip sharing"
same text "$(grep -c '^\[Host Change - Client\]' "$work/a.txt")"
same csv "$(grep -c ',host change,' "$work/a.csv")"
same zeek "$(grep -c $'\thost change\t' "$work/a.zeek")"
same ecs "$(grep -c '"dataset":"synfix.tcp_host_change"' "$work/a.ecs")"
same eve "$(grep -c '"event_type":"tcp_host_change"' "$work/a.eve")"
for file in a compact; do
    "$synfix" dump --format json "$work/$file.ipfix" | jq -c 'select(.observationKind == 4) |
        [.sourceIPv4Address, .hostChangeReasons, .osLabelBefore, .osLabelAfter, .hostSharingScore]' >"$work/$file.list"
    same "$file.ipfix" "$(wc -l <"$work/$file.list")"
done
diff "$work/a.list" "$work/compact.list" || complain "the profiles differ"
jq -c 'select(.event_type == "tcp_host_change") | [.src_ip, .tcp_host_change.reason_bits, .tcp_host_change.before,
       .tcp_host_change.after, .tcp_host_change.sharing_score]' "$work/a.json" | diff - "$work/a.list" ||
    complain "IPFIX and JSON differ"

# three workers: the same records; without the setting: no records, and no template for them
"$synfix" read -q --workers 3 --host-changes "$changes" --to "json:$work/b.json" 2>"$work/err" || complain "three workers"
grep -q 'host changes: one worker' "$work/err" || complain "no message about the worker: $(cat "$work/err")"
diff <(grep host_change "$work/a.json") <(grep host_change "$work/b.json") || complain "workers change the records"
run --to "json:$work/c.json" --to "file:$work/c.ipfix"
grep -q host_change "$work/c.json" && complain "changes without the setting"
templates() { "$synfix" dump --options --format json "$1" | grep flowKeyIndicator | sort -u | wc -l; }
[ "$(templates "$work/a.ipfix")" -eq 18 ] && [ "$(templates "$work/c.ipfix")" -eq 12 ] ||
    complain "templates: $(templates "$work/a.ipfix") with and $(templates "$work/c.ipfix") without the setting"

# an inventory finds the same changes
run --to "inventory:$work/hosts.db?age=0" || complain "no inventory"
[ "$("$synfix" hosts "$work/hosts.db" --changed --format json | jq -r .address | sort | tr '\n' ' ')" = "192.0.2.1 192.0.2.2 " ] ||
    complain "the changes of the inventory differ"
[ "$("$synfix" hosts "$work/hosts.db" --shared --format json | jq -r .address)" = 192.0.2.2 ] || complain "not shared in the inventory"
[ $failures -eq 0 ]
