#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""layers.py SOURCE BUILD: compares the table of layers (BUILD/layers.txt, written by cmake/SynfixLayer.cmake) with
the includes of the sources, the symbols that the objects use, and the map in docs/explanation/architecture.md.

A layer may use its own directory and the directories of its line in the table, by include and by link symbol. The
table has no cycle and contains each directory of src and exporter. A directory of the repository has at most
FILES_MAX files."""
import os
import re
import subprocess
import sys

# Split a directory with more files: it has more than one subject.
FILES_MAX = 40

NOT_PERMITTED_SYSTEM_HEADERS = (
    ("glib|gio|gmodule|fixbuf", ("include/", "src/"), ("src/app/",)),
    ("pcap", ("include/", "src/", "exporter/"), ("src/capture/", "src/app/")),
)
# "on_demand/NAME.h" (cmake/SynfixOnDemand.cmake) stands for the header of a library.
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"on_demand/(?P<library>[^"]+)"|"([^"]+)"|<([^>]+)>)')


def read_table(path):
    with open(path, encoding="utf-8") as lines:
        return {name: set(rest.split()) for name, _, rest in (line.rstrip("\n").partition(":") for line in lines)}


def sources(root, directory):
    """C files of the directory itself, without those of its subdirectories."""
    full = os.path.join(root, directory)
    return [os.path.join(directory, name) for name in sorted(os.listdir(full)) if name.endswith((".c", ".h"))]


def directory_of(include):
    path = os.path.dirname(include)
    return path if path.split("/")[0] == "exporter" else "src/" + path


def check_table(root, table):
    for top in ("src", "exporter"):
        for path, _, names in os.walk(os.path.join(root, top)):
            directory = os.path.relpath(path, root)
            if any(name.endswith((".c", ".h")) for name in names) and directory not in table:
                yield f"{directory}: contains C files but is not a layer (synfix_layer in CMake)"
    done = []
    for directory, may in table.items():  # no cycle: each layer stands after the layers that it may use
        for other in may - set(done):
            yield f"{directory}: uses {other}, which is not above it in the table"
        done.append(directory)


def check_sizes(root):
    for top in ("cmake", "conf", "docs", "examples", "exporter", "include", "plugins", "sigdb", "src", "tests"):
        for path, _, names in os.walk(os.path.join(root, top)):
            if len(names) > FILES_MAX and os.path.basename(path) != "__pycache__":
                yield f"{os.path.relpath(path, root)}: {len(names)} files, more than {FILES_MAX}: split the directory"


def check_includes(root, table):
    layers = [(directory, sources(root, directory)) for directory in table]
    layers.append(("include/synfix", sources(root, "include/synfix")))
    for directory, files in layers:
        allowed = table.get(directory, set()) | ({directory} if directory in table else set())
        for file in files:
            with open(os.path.join(root, file), encoding="utf-8") as lines:
                for number, line in enumerate(lines, 1):
                    match = INCLUDE.match(line)
                    own = match[2] if match else None
                    system = match["library"] or match[3] if match else None
                    if own and directory_of(own) not in allowed:
                        yield f"{file}:{number}: {directory} may not include {own}"
                    for pattern, where, excepted in NOT_PERMITTED_SYSTEM_HEADERS:
                        if (system and re.match(pattern, system) and file.startswith(where)
                                and not file.startswith(excepted)):
                            yield f"{file}:{number}: {directory} may not include <{system}>"


def objects(root, build, table):
    """The object files of each directory. Skips objects of sources that have moved; a build directory keeps them."""
    names = {"synfix_" + re.sub("^src/", "", directory).replace("/", "_") + ".dir": directory for directory in table}
    found = {directory: [] for directory in table}
    for path, directories, files in os.walk(build):
        # build directories below this one, for example of sanitizers
        directories[:] = [name for name in directories if not os.path.exists(os.path.join(path, name, "CMakeCache.txt"))]
        part = next((part for part in path.split(os.sep) if part in names), None)
        if part:
            directory = names[part]
            found[directory] += [os.path.join(path, file) for file in files if file.endswith(".o")
                                 and os.path.exists(os.path.join(root, directory, file.removesuffix(".o")))]
    return found


def symbols(file):
    defined, undefined = set(), set()
    for line in subprocess.check_output(["nm", "--", file], text=True).splitlines():
        words = line.split()
        if len(words) == 3 and words[1] in "TDBRVWC":
            defined.add(words[2])
        elif len(words) == 2 and words[0] == "U":
            undefined.add(words[1])
    return defined, undefined


def check_symbols(root, build, table):
    found = {directory: [(file, *symbols(file)) for file in files]
             for directory, files in objects(root, build, table).items()}
    owner = {name: directory for directory, rows in found.items() for _, defined, _ in rows for name in defined}
    if not all(found.values()):
        yield "no objects of: " + " ".join(directory for directory, rows in found.items() if not rows)
    for directory, rows in found.items():
        for file, _, undefined in rows:
            for name in sorted(undefined):
                if owner.get(name, directory) not in table[directory] | {directory}:
                    yield f"{os.path.basename(file)} in {directory} may not use {name} of {owner[name]}"


def check_documentation(root, table):
    with open(os.path.join(root, "docs/explanation/architecture.md"), encoding="utf-8") as lines:
        rows = [line.split("|") for line in lines if re.match(r"\| `(src|exporter)", line)]
    documented = {row[1].strip(" `/"): set(re.findall(r"`([^`]+)`", row[3])) for row in rows}
    for directory in sorted(set(table) ^ set(documented)):
        where = "CMake" if directory in table else "the page"
        yield f"docs/explanation/architecture.md: {directory} is only in {where}"
    for directory in sorted(set(table) & set(documented)):
        if table[directory] != documented[directory]:
            yield (f"docs/explanation/architecture.md: {directory} uses {' '.join(sorted(table[directory]))}, "
                   f"the page states {' '.join(sorted(documented[directory]))}")


def main():
    root, build = sys.argv[1:3]
    table = read_table(os.path.join(build, "layers.txt"))
    wrong = [*check_table(root, table), *check_sizes(root), *check_includes(root, table), *check_symbols(root, build, table),
             *check_documentation(root, table)]
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
