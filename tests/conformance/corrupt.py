#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Tests the comparison: changes single lines of synfix, one at a time. The comparison must fail for each change.

corrupt.py SYNFIX CAPTURE...     0: the comparison finds all changes; 1: it misses some; 77: p0f is missing
"""
import copy
import os
import sys

import compare
import lines
from report import Report

EACH = 3  # changed lines for each kind of line and capture
# Field of a line: functions that return a wrong value.
WRONG = {
    "raw_sig": [lambda text: text.replace(":", "+1:", 1), lambda text: text[:-1] + ("0" if text[-1] == "+" else "+"),
                lambda text: text.replace("mss,", "nop,mss,", 1), lambda text: text.replace("df", "", 1),
                lambda text: text.replace("*", "", 1)],
    "os": [lambda text: text + " x", lambda text: "???"],
    "dist": [lambda text: text + "1"],
    "params": [lambda text: "generic" if text == "none" else "none"],
    "link": [lambda text: text + "x"],
    "raw_mtu": [lambda text: text + "1"],
    "uptime": [lambda text: text.replace("days", "day")],
    "raw_freq": [lambda text: "1" + text],
    "subj": [lambda text: "srv" if text == "cli" else "cli"],
    "time": [lambda text: text[:-1] + str((int(text[-1]) + 1) % 10)],
}


def unexplained(capture, ours, theirs, refused):
    report = Report()
    compare.compare_one(report, capture, capture, ours, theirs, refused, None)
    return len(report.failures)


def changed_lines(ours, theirs):
    """(description, lines with one change)"""
    reported = {(frame, line["mod"]) for frame, line in theirs}
    done = {}
    for at, (frame, line, packet) in enumerate(ours.lines):
        if (frame, line["mod"]) not in reported:
            continue
        changes = [(name, change) for name in WRONG for change in WRONG[name] if line.get(name)]
        for number, (name, change) in enumerate(changes):
            wrong = dict(line, **{name: change(line[name])})
            done[line["mod"], number] = done.get((line["mod"], number), 0) + 1
            if wrong != line and done[line["mod"], number] <= EACH:
                yield f"{line['mod']} frame {frame}: {name} is {wrong[name]}", replaced(ours, at, [(frame, wrong, packet)])
        done[line["mod"]] = done.get(line["mod"], 0) + 1
        if done[line["mod"]] <= EACH:
            yield f"{line['mod']} frame {frame} is missing", replaced(ours, at, [])
            moved = [(frame, line, packet), (len(ours.frames) + 1, line, dict(packet, frame=None))]
            yield f"{line['mod']} frame {frame} is reported twice", replaced(ours, at, moved)


def replaced(ours, at, with_lines):
    changed = copy.copy(ours.lines)
    changed[at:at + 1] = with_lines
    return ours._replace(lines=changed)


def main():
    lines.need_p0f()
    synfix, captures = sys.argv[1], sys.argv[2:]
    tried, missed = 0, []
    for capture in captures:
        ours = lines.run_synfix(synfix, capture)
        reported, refused = lines.run_p0f(capture)
        theirs = lines.give_frames(ours, reported)
        if unexplained(capture, ours, theirs, refused):
            print(f"{capture}: differs without a change")
            return 1
        for what, wrong in changed_lines(ours, theirs):
            tried += 1
            if not unexplained(capture, wrong, theirs, refused):
                missed.append(f"{os.path.basename(capture)}: {what}")
    print(f"{tried} changes, {len(missed)} of them not found")
    for what in missed:
        print(" ", what)
    return 1 if missed or tried == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
