#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# hardening.sh BINARY... [--modules MODULE...]: the release build has the properties of cmake/SynfixHarden.cmake.
# Modules may be too small for calls that the stack protector and _FORTIFY_SOURCE add.
command -v readelf >/dev/null && command -v objdump >/dev/null || { echo "skipped: no binutils; install the package binutils"; exit 77; }
. "$(dirname "$0")/../support/complain.sh"
modules=
for binary in "$@"; do
    [ -n "$binary" ] || continue # this build has no such target
    if [ "$binary" = --modules ]; then
        modules=yes
        continue
    fi
    readelf -hW "$binary" | grep -q 'Type: *DYN' || complain "$binary: not position independent"
    readelf -lW "$binary" | grep -q GNU_RELRO || complain "$binary: no read-only relocations (RELRO)"
    readelf -dW "$binary" | grep -q 'BIND_NOW\|FLAGS_1.*NOW' || complain "$binary: not bound at the start (BIND_NOW)"
    readelf -lW "$binary" | grep GNU_STACK | grep -q 'RWE' && complain "$binary: the stack is executable"
    [ -z "$modules" ] || continue
    symbols=$(nm -D --undefined-only "$binary")
    grep -q '__stack_chk_fail' <<<"$symbols" || complain "$binary: no stack protector"
    grep -qE '__(mem|str|sn?printf|vsn?printf|fprintf|read|pread|longjmp|explicit).*_chk' <<<"$symbols" ||
        complain "$binary: no call of a function of _FORTIFY_SOURCE"
    case $(uname -m) in
    x86_64)
        # Each exported function begins with endbr64. The note of the whole file is not sufficient, because other
        # objects of the link come from the distribution.
        unmarked=$(objdump -d --no-show-raw-insn "$binary" | awk '
            begun { begun = 0; if (!/endbr64/) print name }
            /^[0-9a-f]+ <.*>:$/ { name = substr($2, 2, length($2) - 3); begun = 1 }' | sort)
        exported=$(nm -D --defined-only "$binary" | sed -n 's/.* T \([a-z0-9_]*\).*/\1/p' | grep -vx _start | sort)
        [ -n "$exported" ] || complain "$binary: exports no function"
        for name in $(comm -12 <(echo "$unmarked") <(echo "$exported")); do
            complain "$binary: $name: the branch target is not marked (-fcf-protection)"
        done
        ;;
    esac
done
exit $((failures > 0))
