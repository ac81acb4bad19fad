#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Compares `synfix read --uptime=p0f` with p0f 3.09b line by line; see README.md beside this file.

compare.py --synfix PROGRAM archive ARCHIVE   recorded results (a folder, or the .tar.xz of it)
compare.py --synfix PROGRAM run PATH...       Debian's p0f is run on captures (files or folders)
"""
import argparse
import collections
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import capture as captures_reader
import rules

DATABASE = os.environ.get("SYNFIX_P0F_DATABASE", "/etc/p0f/p0f.fp")
MODULES = ("syn", "syn+ack", "mtu", "uptime")
FIELDS = ("cli", "srv", "subj", "os", "app", "dist", "params", "raw_sig", "link", "raw_mtu", "uptime", "raw_freq")
SKIPPED = 77
MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None  # the logs are synced: not to a slow disk


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)


def parse_line(text):
    """`[time] mod=syn|cli=...` as a dict; None for another module."""
    time, _, rest = text.rstrip("\n").partition("] ")
    line = {"time": time.lstrip("[")}
    for part in rest.split("|"):
        key, _, value = part.partition("=")
        line[key] = value
    return line if line.get("mod") in MODULES else None


def run_synfix(synfix, capture):
    """Lines of the p0f sink with their frame number and the JSON record of the same observation."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        log, records = os.path.join(folder, "p0f"), os.path.join(folder, "json")
        done = subprocess.run(
            [synfix, "read", "--sigdb", DATABASE, "--uptime=p0f", "--to", "p0f:" + log, "--to", "json:" + records,
             capture], env=dict(os.environ, TZ="UTC"), capture_output=True, text=True, errors="replace", timeout=300)
        if done.returncode < 0:
            raise RuntimeError(f"{capture}: synfix ended by signal {-done.returncode}")
        lines = []
        frames = captures_reader.frames(capture)
        if not os.path.exists(records):
            return lines, done
        with open(log, encoding="utf-8") as texts, open(records, encoding="utf-8") as objects:
            for text in objects:
                record = json.loads(text)
                packet = {**record, **record.get("tcp_fp", {}), **record.get("tcp_uptime", {})}
                number = record["pcap_cnt"]
                packet["frame"] = frames[number - 1] if number <= len(frames) else None
                count = 2 if packet.get("mtu", 0) else 1
                for _ in range(count):
                    lines.append((record["pcap_cnt"], parse_line(next(texts)), packet))
            if next(texts, None) is not None:
                raise RuntimeError(f"{capture}: the p0f sink has more lines than the JSON sink accounts for")
    return lines, done


class Report:
    def __init__(self):
        self.agree = collections.Counter()
        self.total = collections.Counter()
        self.by_rule = collections.Counter()
        self.pairs = {}
        self.reasons = collections.Counter()
        self.silent = collections.Counter()
        self.failures = []

    def fail(self, capture, frame, what, ours=None, theirs=None):
        self.failures.append((capture, frame, what, ours, theirs))

    def pair(self, theirs, same):
        key = (theirs["raw_sig"], theirs.get("os") or theirs.get("app"))
        self.pairs[key] = self.pairs.get(key, True) and same

    def show(self, limit):
        print(f"{'module':10} {'p0f lines':>9} {'agree':>7} {'share':>8}")
        for module in MODULES:
            total, agree = self.total[module], self.agree[module]
            if total:
                print(f"{module:10} {total:9} {agree:7} {100 * agree / total:7.2f} %")
        total, agree = sum(self.total.values()), sum(self.agree.values())
        if total:
            print(f"{'all':10} {total:9} {agree:7} {100 * agree / total:7.2f} %")
        if self.pairs:
            same = sum(self.pairs.values())
            print(f"distinct pairs of signature and label: {len(self.pairs)}, agree {same} "
                  f"({100 * same / len(self.pairs):.2f} %)")
        for (kind, number, name), count in sorted(self.by_rule.items()):
            print(f"{kind:8} {number:5} {name}: {count}")
        for (reason, observed), count in sorted(self.reasons.items(), key=lambda item: -item[1]):
            print(f"SYN frames without a line of p0f's, {'observed' if observed else 'not observed'}: {reason}: {count}")
        print(f"unexplained: {len(self.failures)}")
        for capture, frame, what, ours, theirs in self.failures[:limit]:
            print(f"  {capture} frame {frame}: {what}\n    ours {ours}\n    p0f  {theirs}")
        return 1 if self.failures else 0


