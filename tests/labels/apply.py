#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""apply.py CALIBRATION DATABASE: writes the qualities that `synfix sigdb calibrate` suggests into the database.

A label without observations keeps its quality, limited to the share of the prior and to 89. If a label has a
family_quality, calibrate measures the family_quality; the quality (of the version) remains, limited to the
family_quality.
"""
import difflib
import re
import sys

SECTION = re.compile(r"(SYN\+ACK|SYN), labels.*observations: (\d+)\)")
LABEL = re.compile(r"(?:exact|generic)\s+\d+\s+(\d+)\s+(\d+)\s+\d+\s+\d+%\s+\S+?:(\d+): (.*)")
CLASS_MARGIN = 3  # a class line needs at least this difference to the family


def read_calibration(path):
    """(qualities of labels without observations by section, [(quality, class quality, line of a sig, label)])"""
    unseen, suggested, section = {}, [], None
    with open(path, encoding="utf-8") as stream:
        for line in stream:
            if match := SECTION.match(line):
                section = match[1]
                unseen[section] = int(match[2])
            elif match := LABEL.match(line):
                suggested.append((int(match[1]), int(match[2]), int(match[3]), match[4]))
    return unseen, suggested


def blocks_of(lines):
    """(first line, line after the last one, section) of each label after [tcp:request]."""
    request, response = lines.index("[tcp:request]"), lines.index("[tcp:response]")
    starts = [at for at, line in enumerate(lines) if line.startswith("label =") and at > request]
    for start, end in zip(starts, starts[1:] + [len(lines)]):
        yield start, end, "SYN+ACK" if start > response else "SYN"


def field(lines, start, end, name):
    """(line, value) of a number of the label, or (None, None)."""
    for at in range(start, end):
        if lines[at].startswith(f"{name} ="):
            return at, int(lines[at].split("=")[1])
    return None, None


def family_quality(lines, start, end):
    at, value = field(lines, start, end, "family_quality")
    return (at, value) if at is not None else field(lines, start, end, "quality")


def put(lines, start, end, name, value):
    """Sets a field of the label. A new field follows the quality. Returns the number of added lines."""
    at, _ = field(lines, start, end, name)
    if at is not None:
        lines[at] = f"{name} = {value}"
        return 0
    lines.insert(field(lines, start, end, "quality")[0] + 1, f"{name} = {value}")
    return 1


def text_of(line):
    """Converts `label = s:unix:Linux:4.20 or newer` to `Linux 4.20 or newer`."""
    return " ".join(line.split("=", 1)[1].strip().split(":", 3)[2:]).strip()


def remove(lines, start, end, name):
    at, _ = field(lines, start, end, name)
    if at is not None:
        del lines[at]


def main(calibration, database):
    unseen, suggested = read_calibration(calibration)
    with open(database, encoding="utf-8") as stream:
        lines = stream.read().split("\n")
    before = list(lines)
    blocks = list(blocks_of(lines))
    known = {}  # by label, stated quality and section: calibrate combines them
    for start, end, section in blocks:
        for family, of_class, line, text in suggested:
            if start < line - 1 < end:
                if text != text_of(lines[start]):
                    sys.exit(f"{calibration}: line {line} of the database is not of {text}; run calibrate again")
                key = lines[start], family_quality(lines, start, end)[1], section
                known.setdefault(key, []).append((family, of_class))
    for start, end, section in reversed(blocks):
        at, stated = family_quality(lines, start, end)
        if at is None or section not in unseen:
            continue
        found = known.get((lines[start], stated, section))
        family = min(one for one, _ in found) if found else min(stated, unseen[section])
        lines[at] = f"{lines[at].split(' =')[0]} = {family}"
        at, quality = field(lines, start, end, "quality")
        lines[at] = f"quality = {min(quality, family)}"
        of_class = min(one for _, one in found) if found else 0
        if of_class >= family + CLASS_MARGIN:
            put(lines, start, end, "class_quality", of_class)
        else:
            remove(lines, start, end, "class_quality")
    with open(database, "w", encoding="utf-8") as stream:
        stream.write("\n".join(lines))
    changes = difflib.unified_diff(before, lines, n=0, lineterm="")
    print(f"changed={sum(line.startswith('+') and not line.startswith('+++') for line in changes)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
