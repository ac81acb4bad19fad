#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Synthetic captures in which p0f and synfix differ for a reason in the file or the frame. The comparison must
explain each difference with the expected rule or reader.

cases.py SYNFIX     0: all differences are explained; 1: some are not; 77: p0f is missing
"""
import struct
import sys
import tempfile

import compare
import lines

FIN, SYN, ACK = 1, 2, 16
CLIENT, SERVER = b"\x0a\0\0\1", b"\xc0\0\2\1"
IPV4, IPV6 = b"\x08\0", b"\x86\xdd"


def tcp(ports, sequence, acknowledgement, flags, stamp):
    options = b"\x02\x04\x05\xb4\x04\x02\x08\x0a" + struct.pack(">2I", stamp, stamp if flags & ACK else 0) + b"\x01\x03\x03\x07"
    if not flags & SYN:
        options = b"\x01\x01\x08\x0a" + struct.pack(">2I", stamp, 1)
    return struct.pack(">2H2I4H", *ports, sequence, acknowledgement, (20 + len(options)) << 10 | flags, 64240, 0, 0) + options


def packet(of_client, version, segment, payload=b""):
    ends = (CLIENT, SERVER) if of_client else (SERVER, CLIENT)
    segment += payload
    if version == 4:
        ip = struct.pack(">2B3H2BH", 0x45, 0, 20 + len(segment), 1, 0x4000, 64, 6, 0) + ends[0] + ends[1]
    else:
        ip = struct.pack(">IH2B", 6 << 28, len(segment), 6, 64) + bytes(12) + ends[0] + bytes(12) + ends[1]
    return ip + segment


def handshake(version, ethertype, first_ms=1000):
    """(milliseconds, frame)"""
    yield first_ms, bytes(12) + ethertype + packet(True, version, tcp((40000, 80), 100, 0, SYN, 50000))
    yield first_ms + 5, bytes(12) + ethertype + packet(False, version, tcp((80, 40000), 900, 101, SYN | ACK, 70000))


def cut_fin():
    """The frames, and the captured length of each. The FIN has 100 bytes of payload, none of them captured."""
    for time, frame in handshake(4, IPV4):
        yield time, frame, len(frame)
    headers = bytes(12) + IPV4 + packet(True, 4, tcp((40000, 80), 101, 901, FIN | ACK, 50010), b"x" * 100)
    yield 1010, headers, 14 + 20 + 32
    later = bytes(12) + IPV4 + packet(True, 4, tcp((40000, 80), 101, 901, ACK, 51000))
    yield 2000, later, len(later)


def whole(frames):
    for time, frame in frames:
        yield time, frame, len(frame)


def capture(frames, minor=4, swapped=False):
    made = struct.pack("<I2H4I", 0xA1B2C3D4, 2, minor, 0, 0, 65535, 1)
    for time, frame, captured in frames:
        lengths = (len(frame), captured) if swapped else (captured, len(frame))
        made += struct.pack("<4I", time // 1000, time % 1000 * 1000, *lengths) + frame[:captured]
    return made


CASES = {
    "lengths of version 2.2": capture(cut_fin(), 2, True),
    "lengths of version 2.3, swapped": capture(cut_fin(), 3, True),
    "lengths of version 2.3, in order": capture(cut_fin(), 3),
    "EtherType of IPv4 before IPv6": capture(whole(handshake(6, IPV4))),
    "EtherType of IPv6 before IPv4": capture(whole(handshake(4, IPV6))),
    "FIN cut by the snapshot length": capture(cut_fin()),
}
EXPLAINED = {"EtherType of IPv4 before IPv6": ("extra", "D1"), "EtherType of IPv6 before IPv4": ("extra", "D1"),
             "FIN cut by the snapshot length": ("missing", "D3")}


def main():
    lines.need_p0f()
    failed = 0
    for name, content in CASES.items():
        with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
            file.write(content)
            file.flush()
            ours = lines.run_synfix(sys.argv[1], file.name)
            reported, refused = lines.run_p0f(file.name)
            report = compare.Report()
            compare.compare_one(report, name, file.name, ours, lines.give_frames(ours, reported), refused, None)
        wanted = EXPLAINED.get(name)
        used = {(kind, number) for kind, number, *_ in report.by_rule}
        if report.failures or not ours.lines or (wanted is not None and wanted not in used):
            failed += 1
            print(f"{name}: {len(ours.lines)} lines, {report.failures}, rules used: {sorted(used)}")
    print(f"{len(CASES)} cases, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
