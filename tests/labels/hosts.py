#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""hosts.py --synfix PROGRAM --sigdb FILE LIST...: compares the verdict about hosts with their best single answer.

A list contains hosts with several observations (host_rows.py). `synfix hosts` and `synfix read` process packets that
are rebuilt from the list; with --p0f FILE, p0f's database is a second input. The tables cover the verdict, the surest
single answer, the average single answer and p0f's answers: right of decided (family), undecided, right and wrong
versions if the evidence has a version, and the share of right answers by band of quality. bits: mean surprise at the
right answer for the stated quality, in bits. Exit code 1: the verdict is wrong more often than the surest answer, or
has more bits, or decides fewer hosts by more than one percent.
"""
import argparse
import collections
import json
import math
import os
import struct
import subprocess
import sys
import tempfile

import signature_packets
import versions
from several import address, family, host_of, is_right

LEAST = 2
SECOND = 1000
SURE = 90


def load(paths):
    """Rows with at least two packets that can be built, each distinct host of a collection once."""
    rows, seen = [], set()
    for path in paths:
        with open(path, encoding="utf-8") as stream:
            for line in stream:
                row = json.loads(line)
                row["collection"] = row["source"].split("/")[0]
                known = [signature_packets.can_build({"flags": flags, "p0f_raw": text, "syn_layout": offered})
                         for flags, text, _, offered in row["signatures"]]
                row["packets"] = [one for one in row["packets"] if known[one[1]]]
                key = row["collection"], row["os"], json.dumps(row["packets"])
                if len(row["packets"]) >= LEAST and row["os"] != "embedded" and key not in seen:
                    seen.add(key)
                    rows.append(row)
    return rows


def frames(row, host):
    """(milliseconds, packet) of a host."""
    for time, number, identification, own, peer, source_port, destination_port in row["packets"]:
        flags, text, _, offered = row["signatures"][number]
        other = f"192.0.{2 + (peer >> 8)}.{peer & 255}"
        if flags == 2:
            ends = (host, other, source_port, destination_port)
            yield time, signature_packets.packet(text, ends, 2, 0, own, identification)
            continue
        version = text[0]
        quirks = ("df,id+" if version == "4" else "flow") + (",ecn" if ",ecn" in text else "")
        ask = f"{version}:64:0:1460:64240,7:{offered}:{quirks}:0"
        yield time, signature_packets.packet(ask, (other, host, destination_port, source_port), 2, 0)
        ends = (host, other, source_port, destination_port)
        yield time, signature_packets.packet(text, ends, 18, 123456789 if "ts" in offered else 0, own, identification)


def write(path, rows):
    with open(path, "wb") as stream:
        stream.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, signature_packets.RAW_IP))
        for number, row in enumerate(rows):
            for time, data in frames(row, address(number)):
                stream.write(struct.pack("<IIII", signature_packets.START + time // SECOND, time % SECOND * 1000, len(data),
                                         len(data)) + data)


def run(program, arguments):
    output = subprocess.run([program, *arguments], capture_output=True, check=True).stdout.decode()
    return [json.loads(line) for line in output.splitlines()]


class Answer:
    def __init__(self, name="", flavor="", quality=0, version_quality=0):
        self.family, self.flavor, self.quality, self.version_quality = name, flavor, quality, version_quality

    def decided(self):
        return bool(self.family) and not self.family.startswith("Proxy") and self.quality > 0


def singles_of(program, capture, sigdb, count):
    found = collections.defaultdict(list)
    for record in run(program, ["read", capture, "--to", "json:-", "--sigdb", sigdb]):
        one = record.get("tcp_fp", {})
        if one.get("kind") not in ("syn", "syn+ack") or host_of(record["src_ip"]) >= count:
            continue
        if one.get("match", "none") == "none" or one.get("class") == "!":
            one = {"kind": one["kind"]}
        role = "client" if one["kind"] == "syn" else "server"
        quality = one.get("family_quality", one.get("quality", 0))
        found[host_of(record["src_ip"]), role].append(
            Answer(one.get("family", ""), one.get("flavor", ""), quality, one.get("quality", 0)))
    return found


def verdicts_of(program, capture, sigdb):
    found = {}
    for host in run(program, ["hosts", capture, "--format", "json", "--sigdb", sigdb]):
        name = host["family"] if host["label"] not in host.get("tools", "").split(", ") else ""
        flavor = host["label"][len(name) + 1:] if host["label"].startswith(name) else host["label"]
        found[host_of(host["address"]), host["role"]] = Answer(name, flavor, host["quality"], host.get("version_quality", 0))
    return found


def version_of(row, answer):
    """Whether the version of an answer is right. None if the answer has no version, or if only an agent string has
    one."""
    return versions.agree(family(row["os"]), row["os_version"], answer.flavor) if row["trust"] == "high" else None


def surest(answers):
    decided = [one for one in answers if one.decided()]
    return max(decided, key=lambda one: one.quality) if decided else Answer()


class Score:
    """Counts of answers about hosts."""

    def __init__(self):
        self.counts = collections.Counter()
        self.bands = collections.defaultdict(list)
        self.versions = collections.defaultdict(list)

    def add(self, row, answer, weight=1.0):
        self.counts["hosts"] += weight
        if row["os"] == "Proxy":
            self.counts["right" if not answer.decided() else "wrong"] += weight
            return
        if not answer.decided():
            self.counts["undecided"] += weight
            return
        right = is_right(answer.family, row["os"])
        self.counts["right" if right else "wrong"] += weight
        self.counts["sure_wrong"] += weight * (not right and answer.quality >= SURE)
        self.counts["sure"] += weight * (answer.quality >= SURE)
        self.bands[min(answer.quality, 99) // 10].append((right, answer.quality))
        self.counts["loss"] -= weight * math.log2(probability(right, answer.quality))
        if right:
            agrees = version_of(row, answer)
            self.counts[{None: "version_open", True: "version_right", False: "version_wrong"}[agrees]] += weight
            if agrees is not None:
                self.counts["version_sure"] += weight * (answer.version_quality >= SURE)
                self.versions[min(answer.version_quality, 99) // 10].append((agrees, answer.version_quality))
                self.counts["version_loss"] -= weight * math.log2(probability(agrees, answer.version_quality))

    def line(self, name):
        counts = self.counts
        decided = counts["right"] + counts["wrong"]
        stated = counts["version_right"] + counts["version_wrong"]
        return (f"{name:12} hosts={counts['hosts']:.0f} right={share(counts['right'], decided)} "
                f"undecided={share(counts['undecided'], counts['hosts'])} sure={share(counts['sure'], counts['hosts'])} "
                f"sure_wrong={share(counts['sure_wrong'], counts['sure'])} "
                f"bits={counts['loss'] / max(1, decided):.3f} versions={stated:.0f} "
                f"version_right={share(counts['version_right'], stated)} "
                f"version_sure={share(counts['version_sure'], stated)} version_bits={counts['version_loss'] / max(1, stated):.3f}")



def table(bands):
    for band in sorted(bands, reverse=True):
        seen = bands[band]
        right, mean = sum(one[0] for one in seen) / len(seen), sum(one[1] for one in seen) / len(seen)
        yield f"  {10 * band:3}-{10 * band + 9:<3} {len(seen):5} {100 * right:5.1f} % {mean:5.1f}"


def probability(right, quality):
    """Probability that an answer with a quality assigns to the true family."""
    stated = min(max(quality, 1), 99) / 100
    return stated if right else 1 - stated


def share(part, whole):
    return f"{100 * part / whole:.1f}%" if whole else "-"


def measure(arguments, rows):
    """{name: Score} and the rows with a wrong verdict."""
    scores = collections.defaultdict(Score)
    wrong = []
    with tempfile.TemporaryDirectory() as work:
        capture = os.path.join(work, "hosts.pcap")
        write(capture, rows)
        singles = singles_of(arguments.synfix, capture, arguments.sigdb, len(rows))
        verdicts = verdicts_of(arguments.synfix, capture, arguments.sigdb)
        others = singles_of(arguments.synfix, capture, arguments.p0f, len(rows)) if arguments.p0f else {}
    for (number, role), answers in sorted(singles.items()):
        if len(answers) < LEAST:
            continue
        row = rows[number]
        verdict = verdicts.get((number, role), Answer())
        scores["verdict"].add(row, verdict)
        scores["surest"].add(row, surest(answers))
        for one in answers:
            scores["single"].add(row, one, 1 / len(answers))
        if arguments.p0f:
            scores["p0f"].add(row, surest(others.get((number, role), [])))
        agrees = version_of(row, verdict)
        if row["os"] != "Proxy" and (not is_right(verdict.family, row["os"]) or agrees is False):
            wrong.append((row["source"], role, row["os"], row["os_version"], row["label_src"], "verdict", verdict.family,
                          verdict.flavor, verdict.quality, verdict.version_quality, "singles",
                          sorted({(one.family, one.flavor, one.quality) for one in answers})))
    return scores, wrong


def is_worse(verdict, surest_answer):
    undecided = verdict["undecided"] - surest_answer["undecided"]
    return (verdict["hosts"] == 0 or verdict["wrong"] > surest_answer["wrong"] or undecided > verdict["hosts"] / 100 or
            verdict["loss"] > surest_answer["loss"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--synfix", required=True)
    parser.add_argument("--sigdb", required=True)
    parser.add_argument("--p0f")
    parser.add_argument("--all", action="store_true", help="print each host whose verdict is not right")
    parser.add_argument("lists", nargs="+")
    arguments = parser.parse_args()
    scores, wrong = measure(arguments, load(arguments.lists))
    for name in ("verdict", "surest", "single", "p0f"):
        if name in scores:
            print(scores[name].line(name))
    for name in ("verdict", "surest"):
        print(f"{name}: quality, hosts, family right, mean quality")
        print(*table(scores[name].bands), sep="\n")
        print(f"{name}: quality of the version, hosts, version right, mean quality")
        print(*table(scores[name].versions), sep="\n")
    if arguments.all:
        for one in wrong:
            print(*one)
    sys.exit(is_worse(scores["verdict"].counts, scores["surest"].counts))


if __name__ == "__main__":
    main()
