#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""check_pages.py SOURCE: each page states its kind, is in the index and in mkdocs.yml, has at most 150 lines (except
reference pages) and, outside of tables and blocks, lines of at most 140 characters, and marks each block of commands
that does not run with the reason."""
import os
import re
import sys

KINDS = {"tutorials": "Tutorial", "how-to": "How-to guide", "reference": "Reference", "explanation": "Explanation"}
LONGEST = 150
WIDEST = 140
UNBROKEN = re.compile(r"\||#| {4}|\d+\. +`")  # a table, a title, a block, a step that is one command


def pages(docs):
    for directory, _, names in os.walk(docs):
        for name in sorted(names):
            if name.endswith(".md"):
                yield os.path.relpath(os.path.join(directory, name), docs)


def problems(page, text, index, navigation):
    kind = KINDS.get(page.split("/")[0])
    if kind is None:
        yield f"is in none of {', '.join(KINDS)}"
        return
    if f"*{kind}*" not in "".join(text.splitlines(keepends=True)[:6]):
        yield f"does not state *{kind}* below its title"
    if page not in navigation:
        yield "is missing in mkdocs.yml"
    if page not in index:
        yield "is missing in docs/README.md"
    if kind != "Reference" and text.count("\n") > LONGEST:
        yield f"has {text.count(chr(10))} lines, more than {LONGEST}"
    prose = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.M | re.S)
    for line in prose.splitlines():
        if len(line) > WIDEST and not UNBROKEN.match(line):
            yield f"has a line of {len(line)} characters, more than {WIDEST}: {line[:60]}"
    for fence in re.findall(r"^ *```(\w*)[^\n]*\n.*?^ *```$", text, re.M | re.S):
        if fence == "":
            yield "has a block without a language: sh, text, ini, json, yaml, c ..."


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def main():
    source = sys.argv[1]
    docs = os.path.join(source, "docs")
    index, navigation = read(os.path.join(docs, "README.md")), read(os.path.join(source, "mkdocs.yml"))
    wrong = [f"docs/{page}: {problem}" for page in pages(docs) if page != "README.md"
             for problem in problems(page, read(os.path.join(docs, page)), index, navigation)]
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
