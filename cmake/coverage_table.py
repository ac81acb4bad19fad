#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""coverage_table.py SUMMARY: line coverage of each directory from the JSON summary of gcovr."""
import json
import os
import sys


def main():
    with open(sys.argv[1], encoding="utf-8") as summary:
        files = json.load(summary)["files"]
    table = {}
    for file in files:
        if not file["filename"].startswith(("src/", "exporter/")):
            continue  # headers by their path in the build directory
        parts = os.path.dirname(file["filename"]).split("/")
        for name in {"/".join(parts[:depth]) for depth in range(1, len(parts) + 1)} | {"all"}:
            covered, total = table.get(name, (0, 0))
            table[name] = covered + file["line_covered"], total + file["line_total"]
    for name, (covered, total) in sorted(table.items()):
        print(f"{name:32} {100 * covered / max(total, 1):6.1f} %  {covered:6} of {total}")


main()
