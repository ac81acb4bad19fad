#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""coverage_table.py SUMMARY [--fail-under PERCENT DIRECTORY...]: line coverage of each directory from the JSON
summary of gcovr. Fails if the coverage of a named directory, with its subdirectories, is under PERCENT."""
import argparse
import json
import os
import sys


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("summary")
    parser.add_argument("--fail-under", nargs="+", default=["0"], metavar="PERCENT DIRECTORY")
    arguments = parser.parse_args()
    least, *directories = arguments.fail_under
    with open(arguments.summary, encoding="utf-8") as summary:
        files = json.load(summary)["files"]
    table = {}
    for file in files:
        if not file["filename"].startswith(("src/", "exporter/")):
            continue  # links to headers in the build directory
        parts = os.path.dirname(file["filename"]).split("/")
        for name in {"/".join(parts[:depth]) for depth in range(1, len(parts) + 1)} | {"all"}:
            covered, total = table.get(name, (0, 0))
            table[name] = covered + file["line_covered"], total + file["line_total"]
    for name, (covered, total) in sorted(table.items()):
        print(f"{name:32} {100 * covered / max(total, 1):6.1f} %  {covered:6} of {total}")
    low = [name for name in directories if name not in table or 100 * table[name][0] < float(least) * table[name][1]]
    for name in low:
        print(f"{name}: under {least} %; add unit tests", file=sys.stderr)
    return 1 if low else 0


sys.exit(main())
