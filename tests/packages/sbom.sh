#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# sbom.sh BUILD: the bill of materials is SPDX 2.3 JSON, lists each library that the program loads, and is reproducible.
set -u -o pipefail
build=$1
[ -e "$build/CPackConfig.cmake" ] || { echo "skipped: this build makes no packages; install the packages dpkg-dev and file, and configure again"; exit 77; }
command -v jq >/dev/null || { echo "skipped: no jq; install the package jq"; exit 77; }
command -v dpkg-query >/dev/null || { echo "skipped: no dpkg-query; install the package dpkg"; exit 77; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
for round in 1 2; do
    cmake --build "$build" --target sbom >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
    cp "$build/synfix.spdx.json" "$work/$round"
    rm "$build/synfix.spdx.json"
done
cmp "$work/1" "$work/2" || exit 1
cp "$work/1" "$build/synfix.spdx.json"
jq -e '.spdxVersion == "SPDX-2.3" and .dataLicense == "CC0-1.0" and (.documentNamespace | startswith("https://"))
       and ([.packages[] | .SPDXID] | length == (unique | length)) and ([.packages[] | select(.name == "synfix")] | length == 1)
       and ([.relationships[] | select(.relationshipType == "DEPENDS_ON")] | length > 5)' "$work/1" >/dev/null ||
    { echo "FAILED: not the document expected"; exit 1; }
result=0
while read -r library; do
    jq -e --arg name "$library" '[.packages[] | select(.name == "libsynfix" or (.annotations // [] | any(.comment | contains($name))))] | length > 0' \
        "$work/1" >/dev/null || { echo "FAILED: $library is not in the bill of materials"; result=1; }
done < <(objdump -p "$build/synfix" | awk '$1 == "NEEDED" { print $2 }'; cat "$build/on_demand.txt")
exit $result
