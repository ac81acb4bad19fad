#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""unused_functions.py SOURCE BUILD: prints each function and variable of src and exporter without a user:

  - no other object of the program and the libraries uses it, and its source file does not either: remove it, or
    change the test that uses it so that the test calls the functions of the program;
  - only its own source file uses it, and no test does: make it static.

Functions of the public interface (include/synfix and the version maps of the libraries) need no user in the
project."""
import os
import re
import subprocess
import sys

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
OBJECT = re.compile(r"/CMakeFiles/synfix_\w+\.dir/(?:.*/)?([^/]+\.c)\.o$")
DEFINED = "TDBRVWC"


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return COMMENT.sub("", file.read())


def files(root, directories, ends):
    for directory in directories:
        for path, below, names in os.walk(os.path.join(root, directory)):
            # skip build directories below this one, for example of sanitizers
            below[:] = [name for name in below if not os.path.exists(os.path.join(path, name, "CMakeCache.txt"))]
            yield from (os.path.join(path, name) for name in names if name.endswith(ends))


def words(paths):
    return {word for path in paths for word in re.findall(r"\w+", read(path))}


def layer_sources(root, build):
    """The object of each layer and its source. Skips an object if its source has moved."""
    with open(os.path.join(build, "layers.txt"), encoding="utf-8") as lines:
        directories = [line.partition(":")[0] for line in lines]
    names = {"synfix_" + re.sub("^src/", "", directory).replace("/", "_"): directory for directory in directories}
    found = False
    for path in files(build, ["."], ".c.o"):
        match = OBJECT.search(path)
        target = re.search(r"/CMakeFiles/(\w+)\.dir/", path)
        if match and target and target[1] in names:
            source = os.path.join(root, names[target[1]], match[1])
            if os.path.exists(source):
                found = True
                yield path, source
    if not found:
        sys.exit(f"{build}: no objects of src and exporter")


def symbols(path):
    defined, undefined = set(), set()
    for line in subprocess.check_output(["nm", "--", path], text=True).splitlines():
        row = line.split()
        if len(row) == 3 and row[1] in DEFINED:
            defined.add(row[2])
        elif len(row) == 2 and row[0] == "U":
            undefined.add(row[1])
    return defined, undefined


def faults(root, build):
    rows = [(source, *symbols(path)) for path, source in layer_sources(root, build)]
    public = words([*files(root, ["include"], ".h"), *files(root, ["src", "exporter"], ".map")])
    used = set().union(*(undefined for _, _, undefined in rows)) | {"main"}
    tests = words(files(root, ["tests"], (".c", ".h", ".cc")))
    for source, defined, _ in sorted(rows):
        text = read(source)
        for name in sorted(defined - used - public):
            where = f"{os.path.relpath(source, root)}: {name}"
            if len(re.findall(rf"\b{re.escape(name)}\b", text)) < 2:
                yield f"{where}: " + ("only tests use it" if name in tests else "nothing uses it")
            elif name not in tests:
                yield f"{where}: only this file uses it: make it static"


def print_faults(wrong):
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    print_faults(list(faults(*sys.argv[1:3])))
