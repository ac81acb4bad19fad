#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The sigdb tools use the same packets of a capture, with the same numbers, as `read`.
. "$(dirname "$0")/common.sh"
for name in web vlan vxlan local; do
    good=$(capture $name)
    read_quietly "$good" --uptime=off --to "json:$work/$name.json" || complain "$name: read"
    while IFS=$'\t' read -r number signature; do
        "$synfix" sigdb explain "$good:$number" 2>&1 | contains -F "signature: $signature (" ||
            complain "$name: packet $number: no $signature"
    done < <(sed -nE 's/.*"pcap_cnt":([0-9]+).*"signature":"([^"]*)".*/\1\t\2/p' "$work/$name.json" | head -4)
done
[ -s "$work/web.json" ] || complain "web: no record"
"$synfix" sigdb explain "$(capture web):50" 2>"$work/err" && complain "a packet without SYN: exit code 0"
grep -q 'frame 50 does not exist, or is no SYN' "$work/err" || complain "a packet without SYN: $(cat "$work/err")"

# the tools, with a synthetic database and list
cat >"$work/own.fp" <<'END'
; synfix-fp 1
classes = unix,win
[tcp:request]
label = s:unix:Linux:
evidence = synthetic
quality = 90
sig = *:64:0:*:mss*4,0-14:mss,sok,ts,nop,ws:df,id+?:0
END
cat >"$work/list.csv" <<'END'
source,os,p0f_raw,ttl
a/1,Android,"4:64:0:1460:mss*4,7:mss,sok,ts,nop,ws:df,id+:0",60
a/2,Windows,"4:64:0:1460:mss*4,7:mss,sok,ts,nop,ws:df,id+:0",60
b/1,Linux,"4:64:0:1460:mss*4,6:mss,sok,ts,nop,ws:df:0",60
b/1,Linux,"4:64:0:1460:mss*5,6:mss,sok,ts,nop,ws:df:0",60
END
gzip -c "$work/list.csv" >"$work/list2.csv.gz"
sigdb() {
    "$synfix" sigdb "$@" --sigdb "$work/own.fp" >"$work/printed" 2>"$work/err"
}
# expect TEXT CASE: the output of the last command has TEXT
expect() {
    grep -qF -- "$1" "$work/printed" "$work/err" || complain "$2: no \"$1\" in: $(cat "$work/printed" "$work/err")"
}
sigdb lint && expect findings=0 lint
sigdb show --all && expect "1 request entries" show
for tool in lint show; do
    sigdb $tool "$work/list.csv" && complain "$tool of a file that is not a database: exit code 0"
    "$synfix" sigdb $tool "$here/test.fp" >"$work/operand" || complain "$tool of a database without --sigdb"
    "$synfix" sigdb $tool --sigdb "$here/test.fp" | cmp -s - "$work/operand" || complain "$tool: FILE is not --sigdb FILE"
done
sigdb explain "$work/none.pcap:3" && complain "explain of a missing capture: exit code 0"
expect "none.pcap: No such file" "explain of a missing capture"
for list in list.csv list2.csv.gz; do
    sigdb test "$work/$list" || complain "test $list"
    [ "$(tail -n 1 "$work/printed")" = "family_right=66.67 exact=50.00 undecided=25.00 wrong=25.00 n=4" ] ||
        complain "test $list: $(tail -n 1 "$work/printed")"
done
expect "Android                              1 Linux" "table by label"
sigdb test "$work/list.csv" --min family_right=66 --min wrong=25 || complain "--min below the figure"
sigdb test "$work/list.csv" --min family_right=67 && complain "--min above the figure: exit code 0"
expect "family_right is 66.67, wanted at least 67" --min
for tool in test calibrate; do
    sigdb $tool "$(capture web)" && complain "$tool of a capture: exit code 0"
    expect "no observation has a label" "$tool of a capture"
    [ -s "$work/printed" ] && complain "$tool of a capture prints empty tables"
done
sigdb test "$work/list.csv" --half 3 && complain "--half 3: exit code 0"
sigdb calibrate "$work/list.csv" && expect "SYN, 2 collections: qualities as stated in the database" calibrate
expect " 90 to 100                3          66.7%           90.0" "calibrate, as stated"
expect "each collection left out in turn" "calibrate, left out"
for tool in test calibrate; do
    sigdb $tool "$work/list.csv" --min calibration=50 && complain "$tool --min calibration with three observations: exit code 0"
    expect "no band of qualities has 30 observations" "$tool --min calibration with three observations"
done
head -n 1 "$work/list.csv" >"$work/many.csv"
for i in {1..8}; do # five observations of each of eight collections; six are right, the stated quality is 90
    for j in {1..5}; do
        echo "c$i/$j,$([ "$i" -gt 6 ] && echo Windows || echo Linux),$(sed -n 's/^a.1,Android,//p' "$work/list.csv")"
    done
done >>"$work/many.csv"
sigdb test "$work/many.csv" --min calibration=15 || complain "--min calibration above the figure: $(cat "$work/err")"
sigdb test "$work/many.csv" --min calibration=14 && complain "--min calibration below the figure: exit code 0"
expect "calibration is 15.00, wanted at most 14" "--min calibration"
sigdb calibrate "$work/many.csv" --min wrong=3 && complain "calibrate --min wrong: exit code 0"
expect "write calibration=POINTS" "calibrate --min wrong"
sigdb test "$work/list.csv" --min sure_wrong=33 && complain "--min sure_wrong below the figure: exit code 0"
expect "sure_wrong is 33.33, wanted at most 33" "--min sure_wrong"
sigdb explain '4:60+4:0:1460:mss*5,7:mss,sok,ts,nop,ws:df,id+:0' && expect "fails on: window" explain
sigdb learn "$work/list.csv" --label s:unix:Linux:new && cp "$work/printed" "$work/new.fp"
expect 'sig = 4:64:0:*:mss*5,6:mss,sok,ts,nop,ws:df:0' learn
sigdb lint --sigdb "$work/new.fp" || complain "the proposal of learn: $(cat "$work/printed" "$work/err")"
sigdb learn "$work/list.csv" --label Linux && complain "learn with a bad label: exit code 0"
sigdb diff "$work/own.fp" "$work/new.fp" "$work/list.csv"
expect "5: ??? (quality 0) -> Linux new (quality 95)" diff
expect changed=4 diff
printf 'S4:64:1:60:M*,S,T,N,W7:.:Linux:2.6\n1024:2:1460:,A scanner\n' >"$work/others"
sigdb convert "$work/others" && expect "converted=2 refused=0" convert
cp "$work/printed" "$work/converted.fp"
"$synfix" sigdb lint --sigdb "$work/converted.fp" >/dev/null || complain "the output of convert"
printf 'sig = 4:64\nsig = 4\n' >>"$work/own.fp"
sigdb lint && complain "lint of a broken file: exit code 0"
expect "own.fp:8: " "lint of a broken file"
expect "own.fp:9: " "lint of a broken file"
expect findings=2 "lint of a broken file"
exit $((failures > 0))
