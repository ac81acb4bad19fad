#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""skips.py SOURCE: each test that skips itself prints the reason and, after a semicolon, how to run the test. A C
program with tests that may skip themselves ends with tests_exit_code(), so that ctest does not count it as passed."""
import os
import re
import sys

ENDS = (".c", ".h", ".py", ".sh", "")
# The beginning of a skip with its own text. The rest of the line must contain the semicolon.
SKIP = re.compile(r"""(?:\bskip\ (?=["'])|\bskip\(|\bSKIP\(|\bskipTest\(|\bskipped:)(?P<text>.*)""")
# Definitions of these functions, and comments about them.
OTHERS = re.compile(r"""
    ^\s*(?:\#|/?\*|//|\"\"\")          # a comment
    | def\ skip\( | \bskip\(\)\ \{     # a definition
    | skipped:\ \$\*|skipped:\ \{why\}|skipped:",\ reason|"skipped:\ "\ __VA_ARGS__
    | need\(\)|skip\ "no\ \$program;
    """, re.X)


def faults(root):
    for top in ("tests", "python"):
        for path, _, names in os.walk(os.path.join(root, top)):
            for name in names:
                if os.path.splitext(name)[1] in ENDS and name != os.path.basename(__file__):
                    yield from faults_of(root, os.path.join(path, name))


def faults_of(root, path):
    with open(path, encoding="utf-8", errors="replace") as lines:
        lines = lines.read().split("\n")
    whole = "\n".join(lines)
    if re.search(r'#include "support/(?:skip|tls_peers)\.h"', whole) and "int main(" in whole and "tests_exit_code(" not in whole:
        yield f"{os.path.relpath(path, root)}: main() does not return tests_exit_code()"
    for number, line in enumerate(lines, 1):
        match = SKIP.search(line)
        if not match or OTHERS.search(line) or not re.search(r"[\"'%]", match["text"]):
            continue
        if ";" not in re.sub(r"; exit 77; *\}?.*|; exit 77|; *\}?$|\);$", "", match["text"] + " " + lines[number]):
            yield f"{os.path.relpath(path, root)}:{number}: a skip without '; HOW TO RUN IT'"


def main():
    wrong = list(faults(sys.argv[1]))
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
