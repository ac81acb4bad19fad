#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""words.py SOURCE: identifiers, comments and messages of src, exporter and include use the terms of CONTRIBUTING.md. Prints
each line with a word that has a better term, each type name that two files define, and each type NAME_t whose tag is not NAME."""
import os
import re
import sys

FILES_MIN, TYPES_MIN = 800, 400  # fewer: the sources were not found
TYPE = re.compile(r"\} (\w+_t);")
TAGGED = re.compile(r"^typedef (?:struct|union|enum)(?: __attribute__\S+)? (\w+) \{\n(?:(?!typedef).*\n)*?\} (\w+)_t;", re.M)
TERMS = {
    "asked for": "requested",
    "crew": "worker pool",
    "folder": "directory",
    "forbidden": "refused, not permitted",
    "given up": "evicted, lost",
    "home": "pool, free list",
    "keeper": "signal thread",
    "noped": "replaced by NOPs",
    "passed over": "skipped",
    "so much of": "at most, N bytes of",
    "the way of": "how",
    "told": "reported, logged",
    "works": "contexts",
}
PATTERN = re.compile(r"\b(" + "|".join(TERMS) + r")\b", re.I)


def sources(root):
    for directory in ("src", "exporter", "include"):
        for path, _, names in os.walk(os.path.join(root, directory)):
            yield from (os.path.join(path, name) for name in sorted(names) if name.endswith((".c", ".h")))


def main():
    root = sys.argv[1]
    found = read = 0
    types = {}  # name: file
    for path in sources(root):
        read += 1
        with open(path, encoding="utf-8") as file:
            text = file.read()
            for tag, name in TAGGED.findall(text):
                if tag != name:
                    found += 1
                    print(f"{os.path.relpath(path, root)}: the tag of {name}_t is {tag}; write {name}")
            for number, line in enumerate(text.splitlines(), 1):
                name = TYPE.match(line)
                if name and types.setdefault(name[1], path) != path:
                    found += 1
                    print(f"{os.path.relpath(path, root)}:{number}: {name[1]} is a type of {os.path.relpath(types[name[1]], root)} too")
                for word in PATTERN.findall(line):
                    found += 1
                    print(f"{os.path.relpath(path, root)}:{number}: '{word}'; write {TERMS[word.lower()]}")
    print(f"{read} files, {len(types)} types, {found} findings")
    return 1 if found or read < FILES_MIN or len(types) < TYPES_MIN else 0


sys.exit(main())
