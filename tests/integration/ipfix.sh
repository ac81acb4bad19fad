#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Decoders of other projects accept the files, and synfix dump shows the values of the observations.
. "$(dirname "$0")/common.sh"
for name in "${captures[@]}"; do
    for profile in full compact iana; do
        file=$work/$name.$profile.ipfix
        read_quietly "$(capture "$name")" --to "file:$file?profile=$profile" || complain "$name $profile: not written"
        if command -v ipfixDump >/dev/null; then
            ipfixDump --in "$file" --rfc5610 >"$work/out" 2>"$work/err" || complain "$name $profile: ipfixDump fails"
            [ -s "$work/err" ] && complain "$name $profile: ipfixDump prints $(cat "$work/err")"
        fi
        if command -v tshark >/dev/null; then
            tshark -r "$file" -V >"$work/out" 2>/dev/null || complain "$name $profile: tshark fails"
            grep -iE 'malformed|no template' "$work/out" && complain "$name $profile: tshark reports an error"
        fi
    done
    command -v python3 >/dev/null || continue
    read_quietly "$(capture "$name")" --to "json:$work/seen.json"
    "$synfix" dump "$work/$name.full.ipfix" --format json >"$work/dump.json" || complain "$name: dump fails"
    python3 "$here/compare.py" "$work/seen.json" "$work/dump.json" ||
        complain "$name: dump differs from the observations"
done
# if the service manager sets several directories, the first one keeps the template ids
mkdir "$work/first" "$work/second"
STATE_DIRECTORY=$work/first:$work/second "$synfix" read --quiet --to "file:$work/state.ipfix" "$data/web.pcap" ||
    complain "STATE_DIRECTORY of two directories"
[ -n "$(ls "$work/first")" ] && [ -z "$(ls "$work/second")" ] || complain "ids are in $(cd "$work" && ls first second)"
exit $((failures > 0))
