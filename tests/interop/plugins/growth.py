#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""growth.py [--seconds N] [--rate N] PROGRAM SOURCE suricata ROOT | zeek BUILD: a long run of the plug-in on a live
interface.

In a network namespace, three processes receive the frames of the captures in tests/data repeatedly, with other host
addresses in each round (replay.py): the program with the plug-in, the same program without the plug-in, and `synfix
capture`. The tables of hosts and handshakes are small, so they fill up soon. Resident memory is sampled every three
seconds. Exit code 1 if
- memory with the plug-in grows by more than BOUND kB above the growth without the plug-in, measured from the tenth of
  the time before the middle to the last tenth, or
- a process drops packets, or
- the events of the plug-in differ from those of `synfix capture`, or the table of hosts was never full, or the
  signature database was not reloaded.
Skipped (77) without the program, or without root."""
import argparse
import collections
import glob
import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
from memory import Memory
from wire import Wire

HERE = os.path.dirname(os.path.abspath(__file__))
BOUND = 512  # kB
EVERY = 3  # seconds
UPTIMES = 0.05  # permitted relative difference of the numbers of uptimes
TABLE = 1024  # hosts, handshakes


def observer(program, source, wire, work, sink):
    """`synfix capture` on the same interface. The lines go to work/own, the summary to work/summary."""
    safe = ["--no-seccomp"] if os.environ.get("SYNFIX_TEST_SANITIZED") else []
    with open(f"{work}/summary", "w", encoding="utf-8") as summary:
        return subprocess.Popen([*wire.inside, program, "capture", "-i", "vb", "--no-kernel-filter", *safe, "--sigdb",
                                 f"{source}/sigdb/synfix.fp", "--hosts", str(TABLE), "--handshakes", str(TABLE), "--to",
                                 f"{sink}:{work}/own"], stderr=summary)


def replay(wire, source, options):
    captures = sorted(glob.glob(f"{source}/tests/data/*.pcap"))
    return subprocess.Popen([*wire.inside, sys.executable, f"{HERE}/replay.py", "va", str(options.seconds), str(options.rate), *captures],
                            stdout=subprocess.PIPE, text=True)


def end(processes):
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()


def watch(sender, memory, host, seconds):
    """Takes samples until the last frame is sent. At each eighth of the time the host program changes its
    configuration."""
    changes = 0
    while sender.poll() is None:
        time.sleep(EVERY)
        memory.sample()
        if memory.passed() > (changes + 1) * seconds / 8 and changes < 7:
            changes += 1
            host.change(changes)
    return int(sender.communicate()[0])


def run(host, options, wire, work):
    """The number of sent frames, and the samples."""
    for name in ("va", "vb"):
        wire.ip(f"link set {name} mtu 2000")  # some captures have larger frames than Ethernet
    processes = host.start(wire, work)
    capture = observer(options.program, options.source, wire, work, host.sink)
    sender = None
    try:
        host.wait_until_ready()
        host.wait_until(lambda: "capturing with" in open(f"{work}/summary", encoding="utf-8").read(), "synfix captures", 60)
        sender = replay(wire, options.source, options)
        memory = Memory({**processes, "synfix capture": capture})
        sent = watch(sender, memory, host, options.seconds)
        time.sleep(3)
        return sent, memory
    finally:
        host.stop()
        end([capture] + ([sender] if sender else []))


def same_events(host, found, expected):
    """SYNs and SYN+ACKs are equal in each field. Packet times differ between the processes, so only the numbers of
    uptimes are compared."""
    prints = [collections.Counter(event for event in events if event[0] != "uptime") for events in (found, expected)]
    uptimes = [sum(event[0] == "uptime" for event in events) for events in (found, expected)]
    missing, extra = prints[1] - prints[0], prints[0] - prints[1]
    print(f"{sum(prints[1].values())} SYNs and SYN+ACKs of synfix capture: {sum(missing.values())} missing, {sum(extra.values())} extra; "
          f"uptimes {uptimes[0]} of {uptimes[1]}")
    host.check(prints[1] and not missing and not extra, f"events differ: {[*list(missing)[:1], *list(extra)[:1]]}")
    host.check(uptimes[1] > 0 and abs(uptimes[0] - uptimes[1]) <= uptimes[1] * UPTIMES, "the numbers of uptimes differ")


def judge(host, options, work, sent, memory):
    print(f"{sent} frames in {options.seconds} s; {host.version()}")
    for name in memory.samples:
        print(memory.report(name))
    growth = memory.growth(host.WITH) - max(memory.growth(host.WITHOUT), 0)
    host.check(growth <= BOUND, f"with the plug-in, memory grew by {growth:.0f} kB more than without; the bound is {BOUND} kB")
    for name, (received, dropped) in host.packets().items():
        print(f"{name}: {received} packets received, {dropped} dropped")
        host.check(received >= sent and dropped == 0, f"{name}: {received} packets of {sent} received, {dropped} dropped")
    with open(f"{work}/summary", encoding="utf-8") as summary:
        text = summary.read()
    host.check("dropped" not in text and "overflow" not in text, f"synfix capture: {text}")
    found, expected = host.all_events(), host.own_events(f"{work}/own")
    same_events(host, found, expected)
    hosts = len({event[1] for event in expected})
    print(f"{hosts} hosts; reloads of the signature database: {host.changes()}")
    host.check(hosts > TABLE, f"{hosts} hosts do not fill the table")
    host.check(host.changes() == 4, f"{host.changes()} reloads of the signature database")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--rate", type=int, default=500, help="frames a second")
    parser.add_argument("program")
    parser.add_argument("source")
    parser.add_argument("host", choices=("suricata", "zeek"))
    parser.add_argument("place", help="ROOT or BUILD")
    options = parser.parse_args()
    if os.geteuid() != 0 or not shutil.which("ip"):
        print("skipped: a live interface is needed; run as root, and install the package iproute2")
        return 77
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    module = importlib.import_module(f"growth_{options.host}")
    host = module.Growth(options.program, options.source, options.place, TABLE)
    with tempfile.TemporaryDirectory() as work, Wire() as wire:
        sent, memory = run(host, options, wire, work)
        judge(host, options, work, sent, memory)
    print(f"{host.failures} failures")
    return host.failures > 0


if __name__ == "__main__":
    sys.exit(main())
