#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Damages one byte at a random offset of an archive, a spool file or a state file, many times. Each damage loses at
most the records of its message. Lost records are reported and cause an exit code.

usage: damage.py PROGRAM [--damages N] [--seed N]

The damages are distributed over plain archives, compressed archives, spool files, their checksums, and state files.
In an archive, only the part after the templates is damaged, because a file has each template once and all later
records depend on the template. A plain archive has no checksums: a damaged record may include the following records
of its message, which only sequence numbers reveal.
"""
import argparse
import collections
import contextlib
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.realpath(__file__))
DATA = os.path.join(HERE, "..", "data")
SIGDB = os.path.join(HERE, "..", "integration", "test.fp")
CAPTURES = [os.path.join(DATA, name) for name in ("web.pcap", "mixed.pcap")]
PER_MESSAGE = 8  # records of the profile full in a message of 1,400 bytes


class Collector:
    """Counts the records in the messages of a TCP sink."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.sessions = []
        self.arrived = threading.Condition()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            received = b""
            with connection, contextlib.suppress(OSError):
                while chunk := connection.recv(65536):
                    received += chunk
            with self.arrived:
                self.sessions.append(received)
                self.arrived.notify()

    def take(self):
        with self.arrived:
            self.arrived.wait_for(lambda: self.sessions, timeout=30)
            return self.sessions.pop() if self.sessions else b""


def damage(path, first, dice):
    """Flips one bit of one byte from offset FIRST on. Returns the offset."""
    with open(path, "r+b") as file:
        size = file.seek(0, os.SEEK_END)
        at = dice.randrange(min(first, size - 1), size)
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1 << dice.randrange(8)]))
    return at


