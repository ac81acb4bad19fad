#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The number of workers does not change the result. State continues from one capture to the next within a run.
. "$(dirname "$0")/common.sh"
for name in "${captures[@]}"; do
    read_quietly "$(capture "$name")" --to json:- | sort >"$work/one"
    [ -s "$work/one" ] || complain "$name: no observations"
    for workers in 2 3 8; do
        read_quietly "$(capture "$name")" --workers $workers --to json:- | sort >"$work/many"
        diff "$work/one" "$work/many" || complain "$name with $workers workers differs"
    done
    read_quietly - --to json:- <"$(capture "$name")" | sort | diff "$work/one" - ||
        complain "$name from standard input differs"
done
# an enricher with answers that depend on earlier packets
read_quietly "$(capture web)" --enrich host --to json:- >"$work/one"
grep -q host_last_seen "$work/one" || complain "no field of the enricher host"
read_quietly "$(capture web)" --enrich host --workers 4 --to json:- 2>/dev/null | diff "$work/one" - ||
    complain "host with 4 workers differs"
read_quietly "$(capture web)" "$(capture web)" --to json:- | grep -c '"retransmission"\|retransmission":true' >"$work/again"
[ "$(cat "$work/again")" -gt 0 ] || complain "the second reading of a capture shows no retransmission"
exit $((failures > 0))