def only_fields(line):
    return {key: line[key] for key in FIELDS + ("mod", "time") if line.get(key)}


def compare_common(report, capture, frame, ours, theirs, packet):
    module = theirs["mod"]
    mine, other = only_fields(ours), only_fields(theirs)
    if mine == other:
        report.agree[module] += 1
        if module in ("syn", "syn+ack"):
            report.pair(theirs, True)
        return
    if module in ("syn", "syn+ack"):
        report.pair(theirs, False)
    for number, name, condition in rules.DIFFERS:
        if condition(mine, other, packet):
            report.by_rule["differs", number, name] += 1
            return
    report.fail(capture, frame, "differs", mine, other)


def flow_key(line):
    return line["cli"], line["srv"]


def explain_extra(report, capture, frame, line, packet, context):
    for number, name, condition in rules.EXTRA:
        if condition(line, packet, context):
            report.by_rule["extra", number, name] += 1
            return
    if line["mod"] == "uptime" and context["http"]:
        report.by_rule[("extra",) + rules.UPTIME_EXTRA] += 1
        return
    report.fail(capture, frame, "only ours", only_fields(line))


def explain_missing(report, capture, frame, line, packets):
    if line.get("raw_sig"):
        report.pair(line, False)
    for number, name, condition in rules.MISSING:
        if condition(line, packets):
            report.by_rule["missing", number, name] += 1
            return
    report.fail(capture, frame, "only p0f's", None, only_fields(line))


def compare_capture(report, capture, lines, theirs, p0f_blind):
    """@p theirs: list of (frame, line) as p0f wrote them."""
    ours = {}
    tools, flows, known = set(), collections.defaultdict(list), collections.defaultdict(set)
    for frame, line, packet in lines:
        ours[frame, line["mod"]] = (line, packet)
        flows[flow_key(line)].append(packet)
    for frame, line in theirs:
        report.total[line["mod"]] += 1
        known[flow_key(line)].add(line["mod"])
        if line.get("app"):
            tools.add(flow_key(line))
    for frame, line in theirs:
        found = ours.pop((frame, line["mod"]), None)
        if found is None:
            explain_missing(report, capture, frame, line, flows[flow_key(line)])
        else:
            compare_common(report, capture, frame, found[0], line, found[1])
    answered = {(frame, line["mod"]) for frame, line in theirs}
    for (frame, _), (line, packet) in ours.items():
        if "tool" in packet["flags"]:
            tools.add(flow_key(line))
        context = {"tool_flow": flow_key(line) in tools, "p0f_blind": p0f_blind,
                   "syn_line": "syn" in known[flow_key(line)], "http": flow_key(line) in known and known[flow_key(line)],
                   "answer_line": (frame, "syn+ack") in answered}
        explain_extra(report, capture, frame, line, packet, context)


def options_cut(done):
    """Frames that the summary counts as having their options cut off: of these there is no signature."""
    found = re.search(r"(\d+)\s+ignored: TCP options cut by the snap length", done.stderr)
    return int(found.group(1)) if found else 0


