#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# abi.sh PROGRAM LIBRARY [--refresh]: the headers, the exports of the library and the dump of the last release agree.
# --refresh writes the dump again: after a release, or before a release for an intended change of the interface.
cd "$(dirname "$0")/../.." || exit 1
program=$1 library=$2
dump=tests/checks/abi/libsynfix.abi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
. tests/support/complain.sh

declared() {
    cat include/synfix/*.h | tr '\n' ' ' | grep -oE 'SYNFIX_API [^;]*;' | grep -oE 'synfix_[a-z0-9_]+ *\(' | tr -d ' (' | sort -u
}
mapped() {
    grep -oE '^ +synfix_[a-z0-9_]+;' src/libsynfix.map | tr -d ' ;' | sort -u
}
exported() { # FILE
    nm -D --defined-only "$1" | awk '$3 ~ /^synfix_/ { sub(/@.*/, "", $3); print $3 }' | sort -u
}
declared >"$work/declared"
mapped >"$work/mapped"
[ -s "$work/declared" ] || complain "no function found in the headers"
diff "$work/declared" "$work/mapped" || complain "src/libsynfix.map (>) and the declarations of the headers (<) differ"
exported "$library" | diff "$work/mapped" - || complain "the library exports (>) other functions than the map lists (<)"
nm -D --defined-only "$library" | awk '$2 != "A" && $3 !~ /^synfix_[a-z0-9_]+@@SYNFIX_[0-9.]+$/' >"$work/plain"
[ ! -s "$work/plain" ] || complain "symbols without a version: $(cat "$work/plain")"
# a loaded module resolves them in the program
exported "$program" | comm -23 "$work/mapped" - >"$work/missing"
[ ! -s "$work/missing" ] || complain "the program lacks symbols for modules: $(cat "$work/missing")"
[ $failures -eq 0 ] || exit 1

command -v abidw >/dev/null || { echo "skipped: no abidw; install the package abigail-tools"; exit 77; }
nm -D "$library" | grep -q '__[at]san_init' && { echo "skipped: a build with sanitizers; build without SYNFIX_SANITIZE"; exit 77; }
abidw --headers-dir include --drop-private-types --exported-interfaces-only --no-elf-needed --no-comp-dir-path \
    --no-corpus-path --no-show-locs --type-id-style hash "$library" --out-file "$work/now.abi" || exit 1
sed -i "s#path='$PWD/#path='#" "$work/now.abi"
if [ "${3-}" = --refresh ]; then
    cp "$work/now.abi" "$dump"
    exit
fi
abidiff "$dump" "$work/now.abi" >"$work/changes" && exit 0
cat "$work/changes"
echo "abi: the interface is not that of $dump. If the change is intended: add to the map, add a line to CHANGELOG.md," \
    "and run tests/checks/abi.sh PROGRAM LIBRARY --refresh"
exit 1
