#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# run.sh ARCHITECTURE SOURCE BUILD SYNFIX: builds for another processor, runs the unit tests (under qemu-user, or
# directly where this processor can run them), and compares the output of the program for tests/data byte by byte with
# SYNFIX. Sysroot and build stay in BUILD/cross. Skipped unless SYNFIX_TEST_CROSS is set, because it takes minutes.
# SYNFIX_SYSROOTS: a directory that keeps the sysroots. SYNFIX_CROSS_CAPTURES: a directory of further captures.
set -u -o pipefail
arch=$1
source=$(realpath "$2")
build=$(realpath "$3")/cross
native=$(realpath "$4")
skip() { echo "skipped: $*"; exit 77; }
[ -n "${SYNFIX_TEST_CROSS-}" ] || skip "a build for $arch takes minutes; set SYNFIX_TEST_CROSS=1"
table=$source/tests/cross/architectures
read -r _ triplet _ emulator loader < <(grep "^$arch " "$table") || { echo "$arch: name one of $table"; exit 1; }
command -v "$triplet-gcc" >/dev/null || skip "no $triplet-gcc; install the package gcc-$triplet"
libraries=$("$triplet-gcc" -print-multiarch)
[ "$arch $(uname -m)" = "i386 x86_64" ] && emulator='' || emulator=$emulator-static
[ -z "$emulator" ] || command -v "$emulator" >/dev/null || skip "no $emulator; install the package qemu-user-static"
sysroots=${SYNFIX_SYSROOTS:-$build/sysroots}
"$source/tests/cross/sysroot" "$arch" "$sysroots/$arch" || skip "no sysroot for $arch; install the package mmdebstrap, and reach a Debian mirror"
export SYNFIX_CROSS_ARCH=$arch SYNFIX_SYSROOT=$sysroots/$arch
export PKG_CONFIG_DIR='' PKG_CONFIG_SYSROOT_DIR=$SYNFIX_SYSROOT
export PKG_CONFIG_LIBDIR=$SYNFIX_SYSROOT/usr/lib/$libraries/pkgconfig:$SYNFIX_SYSROOT/usr/share/pkgconfig
libraries=$SYNFIX_SYSROOT/lib/$libraries:$SYNFIX_SYSROOT/usr/lib/$libraries
# Without -L, because -L would redirect the program's own paths to the sysroot as well.
emulated=("$emulator" "$SYNFIX_SYSROOT/$loader" --library-path "$libraries") link=''
if [ -z "$emulator" ]; then
    emulated=() link=-Wl,--dynamic-linker=$SYNFIX_SYSROOT/$loader,--disable-new-dtags,-rpath,$libraries
fi
mkdir -p "$build"
{ cmake -S "$source" -B "$build/$arch" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$source/tests/cross/toolchain.cmake" \
    -DSYNFIX_WERROR=ON -DCMAKE_EXE_LINKER_FLAGS="$link" && cmake --build "$build/$arch" --target synfix unit_tests; } >"$build/$arch.log" 2>&1 ||
    { tail -n 40 "$build/$arch.log"; exit 1; }
result=0 passed=0 skipped=0 absent=0
longest=1800 # seconds of one test: an emulated processor is slower, and the machine may have other work

# qemu-user does not emulate socket filters, system call filters and privileges: their tests do not run under qemu-user.
# Without qemu-user, Landlock hides the libraries of the sysroot from `collect`.
if [ -n "$emulator" ]; then
    absent_tests='bpf|fanout|live|cmd_capture|privileges|seccomp|signal|pipeline|service|kafka|udp'
else
    absent_tests='^test_app_command_commands$'
fi
for program in "$build/$arch"/tests/unit/test_*; do
    name=$(basename "$program")
    [[ $name =~ $absent_tests ]] && absent=$((absent + 1)) && continue
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
echo "$arch: $passed unit tests pass, $skipped skip, $absent are left out"

data=("$source"/tests/data/*.pcap*)
captures=("${data[@]}")
[ -z "${SYNFIX_CROSS_CAPTURES-}" ] ||
    mapfile -t -O "${#data[@]}" captures < <(find "$(realpath "$SYNFIX_CROSS_CAPTURES")" -type f | sort)

# outputs DIRECTORY COMMAND...: what the program writes. The times of the export and of the log differ between runs.
outputs() {
    local to=$1 i code
    shift
    rm -rf "$to"
    mkdir -p "$to"
    for i in "${!captures[@]}"; do
        "$@" read --sigdb "$source/tests/integration/test.fp" --quiet --workers 1 "${captures[i]}" --to "json:$to/$i.json" \
            --to "zeek:$to/$i.zeek" --to "p0f:$to/$i.p0f" --to "text:$to/$i.text" \
            --to "file:$to/$i.ipfix?templates=$source/ipfix-templates" 2>>"$build/$arch.log" </dev/null
        code=$?
        "$@" hosts --sigdb "$source/sigdb/synfix.fp" --format json "${captures[i]}" >"$to/$i.hosts" 2>>"$build/$arch.log"
        echo "$code $?" >"$to/$i.codes"
        [ "$i" -ge ${#data[@]} ] || grep -qx '0 0' "$to/$i.codes" || { echo "${captures[i]}: $* fails"; result=1; }
        [ ! -e "$to/$i.ipfix" ] || "$source/tests/cross/export_times.py" "$to/$i.ipfix"
        [ ! -e "$to/$i.zeek" ] || sed -i -E '/^#(open|close)/d' "$to/$i.zeek"
    done
}
outputs "$build/native" "$native"
outputs "$build/$arch.outputs" "${emulated[@]}" "$build/$arch/synfix"
for i in "${!captures[@]}"; do
    for kind in json zeek p0f text ipfix hosts codes; do
        file=$build/native/$i.$kind
        [ -s "$file" ] || [ "$i" -ge ${#data[@]} ] || { echo "${captures[i]}: no $kind"; result=1; }
        [ ! -e "$file" ] || cmp "$file" "$build/$arch.outputs/$i.$kind" || { echo "${captures[i]}: other $kind"; result=1; }
    done
done
echo "$arch: ${#captures[@]} captures, $(cat "$build/$arch.outputs"/* | wc -c) bytes compared"
exit $result
