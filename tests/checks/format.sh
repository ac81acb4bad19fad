#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Every C source and header is as .clang-format says, and carries its licence.
command -v clang-format >/dev/null || { echo "skipped: no clang-format"; exit 77; }
mapfile -t files < <(find src exporter include tests -name '*.[ch]' | sort)
result=0
for file in "${files[@]}"; do
    head -n 1 "$file" | grep -q 'SPDX-License-Identifier: MIT OR Apache-2.0' ||
        { echo "$file: no SPDX line"; result=1; }
done
clang-format --dry-run --Werror "${files[@]}" || result=1
exit $result
