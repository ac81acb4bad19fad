#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Compares `synfix read --uptime=p0f` with p0f 3.09b line by line, once with the default signatures and once with
`--signatures=p0f`. See README.md in this directory.

compare.py --synfix PROGRAM archive ARCHIVE   recorded results (a directory, or a .tar.xz of the directory)
compare.py --synfix PROGRAM run PATH...       runs p0f on captures: files, or directories with captures at any depth
"""
import argparse
import collections
import csv
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import capture as captures_reader
import flows
import lines
import rules
import frames as tshark_frames
import segment
from report import Report

SKIPPED = 77
FIELDS = ("cli", "srv", "subj", "os", "app", "dist", "params", "raw_sig", "link", "raw_mtu", "uptime", "raw_freq",
          "mod", "time")


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)


def only_fields(line):
    return {key: line[key] for key in FIELDS if line.get(key)}


def flow_key(line):
    return line["cli"], line["srv"]


# Context of a line that only synfix has, for the rules. refused: p0f refuses the capture; flow(): state of the flow
# in p0f before the packet; lost_sequence(): for p0f the packet is out of sequence, because a segment before it was
# cut; first_uptime(): no earlier line of synfix has the uptime of this endpoint of the flow; probed(): the SYN of the
# flow is a probe of p0f; repeated(): an earlier packet is the same SYN or SYN+ACK; answers(): an earlier packet is
# the SYN of this SYN+ACK.
Context = collections.namedtuple("Context", "refused flow lost_sequence first_uptime probed repeated answers")


def shown(line, packet):
    """Checks that the frame is the packet of the synfix line. If p0f cannot read the frame, checks only that it
    exists."""
    if packet["frame"] is None:
        return False
    piece = segment.segment(packet["frame"])
    if piece is None:
        return True
    flags = {("syn", "cli"): segment.SYN, ("syn+ack", "srv"): segment.SYN | segment.ACK}.get((line["mod"], line["subj"]))
    ends = (line["cli"], line["srv"]) if line["subj"] == "cli" else (line["srv"], line["cli"])
    return (piece.source, piece.target) == ends and (
        line["mod"] not in lines.FINGERPRINTS or piece.flags & (segment.SYN | segment.ACK) == flags)


class Comparison:
    """One capture. @p theirs: list of (frame, line) of p0f."""

    def __init__(self, report, name, ours, theirs, refused):
        self.report, self.name, self.ours, self.theirs, self.refused = report, name, ours, theirs, refused
        self.observations = collections.defaultdict(list)
        for _, line, packet in ours.lines:
            self.observations[flow_key(line)].append(packet)
        self.flows = None

    def all_flows(self):
        if self.flows is None:
            tools = lines.tool_frames(self.ours, [theirs for _, theirs in self.theirs])
            self.flows = flows.Flows(self.ours.frames, tools)
        return self.flows

    def run(self):
        waiting = {(frame, line["mod"]): (line, packet) for frame, line, packet in self.ours.lines}
        for frame, line in self.theirs:
            self.report.total[line["mod"]] += 1
            found = waiting.pop((frame, line["mod"]), None)
            if found is None:
                self.missing(frame, line)
            else:
                self.both(frame, found[0], line, found[1])
            if frame > 0:
                self.check_flow(frame, line)
        for (frame, _), (line, packet) in waiting.items():
            self.extra(frame, line, packet)
        for frame, line, packet in self.ours.lines:
            self.check_mark(frame, line, packet)

    def applying(self, table):
        return (rule for rule in table if rule[0].split(" ")[0] not in self.report.without)

    def both(self, frame, ours, theirs, packet):
        module, mine, other = theirs["mod"], only_fields(ours), only_fields(theirs)
        rule = None
        if mine == other:
            self.report.agree[module] += 1
        else:
            rule = next(((number, name) for number, name, condition in self.applying(rules.DIFFERS)
                         if condition(mine, other, packet)), None)
            if rule is None:
                self.report.fail(self.name, frame, "differs", mine, other)
            else:
                self.report.rule("differs", *rule)
        if module in lines.FINGERPRINTS:
            same = all(mine.get(key) == other.get(key) for key in ("raw_sig", "os", "app"))
            self.report.same_pair[module] += same
            self.report.pairs.add(theirs, None if same else rule[0] if rule else "nothing")

    def missing(self, frame, line):
        last = frame or len(self.ours.frames)
        since = range(self.all_flows().begun(line, last) + 1, last)
        flow = rules.Flow(since, self.all_flows().cut_end(line, last))
        rule = next(((number, name) for number, name, condition in self.applying(rules.MISSING)
                     if condition(line, self.observations[flow_key(line)], flow)), None)
        if rule is None:
            self.report.fail(self.name, frame, "only p0f's", None, only_fields(line))
        else:
            self.report.rule("missing", *rule)
        if line.get("raw_sig"):
            self.report.pairs.add(line, rule[0] if rule else "nothing")

    def extra(self, frame, line, packet):
        if not shown(line, packet):
            self.report.fail(self.name, frame, "the frame is not the packet of the line", only_fields(line))
            return
        context = Context(refused=self.refused, flow=lambda: self.all_flows().before(line, frame),
                          lost_sequence=lambda: self.all_flows().lost_sequence(line, frame),
                          first_uptime=lambda: self.first_uptime(line, frame),
                          probed=lambda: self.probed(line, frame),
                          repeated=lambda: self.repeated(line, frame, packet),
                          answers=lambda: self.all_flows().answers(packet["frame"], frame))
        for number, name, condition in self.applying(rules.EXTRA):
            if condition(line, packet, context):
                self.report.rule("extra", number, name)
                if line["mod"] in lines.FINGERPRINTS:
                    self.report.seen[True, name] += 1
                return
        self.report.fail(self.name, frame, "only in synfix", only_fields(line))

    def first_uptime(self, line, frame):
        begun = self.all_flows().begun(line, frame)
        return not any(begun <= other < frame and entry["mod"] == "uptime" and flow_key(entry) == flow_key(line)
                       and entry["subj"] == line["subj"] for other, entry, _ in self.ours.lines)

    def probed(self, line, frame):
        begun = self.all_flows().begun(line, frame)
        return any(packet["pcap_cnt"] == begun and rules.is_probe(packet) for packet in self.observations[flow_key(line)])

    def repeated(self, line, frame, packet):
        """An earlier packet is the same, by its bytes or, in a tunnel or tag, by its observation in synfix."""
        return self.all_flows().repeats(packet["frame"], frame) or any(
            rules.encapsulated(other) and other["pcap_cnt"] < frame and other["event_type"] == "tcp_fp"
            and other["tcp_flags"] == packet["tcp_flags"] for other in self.observations[flow_key(line)])

    def check_mark(self, frame, line, packet):
        """A line that is marked as repeated has an earlier equal packet."""
        if line["mod"] in lines.FINGERPRINTS and "retransmission" in packet["flags"] and packet["frame"] is not None and \
                segment.segment(packet["frame"]) is not None and not self.repeated(line, frame, packet):
            self.report.fail(self.name, frame, "marked as repeated, but no earlier packet is equal", only_fields(line))

    def check_flow(self, frame, line):
        """The reverse check of the flow rules: each line of p0f must fit the state of the flow, which flows.py
        derives."""
        was = self.all_flows().before(line, frame)
        if self.flows.fits(line, frame):
            self.report.flow_checked += 1
        else:
            self.report.fail(self.name, frame, f"a line of p0f for a flow that is `{was}` in flows.py", None, line)


def account_frames(report, name, path, frames, ours):
    """Each SYN and SYN+ACK frame of another decoder has an observation or a reason for no observation. The summary of
    synfix counts at least as many ignored packets for each reason."""
    observed = {frame for frame, line, _ in ours.lines if line["mod"] in lines.FINGERPRINTS}
    counted = collections.Counter()
    for frame, why in tshark_frames.reasons(path, [frame for frame in frames if frame not in observed], ours.frames).items():
        if why is None:
            report.fail(name, frame, "no observation of a SYN frame")
        else:
            report.seen[False, why[0]] += 1
            counted[why[1]] += 1
    for texts, count in counted.items():
        if sum(ours.ignored.get(text, 0) for text in texts) < count:
            report.fail(name, 0, f"{count} SYN frames should be counted as {' or '.join(texts)}", ours.ignored)


def compare_one(report, name, path, ours, theirs, refused, frames):
    Comparison(report, name, ours, theirs, refused).run()
    if frames is not None:
        account_frames(report, name, path, frames, ours)
    report.captures += 1
    report.refused += refused


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def recorded(directory):
    theirs, frames = collections.defaultdict(list), collections.defaultdict(list)
    for row in read_csv(os.path.join(directory, "p0f.csv")):
        if row["mod"] in lines.MODULES:
            row["time"] = row.pop("ts")
            if row["app"]:
                row["os"] = ""
            theirs[row["file"]].append((int(row["frame"]), row))
    for row in read_csv(os.path.join(directory, "outcomes.csv")):
        frames[row["file"]].append(int(row["frame"]))
    refused = {row["file"]: row["status"] != "ok" for row in read_csv(os.path.join(directory, "p0f_runs.csv"))}
    captures = [row["file"] for row in read_csv(os.path.join(directory, "index.csv"))]
    return captures, theirs, frames, refused


class Reports:
    """One report for each kind of signature."""

    def __init__(self):
        self.by_kind = {"packet": Report(), "p0f": Report("signatures: p0f", rules.OF_SIGNATURES)}

    def add(self, name, path, ours, theirs, refused, frames):
        """@p ours and @p theirs by kind of signature. Both have the same frames, so @p frames is used once."""
        for way, report in self.by_kind.items():
            compare_one(report, name, path, ours[way], theirs[way], refused, frames if way == "packet" else None)

    def show(self, options):
        """Returns 0 if all differences are explained and enough pairs of signature and label agree."""
        results = [report.show(options.show) for report in self.by_kind.values()]
        share = self.by_kind["p0f"].pairs.share_of_plain()
        if share < options.at_least:
            print(f"signatures: p0f: {share:.2f} % of the distinct pairs agree, less than {options.at_least} %")
            results.append(1)
        return max(results)


def run_ours(synfix, path):
    exact = lines.run_synfix(synfix, path)
    return {"packet": exact, "p0f": lines.run_synfix(synfix, path, "p0f", exact.frames)}


def compare_archive(options, directory):
    captures, theirs, frames, refused = recorded(directory)
    paths = {name: os.path.join(directory, "files", name) for name in captures}
    reports = Reports()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda name: run_ours(options.synfix, paths[name]), captures)
        for name, ours in zip(captures, results):
            reports.add(name, paths[name], ours, dict.fromkeys(ours, theirs.get(name, [])), refused.get(name, False),
                        frames.get(name, []) if options.frames else None)
    return reports.show(options)


def run_both(options, path):
    theirs, refused = lines.run_p0f(path)
    ours = run_ours(options.synfix, path)
    frames = tshark_frames.syn_frames(path) if options.frames else None
    return ours, {way: lines.give_frames(ours[way], theirs) for way in ours}, refused, frames


def compare_run(options):
    if shutil.which("p0f") is None:
        skip("p0f is not installed; install the package p0f")
    paths = []
    for path in options.paths:
        paths += [path] if os.path.isfile(path) else sorted(
            os.path.join(directory, name) for directory, _, names in os.walk(path) for name in names)
    paths = [path for path in paths if captures_reader.is_capture(path)]
    reports = Reports()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, (ours, theirs, refused, frames) in zip(paths, pool.map(lambda path: run_both(options, path), paths)):
            reports.add(path, path, ours, theirs, refused, frames)
    return reports.show(options) if paths else skip("no capture in " + " ".join(options.paths) + "; name files or directories with captures")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--synfix", required=True, help="the program")
    parser.add_argument("--show", type=int, default=20, help="unexplained differences to print")
    parser.add_argument("--at-least", type=float, default=0, metavar="PERCENT",
                        help="percent of distinct pairs of signature and label that must agree with --signatures=p0f")
    parser.add_argument("--no-frames", dest="frames", action="store_false",
                        help="do not run tshark to find SYN and SYN+ACK frames")
    parser.add_argument("mode", choices=("archive", "run"))
    parser.add_argument("paths", nargs="+", metavar="path")
    options = parser.parse_args()
    if not os.path.exists(lines.DATABASE):
        skip(lines.DATABASE + " is missing; install the package p0f")
    if options.frames and not tshark_frames.available():
        print("tshark is not installed: frames without an observation are not checked")
        options.frames = False
    if options.mode == "run":
        return compare_run(options)
    archive = os.environ.get("SYNFIX_P0F_ARCHIVE", options.paths[0])
    if os.path.isdir(archive):
        return compare_archive(options, archive)
    if not os.path.exists(archive):
        skip(archive + ", the archive of recorded results, is missing; set SYNFIX_P0F_ARCHIVE")
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(["tar", "-xJf", archive, "-C", directory], check=True)
        return compare_archive(options, os.path.join(directory, "dev"))


if __name__ == "__main__":
    sys.exit(main())
