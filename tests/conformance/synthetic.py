#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Generates SYNs and SYN+ACKs with arbitrary header values, packets derived from the entries of p0f's database
(known.py), and hosts with unusual clocks (clocks.py). Compares both programs with compare.py.

synthetic.py SYNFIX [COUNT [SEED]]     0: all differences are explained; 1: some are not; 77: p0f is missing
"""
import itertools
import os
import random
import struct
import sys
import tempfile
import types

import clocks
import compare
import known
import lines

FIN, SYN, RST, PSH, ACK, URG, ECE, CWR, NS = 1, 2, 4, 8, 16, 32, 64, 128, 256
TCP = 6
WELL_FORMED = [b"\x02\x04\x05\xb4", b"\x02\x04\x02\x18", b"\x02\x04\x00\x5a", b"\x02\x04\x00\x0d", b"\x02\x04\x00\x01", b"\x01",
               b"\x01\x01", b"\x03\x03\x07", b"\x03\x03\x0f", b"\x04\x02", b"\x08\x0a\0\0\0\1\0\0\0\0",
               b"\x08\x0a\0\0\0\0\0\0\0\0", b"\x08\x0a\1\2\3\4\0\0\0\1", b"\x05\x0a\0\0\0\1\0\0\0\2", b"\x1e\x04\0\0", b"\x22\x02"]
ODD = [b"\x02\x03\x05\xb4", b"\x03\x04\x07\x01", b"\x04\x03\x01", b"\x08\x0b\0\0\0\1\0\0\0\0", b"\x05\x03\x01", b"\xfe\x01",
       b"\x08", b"\x02", b"\xff\xff"]
PADDING = [b"\0", b"\0\0\0", b"\0\0\1", b"\0\1\0", b"\0\0\0\0\0\0\0\1", b"\0\1\1\1"]


def options(chance):
    made = b"".join(chance.choice(WELL_FORMED if chance.random() < 0.9 else ODD) for _ in range(chance.randrange(7)))
    if chance.random() < 0.3:
        made += chance.choice(PADDING)
    made = made[:40]
    return made + bytes([chance.choice((0, 0, 1, 7))] * (-len(made) % 4))


def number(chance):
    """0, a value with one bit, or any value."""
    return chance.choice((0, 0, 1 << chance.randrange(32), chance.getrandbits(32)))


def tcp(chance, ports, flags, acknowledgement, mss):
    made = options(chance)
    window = chance.choice((0, 1337, 65535, 65521, 14600, 1500 * 4, chance.randrange(1, 45) * mss, chance.randrange(65536)))
    urgent = chance.choice((0, 0, 0, 1, 65535))
    return struct.pack(">2H2I4H", *ports, number(chance), acknowledgement, (20 + len(made)) << 10 | flags, window & 0xFFFF, 0,
                       urgent) + made + chance.choice((b"", b"", b"", b"x", b"y" * 30))


def ip(chance, version, ends, payload):
    life = chance.choice((64, 128, 255, 60, 29, chance.randrange(1, 256)))
    if version == 4:
        extra = b"\x01" * chance.choice((0, 0, 0, 4, 40))
        return struct.pack(">2B3H2BH", 0x45 + len(extra) // 4, chance.choice((0, chance.randrange(256))),
                           20 + len(extra) + len(payload), chance.choice((0, 1, 65535)),
                           chance.choice((0x4000, 0x4000, 0, 0x8000, 0xC000)), life, TCP, 0) + ends[0] + ends[1] + extra + payload
    first = 6 << 28 | chance.choice((0, chance.randrange(256))) << 20 | chance.choice((0, 1, 1 << 19))
    return struct.pack(">IH2B", first, len(payload), TCP, life) + ends[0] + ends[1] + payload


def connection(chance, index):
    """A SYN and its SYN+ACK."""
    version = chance.choice((4, 4, 6))
    client, server = struct.pack(">I", 0x0A000000 + index), b"\xc0\x00\x02\x01"
    ends = tuple(bytes(0 if version == 4 else 12) + end for end in (client, server))
    odd = chance.choice((0, 0, 0, PSH, URG, ECE, CWR, NS, FIN, RST))
    mss = chance.choice((1460, 536, 90, 1440))
    yield ip(chance, version, ends, tcp(chance, (40000, 80), SYN | odd, number(chance), mss))
    odd = chance.choice((0, 0, 0, PSH, URG, ECE, CWR, NS))
    yield ip(chance, version, ends[::-1], tcp(chance, (80, 40000), SYN | ACK | odd, number(chance), mss))


def packets(chance, count):
    """@p count connections of each kind, one per second."""
    entries = list(known.entries())
    for index in range(count):
        for data in itertools.chain(connection(chance, index), known.connection(chance, index, entries[index % len(entries)])):
            yield index * 1000, data


def write(path, made):
    with open(path, "wb") as file:
        file.write(struct.pack("<I2H4I", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for at_ms, data in made:
            file.write(struct.pack("<4I", 1600000000 + at_ms // 1000, at_ms % 1000 * 1000, len(data), len(data)) + data)


def main():
    lines.need_p0f()
    synfix, count, seed = sys.argv[1], *[int(word) for word in (sys.argv[2:] + ["3000", "1"][len(sys.argv) - 2:])]
    options_of_run = types.SimpleNamespace(synfix=synfix, frames=False, show=20, at_least=99)
    reports, chance = compare.Reports(), random.Random(seed)
    with tempfile.TemporaryDirectory(dir=lines.MEMORY) as directory:
        for name, made in (("headers", packets(chance, count)), ("clocks", clocks.frames(chance, count // 8))):
            path = os.path.join(directory, name + ".pcap")
            write(path, made)
            reports.add(path, path, *compare.run_both(options_of_run, path))
    return reports.show(options_of_run)


if __name__ == "__main__":
    sys.exit(main())