class Tests:
    def __init__(self, options):
        self.program, self.dice = options.program, random.Random(options.seed)
        self.work = tempfile.mkdtemp(prefix="synfix-damage-")
        self.collector = Collector()
        self.wrong = 0
        self.lost = collections.Counter()
        with open(CAPTURES[0], "rb") as capture, open(self.path("empty.pcap"), "wb") as empty:
            empty.write(capture.read(24))

    def path(self, *names):
        return os.path.join(self.work, *names)

    def run(self, *words):
        return subprocess.run([self.program, *words], cwd=self.work, capture_output=True, text=True, errors="replace",
                              check=False, timeout=120, stdin=subprocess.DEVNULL)

    def read(self, *sinks):
        words = [word for sink in sinks for word in ("--to", sink)]
        return self.run("read", "--sigdb", SIGDB, "--sink-timeout", "0", *CAPTURES, *words)

    def complain(self, what, done):
        self.wrong += 1
        print(f"FAILED: {what}\n    " + "\n    ".join(done.stderr.splitlines()[-4:]), flush=True)

    def judge(self, kind, at, whole, seen, done):
        lost = whole - seen
        self.lost[kind] += lost
        if not 0 <= lost <= PER_MESSAGE:
            self.complain(f"{kind}: byte {at}: {lost} of {whole} records lost, exit code {done.returncode}", done)
        elif lost > 0 and ("synfix:" not in done.stderr or (done.returncode == 0 and not re.search("(is|are) missing", done.stderr))):
            self.complain(f"{kind}: byte {at}: {lost} records lost without a message", done)
        elif done.returncode not in range(0, 4):
            self.complain(f"{kind}: byte {at}: exit code {done.returncode}", done)

    def archive(self, count, suffix, compress):
        whole_file, bad = self.path("whole" + suffix), self.path("bad" + suffix)
        self.read(f"file:{whole_file}?size=1400&compress={compress}")
        whole = len(self.run("dump", "--format", "json", whole_file).stdout.splitlines())
        first = self.after_templates(whole_file) if compress == "none" else os.path.getsize(whole_file) // 2
        for _ in range(count):
            shutil.copy(whole_file, bad)
            at = damage(bad, first, self.dice)
            done = self.run("dump", "--format", "json", bad)
            self.judge("archive " + compress, at, whole, len(done.stdout.splitlines()), done)

    @staticmethod
    def after_templates(path):
        with open(path, "rb") as file:
            data = file.read()
        at = 0
        while int.from_bytes(data[at + 16:at + 18], "big") < 256:  # the first set of the message
            at += int.from_bytes(data[at + 2:at + 4], "big")
        while int.from_bytes(data[at + 16:at + 18], "big") < 1024:  # names of elements, options records
            at += int.from_bytes(data[at + 2:at + 4], "big")
        return at

    def spool(self, count, suffix):
        spool, kept = self.path("spool"), self.path("kept")
        shutil.rmtree(kept, ignore_errors=True)
        self.read(f"tcp://127.0.0.1:9?spool={kept}&size=1400")
        whole = sum(len(self.run("dump", "--format", "json", os.path.join(kept, name)).stdout.splitlines())
                    for name in os.listdir(kept) if name.endswith(".ipfix"))
        for _ in range(count):
            shutil.rmtree(spool, ignore_errors=True)
            shutil.copytree(kept, spool)
            name = self.dice.choice([name for name in sorted(os.listdir(spool)) if name.endswith(suffix)])
            at = damage(os.path.join(spool, name), 0, self.dice)
            done = self.run("read", "--sigdb", SIGDB, "empty.pcap", "--to",
                            f"tcp://127.0.0.1:{self.collector.port}?spool=spool&size=1400")
            with open(self.path("received.ipfix"), "wb") as file:
                file.write(self.collector.take())
            seen = len(self.run("dump", "--format", "json", "received.ipfix").stdout.splitlines())
            self.judge("spool" + suffix, at, whole, seen, done)
            found = re.search(r": (\d+) records? delivered(?:.*?, (\d+) lost)?", done.stderr)
            if not found or int(found[1]) != seen or int(found[1]) + int(found[2] or 0) != whole:
                self.complain(f"spool{suffix}: byte {at}: {seen} of {whole} arrived, other sums", done)

    def state(self, count):
        for profile in ("full", "compact", "iana"):
            self.read(f"file:{self.path('o.ipfix')}?state={self.path('kept-state')}&profile={profile}")
        with open(self.path("kept-state", "templates"), encoding="utf-8") as file:
            lines = len(file.readlines())
        for _ in range(count):
            shutil.rmtree(self.path("state"), ignore_errors=True)
            shutil.copytree(self.path("kept-state"), self.path("state"))
            at = damage(self.path("state", "templates"), 0, self.dice)
            done = self.read(f"file:{self.path('o.ipfix')}?state={self.path('state')}&profile=full")
            with open(self.path("state", "templates"), "rb") as file:
                after = file.read().splitlines()
            good = [line for line in after if re.fullmatch(rb"\d+ [0-9a-f]{64}", line)]
            if done.returncode != 0 or len(good) < lines - 2:
                self.complain(f"state: byte {at}: exit code {done.returncode}, {len(good)} of {lines} entries", done)
            if len(good) < len(after) and "damaged" not in done.stderr:
                self.complain(f"state: byte {at}: no message", done)
            if len({line.split()[0] for line in good}) != len(good):
                self.complain(f"state: byte {at}: an id is used twice", done)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("program")
    arguments.add_argument("--damages", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    options.program = os.path.realpath(options.program)
    tests, part = Tests(options), options.damages // 5
    try:
        tests.archive(part, ".ipfix", "none")
        tests.archive(part, ".ipfix.zst", "zstd")
        tests.spool(part, ".ipfix")
        tests.spool(part, ".sums")
        tests.state(options.damages - 4 * part)
    finally:
        shutil.rmtree(tests.work, ignore_errors=True)
    print(f"{options.damages} damages, {tests.wrong} wrong; records lost: {dict(tests.lost)}")
    return 1 if tests.wrong else 0


sys.exit(main())
