#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# format.sh [--fix]: each C source and header has the style of .clang-format and an SPDX line.
# The version of clang-format is fixed, because version 14 does not support InsertBraces. --fix rewrites the files.
formatter=clang-format-16
command -v "$formatter" >/dev/null || { echo "skipped: no $formatter; install the package clang-format-16"; exit 77; }
mapfile -t files < <(find src exporter include examples tests plugins -name '*.[ch]' 2>/dev/null | sort)
result=0
for file in "${files[@]}"; do
    head -n 1 "$file" | grep -q 'SPDX-License-Identifier: MIT OR Apache-2.0' ||
        { echo "$file: no SPDX line"; result=1; }
done
if [ "${1-}" = --fix ]; then
    "$formatter" -i "${files[@]}" || result=1
else
    "$formatter" --dry-run --Werror "${files[@]}" || result=1
fi
exit $result
