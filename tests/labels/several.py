#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""several.py --synfix PROGRAM --sigdb FILE LIST...: the verdict about several observations of a system.

A set contains the different signatures of one system in one collection. Each choice of two, three and four of them,
and each whole set, becomes one host of a synthetic capture: its packets are built from the signatures, each with
another peer. `synfix hosts` states the verdict, `synfix read` the single answers. Only hosts with right and wrong
single answers count. Prints the shares of right single answers, surest answers and verdicts. Exit code 1: the verdict
is right less often than the surest answer or than the average single answer.
"""
import argparse
import collections
import ipaddress
import itertools
import json
import os
import subprocess
import sys
import tempfile

import signature_packets

LARGEST_SET = 12
SIZES = (2, 3, 4)
FAMILIES = {"Android": "Linux", "gVisor": "Linux", "ChromeOS": "Linux", "macOS": "Apple", "iOS": "Apple", "macOS or iOS": "Apple",
            "Mac OS X": "Apple", "Mac OS": "Apple", "Cisco IOS": "Cisco"}


def family(name):
    return FAMILIES.get(name, name)


def is_right(answer, truth):
    """Whether an answer (`Linux`, `FreeBSD or macOS`) names the family of a system."""
    return family(truth) in {family(name) for name in [answer, *answer.split(" or ")]}


def sets_of(paths):
    """{(collection, system, its version, flags, IP version): rows with different signatures} of two rows or more."""
    sets = collections.defaultdict(dict)
    for path in paths:
        with open(path, encoding="utf-8") as stream:
            for line in stream:
                row = json.loads(line)
                if row["os"] not in ("embedded", "Proxy") and signature_packets.can_build(row):
                    version = row["p0f_raw"][0]
                    key = row["source"].split("/")[0], row["os"], row.get("os_version", ""), row["flags"], version
                    sets[key].setdefault(row["p0f_raw"], row)
    return {key: list(rows.values())[:LARGEST_SET] for key, rows in sets.items() if len(rows) > 1}


def samples_of(sets, size):
    """Each choice of a number of signatures from each set."""
    return {(*key, number): list(choice) for key, rows in sets.items()
            for number, choice in enumerate(itertools.combinations(rows, size))}


def address(number):
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def host_of(text):
    """The number of a host, from its IPv4 or IPv6 address; a peer has another number."""
    packed = ipaddress.ip_address(text).packed[-4:]
    return packed[1] << 16 | packed[2] << 8 | packed[3] if packed[0] == 10 else 1 << 24


def run(program, arguments):
    output = subprocess.run([program, *arguments], capture_output=True, check=True).stdout.decode()
    return [json.loads(line) for line in output.splitlines()]


def surest(singles):
    """The first answer with the highest quality."""
    return max(singles, key=lambda single: single[1]) if singles else ("", 0)


def measure(program, sigdb, sets):
    """(single answers right, surest right, verdict right) of each set with different answers."""
    with tempfile.TemporaryDirectory() as work:
        capture = os.path.join(work, "sets.pcap")
        keys = list(sets)
        with open(capture, "wb") as stream:
            signature_packets.write(stream, [(address(number), sets[key]) for number, key in enumerate(keys)])
        hosts = run(program, ["hosts", capture, "--format", "json", "--sigdb", sigdb])
        singles = collections.defaultdict(list)
        for record in run(program, ["read", capture, "--to", "json:-", "--sigdb", sigdb]):
            if "tcp_fp" in record:
                found = record["tcp_fp"]
                if found["kind"] in ("syn", "syn+ack") and host_of(record["src_ip"]) < len(keys):
                    singles[host_of(record["src_ip"])].append((found.get("family", ""), found.get("family_quality", 0)))
    verdicts = {host_of(host["address"]): host["family"] for host in hosts}
    for number, key in enumerate(keys):
        answers = singles[number]
        right = [is_right(name, key[1]) for name, _ in answers]
        if any(right) != all(right):
            yield (sum(right) / len(right), is_right(surest(answers)[0], key[1]),
                   is_right(verdicts.get(number, ""), key[1]), key, answers)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--synfix", required=True)
    parser.add_argument("--sigdb", required=True)
    parser.add_argument("--all", action="store_true", help="print each host whose verdict is wrong")
    parser.add_argument("lists", nargs="+")
    arguments = parser.parse_args()
    sets = sets_of(arguments.lists)
    worse = False
    for name, hosts in [(f"{size} of a set", samples_of(sets, size)) for size in SIZES] + [("whole sets", sets)]:
        results = list(measure(arguments.synfix, arguments.sigdb, hosts))
        single, surest_right, verdict = (sum(result[i] for result in results) for i in range(3))
        print(f"{name}: hosts={len(hosts)} different={len(results)} single={single:.0f} surest={surest_right} "
              f"verdict={verdict}")
        for result in results:
            if arguments.all and not result[2]:
                print(" ", *result[3:])
        worse = worse or not results or verdict < surest_right or verdict <= single
    sys.exit(worse)


if __name__ == "__main__":
    main()
