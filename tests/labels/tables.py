#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Prints the tables of figures of docs/explanation/accuracy*.md, from the lists in data and held-out.

tables.py --synfix PROGRAM [--other FILE] [LIST...]: --other is a database for comparison (p0f.fp). LISTs are further
lists, which count as one collection.
"""
import argparse
import csv
import glob
import json
import os
import re
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SHIPPED = os.path.join(HERE, "../../sigdb/synfix.fp")
KINDS = (("SYN", 2), ("SYN+ACK", 18))
EARLIER = "earlier lists"
LEAST = 10  # observations of a collection with a separate line


def rows_of(path):
    with open(path, encoding="utf-8") as stream:
        if path.endswith(".csv"):
            return [row | {"flags": int(row["flags"])} for row in csv.DictReader(stream)]
        return [json.loads(line) for line in stream]


def figures(program, database, rows):
    """The figures of `sigdb test` for the rows, as {name: number}."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as stream:
        for row in rows:
            stream.write(json.dumps(row) + "\n")
        stream.flush()
        output = subprocess.run([program, "sigdb", "test", "--sigdb", database, stream.name], capture_output=True,
                                text=True, check=True).stdout
    return {name: float(value) for name, value in re.findall(r"(\w+)=([\d.]+)", output)}


def list_table(arguments, lists):
    print("| list | database | right, of decided | undecided | exact | sure and wrong |\n|---|---|---|---|---|---|")
    for name, rows in lists:
        for kind, flags in KINDS:
            chosen = [row for row in rows if row["flags"] & 18 == flags]
            if not chosen:
                continue
            title = f"{name}, {kind}, {len(chosen)}"
            for database in [SHIPPED] + arguments.other:
                own = figures(arguments.synfix, database, chosen)
                sure = f"{own['sure_wrong']:.1f} %" if database == SHIPPED else ""
                print(f"| {title} | {os.path.basename(database)} | {own['family_right']:.1f} % | {own['undecided']:.1f} % | "
                      f"{own['exact']:.1f} % | {sure} |")
                title = ""


def collection_of(row):
    return row["source"].split("/")[0].replace("laboratory ", "laboratory, ")


def collection_table(program, rows, kind, flags):
    rows = [row for row in rows if row["flags"] & 18 == flags]
    everything = figures(program, SHIPPED, rows)
    print(f"\n| {kind} | observations | right, of decided | undecided | without it: right | without it: undecided |\n"
          "|---|---|---|---|---|---|")
    print(f"| all | {len(rows)} | {everything['family_right']:.1f} % | {everything['undecided']:.1f} % | | |")
    names = {}
    for row in rows:
        names.setdefault(collection_of(row), []).append(row)
    for name, members in sorted(names.items(), key=lambda item: -len(item[1])):
        if len(members) < LEAST:
            continue
        own = figures(program, SHIPPED, members)
        rest = figures(program, SHIPPED, [row for row in rows if collection_of(row) != name])
        print(f"| {name.split('+')[-1]} | {len(members)} | {own['family_right']:.1f} % | {own['undecided']:.1f} % | "
              f"{rest['family_right']:.1f} % | {rest['undecided']:.1f} % |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--synfix", required=True)
    parser.add_argument("--other", action="append", default=[])
    parser.add_argument("lists", nargs="*")
    arguments = parser.parse_args()
    data = [(name, rows_of(os.path.join(HERE, "data", file))) for name, file in
            (("captures", "captures.jsonl"), ("laboratory", "laboratory.jsonl"), ("published", "published.csv"))]
    earlier = [row | {"source": EARLIER} for path in arguments.lists for row in rows_of(path)]
    further = [(EARLIER, earlier)] if earlier else []
    held_out = [(f"held out, {os.path.basename(path)}", rows_of(path))
                for path in sorted(glob.glob(os.path.join(HERE, "held-out", "*.jsonl")))]
    list_table(arguments, data + further + held_out)
    for kind, flags in KINDS:
        collection_table(arguments.synfix, [row for _, rows in data + further for row in rows], kind, flags)
    lists = [os.path.join(HERE, "data", file) for file in ("captures.jsonl", "laboratory.jsonl", "published.csv")]
    bands = subprocess.run([arguments.synfix, "sigdb", "calibrate", "--sigdb", SHIPPED, *lists], capture_output=True,
                           text=True, check=True).stdout
    print()
    print("\n".join(line for line in bands.splitlines() if re.match(r"SYN.*(database|turn|divisions):$|quality|^ ?\d+ to ", line)))


if __name__ == "__main__":
    main()
