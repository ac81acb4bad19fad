# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs synfix and p0f on a capture. Returns the results of both as lists of p0f lines."""
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import capture as captures_reader
import flows

DATABASE = os.environ.get("SYNFIX_P0F_DATABASE", "/etc/p0f/p0f.fp")
MODULES = ("syn", "syn+ack", "mtu", "uptime")
FINGERPRINTS = ("syn", "syn+ack")
OF_PROBES = {"sendsyn probe": "syn", "sendsyn response": "syn+ack"}  # p0f's names of lines with its own probe (D13)
MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None  # p0f syncs its log, which is slow on a disk
LIMIT_SECONDS = 300
SKIPPED = 77
MANY_FRAMES = 20000

# Results of synfix for one capture. lines: (frame number, line, JSON record of the observation); ignored: number of
# ignored packets by reason, from the summary; frames: those of captures_reader.
Ours = collections.namedtuple("Ours", "lines ignored frames")


def need_p0f():
    """Exits as skipped without p0f."""
    if shutil.which("p0f") is None or not os.path.exists(DATABASE):
        print("skipped: p0f or its database", DATABASE, "is missing; install the package p0f")
        sys.exit(SKIPPED)


def parse(text):
    """Converts `[time] mod=syn|cli=...` to a dict; None for other modules."""
    time, _, rest = text.rstrip("\n").partition("] ")
    line = {"time": time.lstrip("[")}
    for part in rest.split("|"):
        key, _, value = part.partition("=")
        line[key] = value
    line["mod"] = OF_PROBES.get(line.get("mod"), line.get("mod"))
    return line if line.get("mod") in MODULES else None


def ignored(summary):
    return {reason: int(count) for count, reason in re.findall(r"(\d+)\s+ignored: (.*)", summary)}


def with_records(capture, log, records, frames):
    """Combines the lines of the p0f sink with the JSON records. An observation with an MTU has two lines."""
    lines = []
    with open(log, encoding="utf-8") as texts, open(records, encoding="utf-8") as objects:
        for text in objects:
            record = json.loads(text)
            packet = {**record, **record.get("tcp_fp", {}), **record.get("tcp_uptime", {})}
            number = record["pcap_cnt"]
            packet["frame"] = frames[number - 1] if number <= len(frames) else None
            for _ in range(2 if packet.get("mtu", 0) else 1):
                lines.append((number, parse(next(texts)), packet))
        if next(texts, None) is not None:
            raise RuntimeError(f"{capture}: the p0f sink has more lines than the records of the JSON sink require")
    return lines


def run_synfix(synfix, capture, signatures="packet", frames=None):
    """@p frames: the frames of the capture, if already read."""
    frames = captures_reader.frames(capture) if frames is None else frames
    room = ["--handshakes=1M", "--hosts=1M"] if len(frames) > MANY_FRAMES else []  # p0f has the same limits
    with tempfile.TemporaryDirectory(dir=MEMORY) as directory:
        log, records = os.path.join(directory, "p0f"), os.path.join(directory, "json")
        done = subprocess.run(
            [synfix, "read", "--sigdb", DATABASE, "--uptime=p0f", "--signatures=" + signatures, "--to", "p0f:" + log,
             "--to", "json:" + records, *room, capture], env=dict(os.environ, TZ="UTC"), capture_output=True, text=True, errors="replace",
            timeout=LIMIT_SECONDS, check=False)
        if done.returncode < 0:
            raise RuntimeError(f"{capture}: synfix ended by signal {-done.returncode}")
        lines = with_records(capture, log, records, frames) if os.path.exists(records) else []
    return Ours(lines, ignored(done.stderr), frames)


def run_p0f(capture):
    """p0f's lines in order, and whether p0f refused the file."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as directory:
        log = os.path.join(directory, "log")
        done = subprocess.run(
            ["p0f", "-f", DATABASE, "-m", "100000,500000", "-t", "1000000,1000000", "-r", capture, "-o", log],
            env=dict(os.environ, TZ="UTC"), capture_output=True, text=True, errors="replace", timeout=LIMIT_SECONDS,
            check=False)
        if not os.path.exists(log):
            return [], True
        with open(log, encoding="utf-8", errors="replace") as file:
            return [line for line in map(parse, file) if line], done.returncode != 0


def tool_frames(ours, theirs):
    """Frames with a SYN that p0f classifies as a tool. @p theirs: p0f's lines."""
    tools = {(line["time"], line["cli"], line["srv"]) for line in theirs if line["mod"] == "syn" and line.get("app")}
    return {frame for frame, line, _ in ours.lines
            if line["mod"] == "syn" and (line["time"], line["cli"], line["srv"]) in tools}


def give_frames(ours, theirs):
    """Assigns frame numbers to the lines of p0f, whose log has none. Candidates are the unassigned observations with
    the same time, module and endpoints: the first one that fits the state of the flow, else the first one; 0 without
    a candidate."""
    def key(line):
        return line["time"], line["mod"], line["cli"], line["srv"], line["subj"]

    waiting, state = collections.defaultdict(list), None
    for frame, line, _ in ours.lines:
        waiting[key(line)].append(frame)
    placed = []
    for line in theirs:
        left = waiting[key(line)]
        frame = left[0] if left else 0
        if len(left) > 1:
            state = state or flows.Flows(ours.frames, tool_frames(ours, theirs))
            frame = next((number for number in left if state.fits(line, number)), frame)
        placed.append((frame, line))
        if frame:
            left.remove(frame)
    return placed
