#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# From a capture to the records that golden/ holds. UPDATE=1 writes them anew: look at the difference before you commit.
. "$(dirname "$0")/common.sh"
mkdir -p "$here/golden"
for name in "${captures[@]}"; do
    for format in text json p0f; do
        golden=$here/golden/$name.$format
        read_quietly "$(capture "$name")" --to "$format:-" >"$work/out" 2>"$work/err" ||
            complain "$name as $format: $(cat "$work/err")"
        [ -s "$work/err" ] && complain "$name as $format: says $(cat "$work/err")"
        [ -n "${UPDATE-}" ] && cp "$work/out" "$golden"
        diff -u "$golden" "$work/out" || complain "$name as $format differs"
    done
    # the same as IPFIX: file, decoded; the message's own time is not in it
    read_quietly "$(capture "$name")" --to "file:$work/out.ipfix" && "$synfix" dump "$work/out.ipfix" --format json |
        grep '"tcpSignature"\|"systemUptime"' >"$work/out"
    [ -n "${UPDATE-}" ] && cp "$work/out" "$here/golden/$name.ipfix.json"
    diff -u "$here/golden/$name.ipfix.json" "$work/out" || complain "$name as IPFIX differs"
done
exit $((failures > 0))
