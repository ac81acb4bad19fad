#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""agreeing.py [--order] LIST.csv: prints the rows that do not contradict their label. extract.py has the same
conditions for its rows.

The order of the options must not be that of another system (option_order.py), and the initial TTL must be that of the
named system. Otherwise, another device on the path sent the packet; typical rows have agent strings of clients behind
proxies. --order checks only the order: such a system may have another TTL.
"""
import csv
import sys

import extract
import option_order


# satori does not record the IP ID.
def order_agrees(row):
    unknown_id = row["source"].startswith("satori")
    signature = row["p0f_raw"].replace(":df:", ":df,id+:") if unknown_id else row["p0f_raw"]
    return option_order.possible(row["os"], signature)


def ttl_agrees(row):
    seen = sum(int(part) for part in row["p0f_raw"].split(":")[1].rstrip("?").split("+"))
    initial = next(limit for limit in (32, 64, 128, 255) if seen <= limit)
    return initial == extract.TTL_CLASS.get(row["os"], initial)


def agrees(row):
    return order_agrees(row) and ttl_agrees(row)


def main():
    order_only = sys.argv[1:2] == ["--order"]
    with open(sys.argv[-1], encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        out = csv.DictWriter(sys.stdout, rows.fieldnames, lineterminator="\n")
        out.writeheader()
        out.writerows(row for row in rows if (order_agrees(row) if order_only else agrees(row)))


if __name__ == "__main__":
    main()
