#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# run.sh ARCHITECTURE SOURCE BUILD SYNFIX: builds for another processor, runs the unit tests under qemu-user, and
# compares the output of the program for tests/data byte by byte with SYNFIX. Sysroot and build stay in BUILD/cross.
# Skipped unless SYNFIX_TEST_CROSS is set, because it takes minutes. SYNFIX_SYSROOTS: a directory that keeps the
# sysroots.
set -u -o pipefail
arch=$1
source=$(realpath "$2")
build=$(realpath "$3")/cross
native=$(realpath "$4")
skip() { echo "skipped: $*"; exit 77; }
[ -n "${SYNFIX_TEST_CROSS-}" ] || skip "a build for $arch takes minutes; set SYNFIX_TEST_CROSS=1"
case $arch in
arm64) triplet=aarch64-linux-gnu emulator=qemu-aarch64-static loader=ld-linux-aarch64.so.1 ;;
armhf) triplet=arm-linux-gnueabihf emulator=qemu-arm-static loader=ld-linux-armhf.so.3 ;;
s390x) triplet=s390x-linux-gnu emulator=qemu-s390x-static loader=ld64.so.1 ;;
*) echo "$arch: arm64, armhf or s390x"; exit 1 ;;
esac
command -v $triplet-gcc >/dev/null || skip "no $triplet-gcc; install the package gcc-$triplet"
command -v $emulator >/dev/null || skip "no $emulator; install the package qemu-user-static"
sysroots=${SYNFIX_SYSROOTS:-$build/sysroots}
"$source/tests/cross/sysroot" "$arch" "$sysroots/$arch" || skip "no sysroot for $arch; install the package mmdebstrap, and reach a Debian mirror"
export SYNFIX_CROSS_ARCH=$arch SYNFIX_SYSROOT=$sysroots/$arch
export PKG_CONFIG_DIR='' PKG_CONFIG_SYSROOT_DIR=$SYNFIX_SYSROOT
export PKG_CONFIG_LIBDIR=$SYNFIX_SYSROOT/usr/lib/$triplet/pkgconfig:$SYNFIX_SYSROOT/usr/share/pkgconfig
mkdir -p "$build"
{ cmake -S "$source" -B "$build/$arch" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$source/tests/cross/toolchain.cmake" \
    -DSYNFIX_WERROR=ON && cmake --build "$build/$arch" --target synfix unit_tests; } >"$build/$arch.log" 2>&1 ||
    { tail -n 40 "$build/$arch.log"; exit 1; }
# Without -L, because -L would redirect the program's own paths to the sysroot as well.
libraries=$SYNFIX_SYSROOT/lib/$triplet:$SYNFIX_SYSROOT/usr/lib/$triplet
emulated=($emulator "$SYNFIX_SYSROOT/lib/$loader" --library-path "$libraries")
result=0 passed=0 skipped=0 absent=0
longest=1800 # seconds of one test: an emulated processor is slower, and the machine may be loaded

# qemu-user does not emulate socket filters, system call filters and privileges: their tests do not run.
for program in "$build/$arch"/tests/unit/test_*; do
    name=$(basename "$program")
    case $name in
    *bpf* | *fanout* | *live* | *cmd_capture* | *privileges* | *seccomp* | *signal* | *pipeline* | *service* | *kafka* | *udp*) absent=$((absent + 1)) && continue ;;
    esac
    timeout "$longest" "${emulated[@]}" "$program" >"$build/$arch.out" 2>&1
    code=$?
    case $code in
    0) passed=$((passed + 1)) ;;
    77) skipped=$((skipped + 1)) ;;
    *)
        echo "$arch: $name failed (exit code $code)"
        grep -E 'ERROR|LINE|FAILED' "$build/$arch.out" | head -n 5
        result=1
        ;;
    esac
done
echo "$arch: $passed unit tests pass, $skipped skip, $absent are excluded"

# outputs DIRECTORY COMMAND...: writes the output of the program for each capture
outputs() {
    local to=$1 file name
    shift
    rm -rf "$to"
    mkdir -p "$to"
    for file in "$source"/tests/data/*.pcap*; do
        name=$(basename "$file")
        "$@" read --sigdb "$source/tests/integration/test.fp" --quiet --workers 1 "$file" --to "json:$to/$name.json" \
            --to "zeek:$to/$name.zeek" --to "file:$to/$name.ipfix?templates=$source/ipfix-templates" ||
            { echo "$name: $* fails"; result=1; }
        "$native" dump --templates "$source/ipfix-templates" --format json "$to/$name.ipfix" >"$to/$name.records"
        rm -f "$to/$name.ipfix" # the header of a message contains the export time
        sed -i -E '/^#(open|close)/d' "$to/$name.zeek"
    done
}
outputs "$build/native" "$native"
outputs "$build/$arch.outputs" "${emulated[@]}" "$build/$arch/synfix"
diff -rq "$build/native" "$build/$arch.outputs" || { echo "$arch: the outputs differ"; result=1; }
[ -s "$build/$arch.outputs/web.pcap.json" ] || { echo "$arch: no output"; result=1; }
echo "$arch: $(cat "$build/$arch.outputs"/* | wc -c) bytes compared"
exit $result
