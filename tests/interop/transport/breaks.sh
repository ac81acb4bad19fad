#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# breaks.sh SYNFIX FEEDER COLLECTOR: a TCP collector is killed (KILL) and restarted ten times during a run. Every
# flowId arrives, and only retransmitted records arrive twice. COLLECTOR: collect (synfix), fixbuf (built with
# libfixbuf, an independent decoder), ipfixcol2 (if installed). The long form has RECORDS=1000000.
. "$(dirname "$0")/lib.sh"
export LC_ALL=C # grep is faster in this locale
records=${RECORDS:-30000}
kind=${3:-collect}
round=0
out=
command -v ss >/dev/null || { echo "skipped: no ss; install the package iproute2"; exit 77; }
port=$(unused_port)

# Each start_ function sets $pid; the collector writes to $out.
start_collect_json() { start_collect "tcp://127.0.0.1:$port" --to "json:$out"; }
start_fixbuf() {
    "$(dirname "$feeder")/fixbuf_collector" "$port" "$out" 2>>"$work/fixbuf.log" &
    pid=$!
    started+=("$pid")
}
start_ipfixcol2() {
    mkdir "$out.d"
    cat >"$work/ipfixcol2.xml" <<EOF
<ipfixcol2>
  <inputPlugins><input><name>in</name><plugin>tcp</plugin><params><localPort>$port</localPort>
    <localIPAddress>127.0.0.1</localIPAddress></params></input></inputPlugins>
  <outputPlugins><output><name>json</name><plugin>json</plugin><params><outputs><file><name>f</name>
    <path>$out.d/</path><prefix>json.</prefix><timeWindow>3600</timeWindow><timeAlignment>no</timeAlignment>
    </file></outputs></params></output></outputPlugins>
</ipfixcol2>
EOF
    # Its queues hold 8192 messages by default, more than any exporter keeps for retransmission.
    ipfixcol2 -c "$work/ipfixcol2.xml" -r 128 2>>"$work/ipfixcol2.log" &
    pid=$!
    started+=("$pid")
}
start() {
    round=$((round + 1))
    out=$work/$round.out
    "start_$kind"
    for _ in $(seq 200); do
        ss -Hltn "sport = :$port" | grep -q . && return
        sleep 0.05
    done
    fail "$kind does not listen"
}
lines() { find "$work" -path "$work/$round.out*" -type f -exec cat {} + 2>/dev/null | wc -l; }

case $kind in
collect) kind=collect_json ;;
ipfixcol2) command -v ipfixcol2 >/dev/null || { echo "skipped: no ipfixcol2; build it from its sources (CESNET)"; exit 77; } ;;
esac
start
# A message contains about 66 records. The run takes some seconds, plus the time of retransmissions.
"$feeder" "tcp://127.0.0.1:$port" "$records" $((2500000 * 66 / records)) >"$work/numbers" 2>"$work/feeder.log" &
feeding=$!
started+=("$feeding")
for _ in 1 2 3 4 5 6 7 8 9 10; do
    while [ "$(lines)" -lt $((records / 20)) ]; do
        kill -0 "$feeding" 2>/dev/null || fail "the exporter ended before the last restart"
        sleep 0.05
    done
    kill -9 "$pid"
    wait "$pid" 2>/dev/null
    start
done
wait_for_process "$feeding" 120 || fail "the exporter failed"
sleep 0.5
kill "$pid"
wait_for_process "$pid" 10
cat "$work/numbers"

# A line that the kill truncated is not a record.
for file in "$work"/*.out "$work"/*.out.d/*; do
    [ -f "$file" ] && grep -a '[};]$' "$file" | grep -oaE '^[0-9]+ |flowId":[0-9]+' | grep -oE '[0-9]+' >"$file.ids"
done
twice=$(for file in "$work"/*.ids "$work"/*.d/*.ids; do [ -f "$file" ] && sort "$file" | uniq -d; done | wc -l)
find "$work" -name '*.ids' -exec cat {} + | sort >"$work/all"
total=$(wc -l <"$work/all")
distinct=$(uniq "$work/all" | wc -l)
again=$(sed -n 's/.*retransmitted \([0-9]*\).*/\1/p' "$work/numbers")
echo "$kind: $distinct distinct of $records, $((total - distinct)) received again of $again retransmitted"
[ "$distinct" = "$records" ] || fail "$distinct distinct records of $records"
[ $((total - distinct)) -le "$again" ] || fail "more duplicates than retransmitted records"
[ "$twice" = 0 ] || fail "$twice records arrived twice in one connection"
grep -q "produced $records delivered $records spooled 0 lost 0 pending 0" "$work/numbers" || fail "numbers"
grep -Eq 'reconnects ([5-9]|10) ' "$work/numbers" || fail "fewer reconnects than restarts"
