#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""habits.py --synfix PROGRAM --sigdb FILE LIST... > habit_counts.h: counts labelled hosts by family and habit.

The lists contain hosts with several observations (host_rows.py). `synfix hosts` states the habits of each host. A
collection counts at most five hosts in one cell.
"""
import argparse
import collections
import os
import tempfile

import hosts
from several import host_of

MOST = 5
NAMES = {"Linux": "Linux", "Windows": "Windows", "Apple": "macOS or iOS"}
HABITS = {"ip_ids": ("zero", "counter", "jumps", "varied"), "clock_rate": ("1000", "250", "100", "other"),
          "clock_offset": ("boot", "peer", "connection", "one_peer")}

HEAD = """/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file habit_counts.h
 * Labelled hosts by family and habit. Written by tests/labels/habits.py; do not edit.
 */
#ifndef VERDICT_HABIT_COUNTS_H
#define VERDICT_HABIT_COUNTS_H

#include "verdict/host_habits.h"

/* Hosts of one family; one collection counts as five hosts of a cell at most. The indices are those of the enumerations. */
typedef struct habit_counts {
    const char *family;
    float ip_ids[2][IP_ID_HABITS]; /* of SYNs, of SYN+ACKs */
    float rates[CLOCK_RATES];
    float offsets[CLOCK_OFFSETS];
} habit_counts_t;

static const habit_counts_t habit_counts[] = {"""


def cells(program, sigdb, rows):
    """{(family, member, role, value): hosts}"""
    by_collection = collections.Counter()
    with tempfile.TemporaryDirectory() as work:
        capture = os.path.join(work, "hosts.pcap")
        hosts.write(capture, rows)
        for host in hosts.run(program, ["hosts", capture, "--format", "json", "--sigdb", sigdb]):
            number = host_of(host["address"])
            if number >= len(rows):
                continue
            family = hosts.family(rows[number]["os"])
            for member in HABITS:
                if family in NAMES and host.get(member):
                    role = host["role"] if member == "ip_ids" else ""
                    by_collection[rows[number]["collection"], family, member, role, host[member]] += 1
    found = collections.Counter()
    for (_, *cell), count in by_collection.items():
        found[tuple(cell)] += min(count, MOST)
    return found


def numbers(found, family, member, role):
    return "{0, " + ", ".join(str(found[family, member, role, value]) for value in HABITS[member]) + "}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--synfix", required=True)
    parser.add_argument("--sigdb", required=True)
    parser.add_argument("lists", nargs="+")
    arguments = parser.parse_args()
    found = cells(arguments.synfix, arguments.sigdb, hosts.load(arguments.lists))
    print(HEAD)
    for family, name in NAMES.items():
        print(f'    {{"{name}",\n     {{{numbers(found, family, "ip_ids", "client")}, '
              f'{numbers(found, family, "ip_ids", "server")}}},\n     {numbers(found, family, "clock_rate", "")},\n'
              f'     {numbers(found, family, "clock_offset", "")}}},')
    print("};\n\n#endif")


if __name__ == "__main__":
    main()
