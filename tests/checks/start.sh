#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# start.sh PROGRAM LIBRARIES CAPTURE: no library of the file LIBRARIES (cmake/SynfixOnDemand.cmake) is linked, and
# `read` of a plain capture loads none of them.
synfix=$1 libraries=$2 capture=$3
if [ ! -s "$libraries" ]; then
    echo "skipped: all libraries are linked; configure with -DSYNFIX_ON_DEMAND=ON"
    exit 77
fi
command -v objdump >/dev/null || { echo "skipped: no objdump; install the package binutils"; exit 77; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
result=0
needed=$(objdump -p "$synfix" | awk '$1 == "NEEDED" { print $2 }')
LD_DEBUG=files LD_DEBUG_OUTPUT=$work/log "$synfix" read "$capture" --to "file:$work/out.ipfix" >"$work/out" 2>&1 || {
    cat "$work/out"
    exit 1
}
grep -qF "calling init: " "$work"/log.* || {
    echo "FAILED: the dynamic linker logs no initialised library"
    result=1
}
while read -r library; do
    if grep -qxF "$library" <<<"$needed"; then
        echo "FAILED: $library is linked"
        result=1
    fi
    if grep -F "calling init: " "$work"/log.* | grep -qF "/$library"; then
        echo "FAILED: $library is loaded to read a plain capture"
        result=1
    fi
done <"$libraries"
exit $result
