#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""apply.py CALIBRATION DATABASE: the qualities that `synfix sigdb calibrate` suggests into the database.

A label without observations keeps its quality, but gets no more than what labels with few observations have in
common.
"""
import re
import sys

SECTION = re.compile(r"(SYN\+ACK|SYN), labels.*observations: (\d+)\)")
LABEL = re.compile(r"(?:exact|generic)\s+\d+\s+(\d+)\s+\d+\s+\d+%\s+\S+?:(\d+): ")


def read_calibration(path):
    """The quality of a label without observations by section, and (quality, line of a sig)."""
    unseen, suggested, section = {}, [], None
    with open(path, encoding="utf-8") as stream:
        for line in stream:
            if match := SECTION.match(line):
                section = match[1]
                unseen[section] = int(match[2])
            elif match := LABEL.match(line):
                suggested.append((int(match[1]), int(match[2])))
    return unseen, suggested


def blocks_of(lines):
    """(first line, line behind the last, section) of each label behind [tcp:request]."""
    request, response = lines.index("[tcp:request]"), lines.index("[tcp:response]")
    starts = [at for at, line in enumerate(lines) if line.startswith("label =") and at > request]
    for start, end in zip(starts, starts[1:] + [len(lines)]):
        yield start, end, "SYN+ACK" if start > response else "SYN"


def quality_line(lines, start, end):
    return next((at for at in range(start, end) if lines[at].startswith("quality =")), None)


def main(calibration, database):
    unseen, suggested = read_calibration(calibration)
    with open(database, encoding="utf-8") as stream:
        lines = stream.read().split("\n")
    known = {}  # by label, stated quality and section: calibrate keeps them together
    for start, end, section in blocks_of(lines):
        at = quality_line(lines, start, end)
        for quality, line in suggested:
            if start < line - 1 < end and at is not None:
                known.setdefault((lines[start], lines[at], section), []).append(quality)
    changed = 0
    for start, end, section in blocks_of(lines):
        at = quality_line(lines, start, end)
        if at is None or section not in unseen:
            continue
        found = known.get((lines[start], lines[at], section))
        quality = min(found) if found else min(int(lines[at].split("=")[1]), unseen[section])
        changed += lines[at] != f"quality = {quality}"
        lines[at] = f"quality = {quality}"
    with open(database, "w", encoding="utf-8") as stream:
        stream.write("\n".join(lines))
    print(f"changed={changed}")


if __name__ == "__main__":
    main(*sys.argv[1:])
