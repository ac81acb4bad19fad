#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# A UDP collector given by a name whose address changes while the exporter runs: the exporter follows.
if [ "${3-}" != inside ]; then
    unshare -m true 2>/dev/null || { echo "skipped: no mount namespace permitted here; run as root, or allow user namespaces"; exit 77; }
    exec unshare -m "$0" "$1" "$2" inside
fi
. "$(dirname "$0")/lib.sh"
printf '127.0.0.2 collector.test\n' >"$work/hosts"
mount --bind "$work/hosts" /etc/hosts 2>/dev/null || { echo "skipped: no mount permitted here; run as root"; exit 77; }
port=$(unused_port)
"$synfix" collect --listen "udp://127.0.0.2:$port" --to "json:$work/old.json" 2>"$work/old.log" &
started+=($!)
"$synfix" collect --listen "udp://127.0.0.3:$port" --to "json:$work/new.json" 2>"$work/new.log" &
started+=($!)
for _ in $(seq 100); do
    grep -q "$port" "$work/old.log" && grep -q "$port" "$work/new.log" && break
    sleep 0.05
done
"$feeder" "udp://collector.test:$port?refresh=1" 40000 5000 live >"$work/numbers" 2>"$work/feeder.log" &
started+=($!)
wait_for_lines "$work/old.json" 50
[ -s "$work/new.json" ] && fail "the other address got records"
printf '127.0.0.3 collector.test\n' >"$work/hosts"
wait_for_lines "$work/new.json" 50
[ "$(wc -l <"$work/new.json")" -ge 50 ] || fail "the exporter does not follow the name"
grep -q 'another address' "$work/feeder.log" || fail "the log does not say so"
exit 0
