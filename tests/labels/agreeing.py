#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""agreeing.py LIST.csv: the rows whose initial TTL is that of the named system, as extract.py demands of its own rows.

Where it is another, something on the way sent the packet: agent strings of clients behind proxies are such rows.
"""
import csv
import sys

import extract


def agrees(row):
    seen = sum(int(part) for part in row["p0f_raw"].split(":")[1].rstrip("?").split("+"))
    initial = next(limit for limit in (32, 64, 128, 255) if seen <= limit)
    return initial == extract.TTL_CLASS.get(row["os"], initial)


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        out = csv.DictWriter(sys.stdout, rows.fieldnames, lineterminator="\n")
        out.writeheader()
        out.writerows(row for row in rows if agrees(row))


if __name__ == "__main__":
    main()
