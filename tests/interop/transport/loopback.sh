#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Both transports and both IP versions to `collect`, the archive, and missing collectors.
. "$(dirname "$0")/lib.sh"
for where in tcp://127.0.0.1:0 'tcp://[::1]:0' udp://127.0.0.1:0 'udp://[::1]:0'; do
    rm -f "$work"/out*
    start_collect "$where" --to "file:$work/out.ipfix" --to "json:$work/out.json" --count 1000 --idle 10
    "$feeder" "$address" 1000 >"$work/numbers" 2>"$work/feeder.log" || fail "$where: feeder"
    wait_for_process "$pid" 15 || fail "$where: collector"
    [ "$(wc -l <"$work/out.json")" = 1000 ] || fail "$where: not all records"
    "$synfix" dump --format json "$work/out.ipfix" 2>"$work/dump.log" | cmp - "$work/out.json" ||
        fail "$where: archive and print differ"
    grep -q '"tcpSignature":' "$work/out.json" || fail "$where: the elements have no names"
done
for where in tcp udp; do
    start_collect "$where://127.0.0.1:0" --idle 0.1 --to text
    wait_for_process "$pid" 5
    "$feeder" "$address" 10 >"$work/numbers" 2>"$work/feeder.log" && fail "$where: no collector, but no failure"
    [ "$(wc -l <"$work/feeder.log")" = 1 ] || fail "$where: not one line"
    grep -q 'refused' "$work/feeder.log" || fail "$where: no reason"
done
# A UDP collector ends during the run: one line in the log, and the exporter continues.
start_collect udp://127.0.0.1:0 --to "json:$work/udp.json"
"$feeder" "$address?pace=1000" 3000 >"$work/numbers" 2>"$work/feeder.log" &
feeding=$!
started+=("$feeding")
wait_for_lines "$work/udp.json" 50
kill -9 "$pid"
wait_for_process "$feeding" 20 || fail "UDP: the exporter failed"
[ "$(grep -c 'no process listens on the port' "$work/feeder.log")" = 1 ] || fail "UDP: the loss is not reported once"
# Two exporters with the same domain and template ids into one archive name: two files.
rm -f "$work"/out*
start_collect tcp://127.0.0.1:0 --to "file:$work/out.ipfix" --count 200 --idle 10
"$feeder" "$address" 100 >/dev/null 2>&1 || fail "first exporter"
"$feeder" "$address" 100 >/dev/null 2>&1 || fail "second exporter"
wait_for_process "$pid" 15
[ -s "$work/out.ipfix" ] && [ -s "$work/out-2.ipfix" ] || fail "one file for each session"
# Compressed, cut, and from standard input.
if command -v zstd >/dev/null; then
    zstd -q "$work/out.ipfix" -o "$work/out.ipfix.zst"
    "$synfix" dump --format json "$work/out.ipfix.zst" >"$work/zst.json" 2>"$work/dump.log" || fail "zstd"
    "$synfix" dump --format json - <"$work/out.ipfix" | cmp - "$work/zst.json" || fail "zstd: the records differ"
    head -c 3000 "$work/out.ipfix.zst" | "$synfix" dump --format json - >/dev/null 2>"$work/dump.log" && fail "cut zstd"
fi
head -c 3000 "$work/out.ipfix" | "$synfix" dump - >/dev/null 2>"$work/dump.log" && fail "a cut file is not a failure"
grep -Eq 'byte [0-9]+: the file ends inside a message' "$work/dump.log" || fail "a cut file is not reported"
# Noise is refused and reported, and has no other effect.
start_collect tcp://127.0.0.1:0 --to text --idle 1
head -c 100000 /dev/urandom >"/dev/tcp/127.0.0.1/${address##*:}" 2>/dev/null
wait_for_process "$pid" 10 || fail "noise"
grep -q 'no IPFIX message' "$work/collect.log" || fail "noise is not reported"
# The second of two collectors, while the first one is missing; a message refuses SCTP.
start_collect tcp://127.0.0.1:0 --to "json:$work/second.json" --count 50 --idle 10
"$feeder" "tcp://127.0.0.1:1?failover=${address#tcp://}" 50 >/dev/null 2>"$work/feeder.log" || fail "failover"
wait_for_process "$pid" 15
[ "$(wc -l <"$work/second.json")" = 50 ] || fail "failover: not all records"
exit 0
