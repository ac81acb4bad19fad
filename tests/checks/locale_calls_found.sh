#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# locale_calls_found.sh COMPILER: locale_calls.py names functions that follow the locale, in an object for this C
# library and in one for a library whose <ctype.h> declares plain functions, as that of musl.
set -u
here=$(realpath "$(dirname "$0")")
compiler=$1
root=$(mktemp -d) || exit 1
trap 'rm -r "$root"' EXIT
objects=$root/build/src/CMakeFiles/synfix_base.dir/base
mkdir -p "$root/src/base" "$objects"
touch "$root/build/CMakeCache.txt"
echo 'src/base:' >"$root/build/layers.txt"

# calls: the functions that the script names in the source on standard input
calls() {
    cat >"$root/src/base/a.c"
    "$compiler" -w -O0 -fno-builtin -c -o "$objects/a.c.o" "$root/src/base/a.c" || return
    "$here/locale_calls.py" "$root" "$root/build" | sed -n 's|^src/base/a.c: calls \([^:]*\): use .*|\1|p'
}

names='isalnum isalpha isblank iscntrl isdigit isgraph islower isprint ispunct isspace isupper iswalpha iswspace isxdigit
strcasecmp strcasestr strcoll strncasecmp strtod strtold strxfrm tolower toupper towlower'
plain=$(for name in $names; do echo "int $name(); int call_$name(void) { return $name(); }"; done | calls)
[ "$plain" = "$(printf '%s\n' $names)" ] || { echo "FAILED: of plain functions, the script names:" $plain; exit 1; }

own=$(calls <<'END'
#include <ctype.h>
#include <strings.h>
int call(int c) { return isalpha(c) || toupper(c) || strcasecmp("a", "A") == 0; }
END
)
[ "$(wc -l <<<"$own")" -eq 3 ] || { echo "FAILED: of this C library, the script names:" $own; exit 1; }

none=$(echo 'int strcmp(); int call(void) { return strcmp("a", "A"); }' | calls)
[ -z "$none" ] || { echo "FAILED: without such a function, the script names:" $none; exit 1; }
