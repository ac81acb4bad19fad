#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# read -> TCP and UDP on the loopback -> collect: the same records arrive as go into a file.
. "$(dirname "$0")/common.sh"
"$synfix" collect --help >/dev/null 2>&1 || skip "this program cannot collect"
wanted=$(read_quietly "$(capture mixed)" --to json:- | wc -l)
for transport in tcp udp; do
    port=$(unused_port)
    "$synfix" collect --listen "$transport://127.0.0.1:$port" --to "json:$work/$transport.json" 2>"$work/err" &
    collector=$!
    wait_for 20 grep -q 'listening on' "$work/err" || complain "$transport: the collector does not listen: $(cat "$work/err")"
    read_quietly "$(capture mixed)" --to "$transport://127.0.0.1:$port" || complain "$transport: not sent"
    for _ in {1..50}; do
        [ "$(grep -c sourceTransportPort "$work/$transport.json" 2>/dev/null)" = "$wanted" ] && break
        sleep 0.1
    done
    kill -TERM $collector
    wait $collector || complain "$transport: the collector ends with an error: $(cat "$work/err")"
    got=$(grep -c sourceTransportPort "$work/$transport.json")
    [ "$got" = "$wanted" ] || complain "$transport: $got records arrived, $wanted were sent"
done
exit $((failures > 0))
