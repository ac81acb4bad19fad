#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# api.sh SOURCE: the reference of the C interface builds without a warning (-DSYNFIX_DOCS=ON). The pages contain each
# function, the values of lists, and the comments of members and enumerators.
command -v doxygen >/dev/null || { echo "skipped: no doxygen; install the package doxygen"; exit 77; }
source=$(realpath "$1")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
. "$source/tests/support/complain.sh"
cmake -S "$source" -B "$work/build" -DSYNFIX_DOCS=ON -DSYNFIX_TESTS=OFF -DSYNFIX_PROGRAM=OFF >"$work/log" 2>&1 &&
    cmake --build "$work/build" --target docs >>"$work/log" 2>&1 || complain "$(grep -E 'warning|rror' "$work/log" || tail -20 "$work/log")"
grep -hoE '^ +synfix_[a-z0-9_]+;' "$source/src/libsynfix.map" | tr -d ' ;' | while read -r function; do
    grep -rqF "$function()" "$work/build/api/html" || echo "$function"
done >"$work/missing"
[ ! -s "$work/missing" ] || complain "functions without an entry: $(tr '\n' ' ' <"$work/missing")"
for shown in SYNFIX_MATCH_FUZZY_GENERIC SYNFIX_VERDICT_SFLOW SYNFIX_QUIRK_BAD handshakes_evicted \
    '0 to 100, percent; 0 when there is no match'; do
    grep -rqF "$shown" "$work/build/api/html" --include='*.html' || complain "not in the reference: $shown"
done
exit $((failures > 0))