def account_frames(report, capture, lines, outcomes, cut):
    """Every SYN and SYN+ACK frame that another decoder saw: observed by us, or with a reason."""
    observed = {frame for frame, line, _ in lines if line["mod"] in ("syn", "syn+ack")}
    for frame, outcome in outcomes:
        if outcome.startswith("line:"):
            continue
        if frame not in observed and outcome not in rules.NO_OBSERVATION and cut > 0:
            cut, outcome = cut - 1, "options cut by the snap length"
            report.reasons[outcome, False] += 1
            continue
        report.reasons[outcome, frame in observed] += 1
        if frame not in observed and outcome not in rules.NO_OBSERVATION:
            report.fail(capture, frame, "no observation of a SYN frame: " + outcome)


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def recorded(folder):
    theirs, outcomes, blind = (collections.defaultdict(list) for _ in range(3))
    for row in read_csv(os.path.join(folder, "p0f.csv")):
        if row["mod"] in MODULES:
            row["time"] = row.pop("ts")
            if row["app"]:
                row["os"] = ""
            theirs[row["file"]].append((int(row["frame"]), row))
    for row in read_csv(os.path.join(folder, "outcomes.csv")):
        outcomes[row["file"]].append((int(row["frame"]), row["outcome"]))
    for row in read_csv(os.path.join(folder, "p0f_runs.csv")):
        blind[row["file"]] = row["status"] != "ok"
    captures = [row["file"] for row in read_csv(os.path.join(folder, "index.csv"))]
    return captures, theirs, outcomes, blind


def compare_archive(options, folder):
    report = Report()
    captures, theirs, outcomes, blind = recorded(folder)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda name: run_synfix(options.synfix, os.path.join(folder, "files", name)), captures)
        for name, (lines, done) in zip(captures, results):
            compare_capture(report, name, lines, theirs.get(name, []), blind.get(name, False))
            account_frames(report, name, lines, outcomes.get(name, []), options_cut(done))
    return report.show(options.show)


def run_p0f(capture, folder):
    log = os.path.join(folder, "log")
    if os.path.exists(log):
        os.unlink(log)
    done = subprocess.run(["p0f", "-f", DATABASE, "-m", "100000,500000", "-t", "1000000,1000000", "-r", capture, "-o", log],
                          env=dict(os.environ, TZ="UTC"), capture_output=True, text=True, errors="replace", timeout=300)
    if not os.path.exists(log):
        return [], True
    with open(log, encoding="utf-8", errors="replace") as file:
        return [line for line in map(parse_line, file) if line], done.returncode != 0


def give_frames(lines, theirs):
    """p0f's log has no frame numbers: the first observation with the same time, module and ends that is left."""
    waiting = collections.defaultdict(collections.deque)
    for frame, line, _ in lines:
        waiting[line["time"], line["mod"], line["cli"], line["srv"], line["subj"]].append(frame)
    for line in theirs:
        queue = waiting[line["time"], line["mod"], line["cli"], line["srv"], line["subj"]]
        yield (queue.popleft() if queue else 0), line


def compare_run(options, paths):
    if shutil.which("p0f") is None:
        skip("p0f is not installed")
    report = Report()
    captures = []
    for path in paths:
        captures += [path] if os.path.isfile(path) else sorted(
            os.path.join(path, name) for name in os.listdir(path) if ".pcap" in name or ".cap" in name)
    with tempfile.TemporaryDirectory() as folder:
        for capture in captures:
            theirs, blind = run_p0f(capture, folder)
            lines, _ = run_synfix(options.synfix, capture)
            compare_capture(report, capture, lines, list(give_frames(lines, theirs)), blind)
    print(f"captures: {len(captures)}")
    return report.show(options.show)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--synfix", required=True)
    parser.add_argument("--show", type=int, default=20, help="unexplained differences to print")
    parser.add_argument("mode", choices=("archive", "run"))
    parser.add_argument("paths", nargs="+")
    options = parser.parse_args()
    if not os.path.exists(DATABASE):
        skip(DATABASE + " is missing: install p0f")
    if options.mode == "run":
        return compare_run(options, options.paths)
    archive = os.environ.get("SYNFIX_P0F_ARCHIVE", options.paths[0])
    if os.path.isdir(archive):
        return compare_archive(options, archive)
    if not os.path.exists(archive):
        skip("the archive of recorded results is missing: " + archive)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["tar", "-xJf", archive, "-C", folder], check=True)
        return compare_archive(options, os.path.join(folder, "dev"))


if __name__ == "__main__":
    sys.exit(main())
