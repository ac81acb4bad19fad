#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# A disk of 2 MiB is full during spooling and during archiving: the error is reported once and counted, and output
# continues when space is free. The small disk is a tmpfs in a separate mount namespace.
if [ -z "${OWN_NAMESPACE:-}" ]; then
    unshare --user --map-root-user --mount true 2>/dev/null || { echo "skipped: no mount namespace; run as root, or allow user namespaces"; exit 77; }
    OWN_NAMESPACE=yes exec unshare --user --map-root-user --mount "$0" "$@"
fi
. "$(dirname "$0")/lib.sh"
disk=$work/disk
mkdir "$disk"
mount -t tmpfs -o size=2m none "$disk" 2>/dev/null || { echo "skipped: no tmpfs; run as root, or allow user namespaces"; exit 77; }
trap 'umount -l "$disk"; cleanup' EXIT

number() { sed -n "s/.*\b$1 \([0-9]*\).*/\1/p" "$work/numbers"; }
balance() {
    cat "$work/numbers"
    [ "$(number produced)" = $(($(number delivered) + $(number spooled) + $(number lost) + $(number pending))) ] ||
        fail "$1: the sum is not balanced"
}
once() { [ "$(grep -c -- "$1" "$work/feeder.log")" = 1 ] || fail "'$1' is not reported once"; }
# A spool without space: records above the memory limit are lost, which is an error.
"$feeder" "tcp://127.0.0.1:1?sink-timeout=0&retain=64k&spool=$disk/spool" 20000 >"$work/numbers" 2>"$work/feeder.log" &&
    fail "records were lost without an error"
balance "full spool"
once 'No space left'
[ "$(number spooled)" -gt 1000 ] && [ "$(number lost)" -gt 1000 ] || fail "full spool: numbers"
kept=$("$synfix" dump --format json "$disk/spool/" 2>"$work/dump.log" | grep -c '"tcpSignature"')
[ "$kept" = "$(number spooled)" ] || fail "$kept records in the spool"
rm -r "$disk/spool"

# Records that were sent once and must be sent again do not delay records that were never sent.
start_collect tcp://127.0.0.1:0 --to "json:$work/0.json"
dd if=/dev/zero of="$disk/ballast" bs=1k count=1800 2>/dev/null
"$feeder" "$address?sink-timeout=0&spool=$disk/spool" 40000 8000 live >"$work/numbers" 2>"$work/feeder.log" &
feeding=$!
started+=("$feeding")
sleep 1
kill -9 "$pid"
wait "$pid" 2>/dev/null
wait_for_line 'No space left'
rm "$disk/ballast" # space is free again
wait_for_line 'spooling again'
start_collect "$address" --to "json:$work/1.json"
wait_for_process "$feeding" 60 || fail "the exporter failed though space was free at the end"
kill "$pid"
wait_for_process "$pid" 10
balance "room again"
[ "$(number lost)" = 0 ] || fail "records lost though memory was sufficient"
all=$(cat "$work"/[01].json | grep -a '}$' | grep -oa '"flowId":[0-9]*' | sort -u | wc -l)
[ "$all" = 40000 ] || fail "$all records of 40000"

# Archive, live: the capture continues.
rm -rf "$disk/spool"
dd if=/dev/zero of="$disk/ballast" bs=1k count=1800 2>/dev/null
"$feeder" "file:$disk/a-%H%M%S.ipfix?rotate-size=100k" 6000 40000 live >"$work/numbers" 2>"$work/feeder.log" &
feeding=$!
started+=("$feeding")
wait_for_line 'No space left'
sleep 0.2
rm "$disk/ballast"
wait_for_line 'writing again'
wait_for_process "$feeding" 60
balance "archive"
once 'No space left'
[ "$(number lost)" -gt 0 ] || fail "archive: nothing lost"
kept=$("$synfix" dump --format json "$disk"/ 2>"$work/dump.log" | grep -c '"tcpSignature"')
[ "$kept" = "$(number delivered)" ] || fail "archive: $kept records of $(number delivered)"

# From a file: an error.
rm -f "$disk"/*
"$feeder" "file:$disk/a.ipfix" 20000 >"$work/numbers" 2>"$work/feeder.log" && fail "a full disk is not an error"
grep -q 'No space left' "$work/feeder.log" || fail "the full disk is not reported"
exit 0
