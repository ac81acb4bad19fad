#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""test_files.py SOURCE BUILD [--suggest]: each C file of src and exporter has a unit test: the file of the same name
(src/files/file_error.c: tests/unit/files/test_file_error.c), or the tests in its line of tests/unit/covers.txt.

A line is wrong if its C file does not exist or has a test of the same name, if one of its tests does not exist, or if
a test does not reach the C file. A test reaches a file if the test names a function or variable of the file, or of a
file that uses it directly or through other files of its part (src/pipeline with src/pipeline/worker, exporter/tls,
src/app). --suggest prints lines for the files without a test."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from unused_functions import files, layer_sources, read, symbols  # noqa: E402

TABLE = "tests/unit/covers.txt"


def mirror(source):
    """The directory of tests that mirrors the directory of a source."""
    return os.path.dirname(source.removeprefix("src/"))


def part(source):
    return part_of_test(source.removeprefix("src/"))


def part_of_test(test):
    """The program is one part: its commands use the other directories of src/app."""
    directories = os.path.dirname(test).split("/")
    return directories[0] if directories[0] != "exporter" else "/".join(directories[:2])


def own_test(source):
    return os.path.join(mirror(source), "test_" + os.path.basename(source))


def read_table(root):
    table = {}
    with open(os.path.join(root, TABLE), encoding="utf-8") as lines:
        for line in lines:
            name, _, tests = line.partition("#")[0].partition(":")
            if name.strip():
                table[name.strip()] = tests.split()
    return table


class Reach:
    """The sources that the text of a test reaches."""

    def __init__(self, root, build):
        self.root = root
        rows = [(os.path.relpath(source, root), *symbols(path)) for path, source in layer_sources(root, build)]
        self.defined = {source: defined - {"main"} for source, defined, _ in rows}
        self.users = {source: set() for source in self.defined}
        owner = {name: source for source, defined, _ in rows for name in defined}
        for source, _, undefined in rows:
            for name in undefined:
                if owner.get(name, source) != source:
                    self.users[owner[name]].add(source)
        self.words = {}

    def words_of(self, test):
        if test not in self.words:
            text = read(os.path.join(self.root, "tests/unit", test))
            for header in re.findall(r'#include "((?:support|unit/[\w/]+)/\w+\.h)"', text):
                text += read(os.path.join(self.root, "tests", header))
            self.words[test] = set(re.findall(r"\w+", text))
        return self.words[test]

    def names(self, test, source):
        return len(self.words_of(test) & self.defined.get(source, set()))

    def ways(self, source):
        """The source, then the files through which a test may reach it, nearest first."""
        found = [source]
        for at in found:
            if part(at) == part(source):
                found += sorted(self.users.get(at, set()) - set(found))
        return found

    def reaches(self, test, source):
        return any(self.names(test, way) for way in self.ways(source))


def suggest(reach, tests, source):
    for way in reach.ways(source):
        for choice in ([test for test in tests if part_of_test(test) == part(source)], tests):
            best = max(choice, key=lambda test: reach.names(test, way), default=None)
            if best and reach.names(best, way):
                return best
    return ""


def faults(root, build, tests):
    table = read_table(root)
    reach = Reach(root, build)
    sources = sorted(os.path.relpath(path, root) for path in files(root, ["src", "exporter"], ".c"))
    for source in sources:
        if own_test(source) not in tests and source not in table:
            yield f"{source}: no tests/unit/{own_test(source)}, and no line in {TABLE}"
    for source, named in table.items():
        if not os.path.exists(os.path.join(root, source)):
            yield f"{TABLE}: {source}: no such file"
        elif own_test(source) in tests:
            yield f"{TABLE}: {source}: has a test of the same name: remove the line"
        elif named == ["-"] and "int main(" in read(os.path.join(root, source)):
            continue
        elif not named or not set(named) <= set(tests):
            yield f"{TABLE}: {source}: no such test: {' '.join(sorted(set(named) - set(tests)))}"
        elif source in reach.defined and not all(reach.reaches(test, source) for test in named):
            yield f"{TABLE}: {source}: {' '.join(named)} does not reach it"


def main():
    root, build = sys.argv[1:3]
    unit = os.path.join(root, "tests/unit")
    tests = sorted(os.path.relpath(os.path.join(path, name), unit) for path, _, names in os.walk(unit)
                   for name in names if name.startswith("test_") and name.endswith(".c"))
    if "--suggest" in sys.argv:
        reach = Reach(root, build)
        for source in sorted(reach.defined):
            if own_test(source) not in tests and source not in read_table(root):
                print(f"{source}: {suggest(reach, tests, source)}")
        return
    wrong = list(faults(root, build, tests))
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
