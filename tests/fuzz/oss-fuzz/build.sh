#!/bin/bash -eu
# SPDX-License-Identifier: MIT OR Apache-2.0
# Builds the fuzz targets like OSS-Fuzz: compiler, flags and engine come from CC, CXX, CFLAGS, CXXFLAGS and
# LIB_FUZZING_ENGINE; results go to $OUT: each target, its seeds as NAME_seed_corpus.zip, and shared libraries that
# the image of the runners lacks. Manual use: OUT=DIRECTORY tests/fuzz/oss-fuzz/build.sh
source=$(cd "$(dirname "$0")/../../.." && pwd)
build=${WORK:-${TMPDIR:-/tmp}}/synfix-oss-fuzz
export CC=${CC:-clang} CXX=${CXX:-clang++}
export CFLAGS=${CFLAGS:--O1 -g -fno-omit-frame-pointer -fsanitize=address,fuzzer-no-link}
export CXXFLAGS=${CXXFLAGS:-$CFLAGS}
engine=${LIB_FUZZING_ENGINE:--fsanitize=fuzzer}
: "${OUT:?name the directory of the results}"

cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=None -DSYNFIX_FUZZ=ON -DSYNFIX_FUZZ_ENGINE="$engine"
targets=("$source"/tests/fuzz/fuzz_*.c)
[ $# -gt 0 ] && targets=("${@/#/fuzz_}")
for target in "${targets[@]}"; do
    target=$(basename "$target" .c)
    cmake --build "$build" --target "$target"
    cp "$build/tests/fuzz/$target" "$OUT/"
    (cd "$source/tests/fuzz/corpus/${target#fuzz_}" && rm -f "$OUT/${target}_seed_corpus.zip" &&
        python3 -m zipfile -c "$OUT/${target}_seed_corpus.zip" ./*)
    mkdir -p "$OUT/lib"
    ldd "$OUT/$target" | awk '$3 ~ /^\// { print $3 }' | grep -vE '/(libc|libm|libdl|libpthread|librt|ld-linux)[-.]' |
        while read -r library; do cp -n "$library" "$OUT/lib/"; done
done
# Data files of the targets, in the same directory as the targets, as in a build directory.
mkdir -p "$OUT/synfix-data"
cp -r "$source/ipfix-templates" "$OUT/synfix-data/"
