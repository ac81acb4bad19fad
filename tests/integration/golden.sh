#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Compares the records of captures with golden/. UPDATE=1 writes golden/ again: review the difference before a commit.
. "$(dirname "$0")/common.sh"
mkdir -p "$here/golden"
for name in "${captures[@]}"; do
    for format in text json p0f; do
        golden=$here/golden/$name.$format
        read_quietly "$(capture "$name")" --to "$format:-" >"$work/out" 2>"$work/err" ||
            complain "$name as $format: $(cat "$work/err")"
        [ -s "$work/err" ] && complain "$name as $format: message: $(cat "$work/err")"
        [ -n "${UPDATE-}" ] && cp "$work/out" "$golden"
        diff -u "$golden" "$work/out" || complain "$name as $format differs"
    done
    # the same as IPFIX: written to a file and decoded, without the export time of messages
    read_quietly "$(capture "$name")" --to "file:$work/out.ipfix" && "$synfix" dump "$work/out.ipfix" --format json |
        grep '"tcpSignature"\|"systemUptime"' >"$work/out"
    [ -n "${UPDATE-}" ] && cp "$work/out" "$here/golden/$name.ipfix.json"
    diff -u "$here/golden/$name.ipfix.json" "$work/out" || complain "$name as IPFIX differs"
done
exit $((failures > 0))
