#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""goals.py --synfix PROGRAM: the figure of each list for each accuracy goal, and whether the list meets the goal.

Prints the table of docs/explanation/accuracy-goals.md. A goal for general-purpose systems counts only rows of such
systems. The held-out lists without later rules count as one list.
"""
import argparse
import glob
import os

import agreeing
import tables

UNIX = {"Linux", "Android", "macOS", "iOS", "Apple", "FreeBSD", "OpenBSD", "NetBSD", "Solaris", "AIX", "HP-UX", "Tru64", "IRIX"}
GENERAL_PURPOSE = UNIX | {"Windows"}
RULES_CAME_LATER = "-devices.jsonl"  # some rules were derived from this held-out list after its first measurement
# kind of packet, figure of `sigdb test`, its name, bound, whether the bound is a maximum
GOALS = (
    ("SYN", "family_right", "right, of decided", 97, False),
    ("SYN", "undecided", "undecided", 5, True),
    ("SYN", "exact", "exact", 90, False),
    ("SYN", "sure_wrong", "sure and wrong", 1, True),
    ("SYN+ACK", "family_right", "right, of decided", 96, False),
    ("SYN+ACK", "undecided", "undecided", 20, True),
    ("both", "desktop", "embedded systems labelled as a desktop system", 2, True),
)


def lists():
    """(name, rows) of each list."""
    data = os.path.join(tables.HERE, "data")
    published = tables.rows_of(os.path.join(data, "published.csv"))
    held_out = [path for path in glob.glob(os.path.join(tables.HERE, "held-out", "*.jsonl")) if not path.endswith(RULES_CAME_LATER)]
    yield "held out", [row for path in held_out for row in tables.rows_of(path)]
    yield "captures", tables.rows_of(os.path.join(data, "captures.jsonl"))
    yield "laboratory", tables.rows_of(os.path.join(data, "laboratory.jsonl"))
    yield "published, without contradicted rows", [row for row in published if agreeing.agrees(row)]
    yield "published", published


def chosen(rows, kind):
    flags = dict(tables.KINDS).get(kind)
    return [row for row in rows if flags is None or
            row["flags"] & 18 == flags and (kind == "SYN" or row["os"] in GENERAL_PURPOSE)]


def cell(figures, name, bound, maximum):
    met = figures[name] <= bound if maximum else figures[name] >= bound
    return f"{figures[name]:.1f} %" + ("" if met else " (not met)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--synfix", required=True)
    synfix = parser.parse_args().synfix
    columns = list(lists())
    measured = {(name, kind): tables.figures(synfix, tables.SHIPPED, chosen(rows, kind))
                for name, rows in columns for kind in {goal[0] for goal in GOALS}}
    print("| packets | goal | " + " | ".join(name for name, _ in columns) + " |\n|---|---|" + "---|" * len(columns))
    titles = {"SYN+ACK": "SYN+ACK, general-purpose systems"}
    for kind, figure, title, bound, maximum in GOALS:
        cells = [cell(measured[name, kind], figure, bound, maximum) for name, _ in columns]
        print(f"| {titles.get(kind, kind)} | {title}: {'at most' if maximum else 'at least'} {bound} % | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
