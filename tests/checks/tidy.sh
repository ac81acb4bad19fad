#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# tidy.sh SOURCE BUILD: clang-tidy (.clang-tidy) has no finding in src and exporter. --fix rewrites the files.
command -v run-clang-tidy >/dev/null || { echo "skipped: no run-clang-tidy; install the package clang-tidy"; exit 77; }
source=$(realpath "$1")
output=$(run-clang-tidy -p "$2" -quiet -j "$(nproc)" ${3:+-fix} -extra-arg=-Wno-error \
    -extra-arg=-Wno-ignored-optimization-argument -extra-arg=-Wno-unknown-warning-option \
    -extra-arg=-ftrivial-auto-var-init=uninitialized \
    "^$source/(src|exporter)/.*\.c$" 2>&1)
result=$?
grep -E 'warning:|error:' <<<"$output" | sort -u
grep -q 'clang-tidy' <<<"$output" || { echo "no file was checked"; result=1; }
exit $result
