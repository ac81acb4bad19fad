#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The tools of sigdb see in a capture the same packets, under the same numbers, as `read` does.
. "$(dirname "$0")/common.sh"
for name in web vlan vxlan local; do
    good=$(capture $name)
    read_quietly "$good" --uptime=off --to "json:$work/$name.json" || complain "$name: read"
    while IFS=$'\t' read -r number signature; do
        "$synfix" sigdb explain "$good:$number" 2>&1 | grep -qF "signature: $signature (" ||
            complain "$name: packet $number: no $signature"
    done < <(sed -nE 's/.*"pcap_cnt":([0-9]+).*"signature":"([^"]*)".*/\1\t\2/p' "$work/$name.json" | head -4)
done
[ -s "$work/web.json" ] || complain "web: no record"
"$synfix" sigdb explain "$(capture web):50" 2>"$work/err" && complain "a packet that is no SYN: exit code 0"
grep -q 'frame 50 is no SYN' "$work/err" || complain "a packet that is no SYN: $(cat "$work/err")"
exit $((failures > 0))
