#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""header_comments.py SOURCE: each function declaration of a header has a contract: a `/**` comment directly above the
declaration, or above the group of declarations (lines without a blank line between them) that contains it. An inline
function with its body needs no comment. In include/, each type has a separate comment."""
import glob
import re
import sys

FUNCTION = re.compile(r"(?!typedef|static|return)[A-Za-z_][\w *]*?\b\**(?P<name>[a-z_]\w*)\(")
TYPE = re.compile(r"(?:typedef (?:struct|enum|union) (?P<tag>\w+)|typedef struct \{|typedef [^;]*\(\*(?P<pointer>\w+)\))")
TYPES_MIN = 60
FOUND_MIN = 1000  # fewer: the expressions above no longer find the declarations


def declarations(lines):
    """Yields line number, name, and whether a comment stands above the group."""
    commented = in_comment = False
    for number, line in enumerate(lines, 1):
        if line.startswith("/**"):
            commented = True
        in_comment = (in_comment or line.startswith("/*")) and "*/" not in line
        if not line.strip() and not in_comment:
            commented = False
        found = FUNCTION.match(line)
        if found and not in_comment and not found["name"].startswith("__"):
            yield number, found["name"], commented


def types(lines):
    """Yields line number, name, and whether a comment ends directly above the type."""
    for number, line in enumerate(lines, 1):
        found = TYPE.match(line)
        if found:
            yield number, found["tag"] or found["pointer"] or "a type", lines[number - 2].rstrip().endswith("*/")


def check(source, directories, find):
    """Prints each declaration without a comment. Returns the number of declarations and the number without a
    comment."""
    found = failures = 0
    for directory in directories:
        for path in sorted(glob.glob(f"{source}/{directory}/**/*.h", recursive=True)):
            with open(path, encoding="utf-8") as header:
                lines = header.read().split("\n")
            for number, name, commented in find(lines):
                found += 1
                if not commented:
                    failures += 1
                    print(f"FAILED: {path}:{number}: {name} has no comment")
    return found, failures


def main():
    functions, bare_functions = check(sys.argv[1], ("src", "exporter", "include"), declarations)
    public_types, bare_types = check(sys.argv[1], ("include",), types)
    print(f"{functions} functions in headers, {bare_functions} without a comment")
    print(f"{public_types} public types, {bare_types} without a comment")
    return 1 if bare_functions or bare_types or functions < FOUND_MIN or public_types < TYPES_MIN else 0


sys.exit(main())
