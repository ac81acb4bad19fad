#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""null_comparisons.py SOURCE BUILD [--fix] DIRECTORY...: a pointer in a condition is compared with NULL.

`if (text)` does not show whether text is a pointer, a number or a flag. Reads the C files of the directories (relative
to SOURCE) with the commands of BUILD/compile_commands.json. --fix rewrites the files."""
import json
import os
import re
import shlex
import sys

try:
    from clang import cindex
except ImportError:
    print("skipped: no clang for Python; install the package python3-clang")
    sys.exit(77)

KIND = cindex.CursorKind
LOOSE = (KIND.CONDITIONAL_OPERATOR, KIND.COMPOUND_ASSIGNMENT_OPERATOR)


class File:
    def __init__(self, path):
        with open(path, "rb") as source:
            self.text = source.read()
        self.path = path
        self.edits = {}  # offset: (bytes to delete, text to insert)
        self.found = set()

    def of(self, cursor):
        """Start and end of the cursor, None where a macro made it."""
        extent = cursor.extent
        if extent.start.file is None or extent.start.file.name != self.path or extent.end.offset <= extent.start.offset:
            return None
        return extent.start.offset, extent.end.offset

    def between(self, one, other):
        return self.text[one:other].decode("utf-8", "replace")


def is_pointer(cursor):
    return cursor.type.get_canonical().kind == cindex.TypeKind.POINTER


def operator(file, cursor, children):
    """Text of a binary operator, '' where a macro hides it."""
    left, right = file.of(children[0]), file.of(children[1])
    if left is None or right is None or left[1] > right[0]:
        return ""
    return re.sub(r"/\*.*?\*/|[\s()]", "", file.between(left[1], right[0]), flags=re.S)


def compare(file, cursor, sign):
    """Appends `sign NULL` to the expression."""
    where = file.of(cursor)
    if where is None or where in file.found:
        return
    file.found.add(where)
    inner = list(cursor.get_children())
    loose = cursor.kind in LOOSE or (cursor.kind == KIND.BINARY_OPERATOR and len(inner) == 2
                                     and operator(file, cursor, inner) in ("=", "?:", ","))
    while cursor.kind == KIND.UNEXPOSED_EXPR and len(inner) == 1:
        cursor, inner = inner[0], list(inner[0].get_children())
    if loose:
        file.edits.setdefault(where[0], []).append((0, "("))
    file.edits.setdefault(where[1], []).append((0, (")" if loose else "") + f" {sign} NULL"))


def for_condition(file, cursor):
    where = file.of(cursor)
    if where is None:
        return None
    depth, marks = 0, []
    for offset in range(where[0], where[1]):
        char = file.text[offset:offset + 1]
        depth += (char == b"(") - (char == b")")
        if char == b";" and depth == 1:
            marks.append(offset)
        if char == b")" and depth == 0:
            break
    if len(marks) != 2:
        return None
    for child in cursor.get_children():
        inside = file.of(child)
        if inside and marks[0] < inside[0] < marks[1]:
            return child
    return None


KEYWORDS = {KIND.IF_STMT: b"if", KIND.WHILE_STMT: b"while", KIND.DO_STMT: b"do", KIND.FOR_STMT: b"for"}


def conditions(file, cursor):
    """Expressions below the cursor that are conditions; none in the expansion of a macro."""
    children = list(cursor.get_children())
    where = file.of(cursor)
    keyword = KEYWORDS.get(cursor.kind)
    if where is None or (keyword and not file.text.startswith(keyword, where[0])):
        return
    if cursor.kind in (KIND.IF_STMT, KIND.WHILE_STMT) and children:
        yield children[0]
    elif cursor.kind == KIND.CONDITIONAL_OPERATOR and "?" in operator(file, cursor, children):
        yield children[0]
    elif cursor.kind == KIND.DO_STMT and children:
        yield children[-1]
    elif cursor.kind == KIND.FOR_STMT:
        condition = for_condition(file, cursor)
        if condition is not None:
            yield condition
    elif cursor.kind == KIND.BINARY_OPERATOR and len(children) == 2 and operator(file, cursor, children) in ("&&", "||"):
        yield from children
    elif (cursor.kind == KIND.UNEXPOSED_EXPR and cursor.type.get_canonical().kind == cindex.TypeKind.BOOL
          and len(children) == 1):
        yield children[0]


def visit(file, cursor, parent):
    where = file.of(cursor)
    children = list(cursor.get_children())
    if cursor.kind == KIND.UNARY_OPERATOR and where and file.text[where[0]:where[0] + 1] == b"!" and is_pointer(children[0]):
        if where not in file.found:
            file.found.add(where)
            inside = file.of(children[0])
            wrap = parent is not None and parent.kind == KIND.BINARY_OPERATOR and operator(
                file, parent, list(parent.get_children())) not in ("&&", "||", "=")
            if inside:
                file.found.add(inside)
                file.edits.setdefault(where[0], []).append((1, "(" if wrap else ""))
                file.edits.setdefault(inside[1], []).append((0, " == NULL" + (")" if wrap else "")))
    for condition in conditions(file, cursor):
        if is_pointer(condition):
            compare(file, condition, "!=")
    for child in children:
        visit(file, child, cursor)


def apply(file):
    text, last = bytearray(), 0
    for offset in sorted(file.edits):
        text += file.text[last:offset]
        last = offset
        for delete, insert in file.edits[offset]:
            text += insert.encode()
            last = max(last, offset + delete)
    text += file.text[last:]
    with open(file.path, "wb") as target:
        target.write(text)


def arguments(entry):
    words = shlex.split(entry["command"])
    words = words[1:] if os.path.basename(words[0]) == "ccache" else words
    skip = {"-o": 1, "-c": 0, "-MD": 0, "-MT": 1, "-MF": 1}
    kept, at = [], 1
    while at < len(words):
        word = words[at]
        if word in skip:
            at += skip[word]
        elif not word.startswith(("-f", "-W")) and word != entry["file"]:
            kept.append(word)
        at += 1
    return kept


def main():
    fix = "--fix" in sys.argv
    source, build, *directories = [word for word in sys.argv[1:] if word != "--fix"]
    source = os.path.realpath(source)
    wanted = tuple(os.path.join(source, directory) + "/" for directory in directories)
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as commands:
        entries = [entry for entry in json.load(commands) if entry["file"].startswith(wanted)]
    index, result = cindex.Index.create(), 0
    for entry in entries:
        unit = index.parse(entry["file"], [*arguments(entry), f"-working-directory={entry['directory']}"])
        errors = [note for note in unit.diagnostics if note.severity >= cindex.Diagnostic.Error]
        if errors:
            print(f"{entry['file']}: {errors[0].spelling}")
            result = 1
            continue
        file = File(entry["file"])
        for cursor in unit.cursor.get_children():
            if cursor.location.file is not None and cursor.location.file.name == file.path:
                visit(file, cursor, None)
        for start, _ in sorted(file.found):
            line = file.text.count(b"\n", 0, start) + 1
            if not fix:
                print(f"{os.path.relpath(file.path, source)}:{line}: pointer without a comparison with NULL")
                result = 1
        if fix and file.edits:
            apply(file)
    if not entries:
        print("no file to check")
        result = 1
    return result


sys.exit(main())
