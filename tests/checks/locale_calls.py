#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""locale_calls.py SOURCE BUILD: prints each file of src and exporter that calls a function whose result depends on the
locale: in a Turkish locale, strcasecmp("WINDOWS", "windows") is not 0. Use base/ascii.h, or g_ascii_ functions."""
import os
import subprocess
import sys

from unused_functions import layer_sources, print_faults

CLASS_HELPERS = "ascii_is_letter, ascii_is_digit or ascii_is_blank"
# <ctype.h> of glibc uses __ctype_b_loc, that of musl and others the functions; the names with w are of <wctype.h>.
CLASSES = ("alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "xdigit")
CALLS = {
    **{f"is{w}{name}": CLASS_HELPERS for w in ("", "w") for name in CLASSES},
    "strcasecmp": "ascii_equal", "strncasecmp": "ascii_begin_equal", "strcasestr": "ascii_begin_equal",
    "tolower": "ascii_lower", "__ctype_tolower_loc": "ascii_lower",
    "toupper": "ascii_lower", "__ctype_toupper_loc": "ascii_lower",
    "towlower": "ascii_lower", "towupper": "ascii_lower",
    "__ctype_b_loc": CLASS_HELPERS,
    "strcoll": "strcmp", "strxfrm": "strcmp", "wcscoll": "strcmp", "wcscasecmp": "ascii_equal",
    "strtod": "g_ascii_strtod", "strtof": "g_ascii_strtod", "strtold": "g_ascii_strtod", "atof": "g_ascii_strtod",
}


def undefined_symbols(path):
    """Of the machine code: nm would read the symbols of link-time optimisation, which lack functions of the C library."""
    lines = subprocess.check_output(["readelf", "--syms", "--wide", "--", path], text=True).splitlines()
    return {line.split()[7] for line in lines if " UND " in line and len(line.split()) > 7}


def faults(root, build):
    rows = [(source, undefined_symbols(path)) for path, source in layer_sources(root, build)]
    for source, undefined in sorted(rows, key=lambda row: row[0]):
        for name in sorted(undefined & CALLS.keys()):
            yield f"{os.path.relpath(source, root)}: calls {name}: use {CALLS[name]}"


if __name__ == "__main__":
    print_faults(list(faults(*sys.argv[1:3])))
