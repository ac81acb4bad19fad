#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# reproducible.sh SOURCE BUILD TYPE COMPILER TARGET=FILE...: a build from a copy of the sources in another directory
# gives the same bytes in each file.
set -u -o pipefail
source=$1 build=$2 type=$3 compiler=$4
shift 4
git -C "$source" rev-parse >/dev/null 2>&1 || { echo "skipped: not a git tree; clone the repository"; exit 77; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir "$work/another-directory"
git -C "$source" ls-files -z --cached --others --exclude-standard -- CMakeLists.txt CHANGELOG.md README.md LICENSE-MIT LICENSE-APACHE cmake conf \
    docs examples exporter include ipfix-templates packages plugins sigdb src |
    (cd "$source" && xargs -0 cp --parents -t "$work/another-directory" 2>/dev/null)
cd "$work/another-directory" || exit 1
generator=$(sed -n 's/^CMAKE_GENERATOR:INTERNAL=//p' "$build/CMakeCache.txt")
flags=$(sed -n 's/^CMAKE_C_FLAGS:STRING=//p' "$build/CMakeCache.txt")
mapfile -t typed < <(sed -n "s/^\(CMAKE_C_FLAGS_${type^^}\):[A-Z]*=\(.*\)/-D\1=\2/p" "$build/CMakeCache.txt")
launcher=$(sed -n 's/^CMAKE_C_COMPILER_LAUNCHER:[A-Z]*=//p' "$build/CMakeCache.txt")
CCACHE_DISABLE=1 cmake -S . -B out -G "$generator" -DCMAKE_BUILD_TYPE="$type" -DCMAKE_C_COMPILER="$compiler" \
    -DCMAKE_C_FLAGS="$flags" "${typed[@]}" -DSYNFIX_TESTS=OFF ${launcher:+-DCMAKE_C_COMPILER_LAUNCHER=} >"$work/log" 2>&1 &&
    cmake --build out --target "${@%%=*}" --parallel 2 >>"$work/log" 2>&1 || { tail -20 "$work/log"; exit 1; }
result=0
for file in "${@#*=}"; do
    again=out/${file#"$build/"}
    if ! cmp "$file" "$again"; then
        echo "FAILED: $file depends on the directory"
        diff <(readelf -SW "$file") <(readelf -SW "$again") | head -20
        result=1
    fi
    if grep -aq -e "$source" -e "$build" "$file"; then
        echo "FAILED: $file contains the path of its build directory"
        result=1
    fi
done
exit $result
