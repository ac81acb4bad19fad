# SPDX-License-Identifier: MIT OR Apache-2.0
"""Packets of one connection that Suricata assigns to different threads. The assignment depends on a random number of
Suricata; of 64 connections, some are divided."""
import struct

import fragments
from suricata_host import comparable

CONNECTIONS = 64
ACROSS_THREADS = {"retransmission", "syn_not_seen"}


def ethernet(packet, tags=b""):
    return bytes(12) + tags + b"\x08\x00" + packet


def vlan(number):
    return lambda port, packet: ethernet(packet, struct.pack(">HH", 0x8100, number))


def outside(port, packet):
    return ethernet(packet)


def vxlan(port, packet):
    payload = struct.pack(">II", 1 << 27, 7 << 8) + ethernet(packet)
    header = struct.pack(">HHHH", 40000 + port, 4789, 8 + len(payload), 0)
    return ethernet(fragments.ip4(header + payload, 1, protocol=17, client=bytes((10, 0, 0, 1)), server=bytes((10, 0, 0, 2))))


def ah(port, packet):
    return ethernet(fragments.ip4(struct.pack(">BBHII", 4, 4, 0, 7, 1) + bytes(12) + packet, 1, protocol=51))


def longer_than_its_frame(port, packet):
    return ethernet(packet[:2] + struct.pack(">H", len(packet) + 100) + packet[4:])


def connection(port, first, second):
    """SYN, the SYN again, SYN+ACK; the last two in the frame `second`."""
    syn = fragments.tcp(port)
    answer = struct.pack(">HHIIBB", 80, port, 9000, 1001, syn[12], 0x12) + syn[14:]
    return [first(port, fragments.ip4(syn, 1)), second(port, fragments.ip4(syn, 2)),
            second(port, fragments.ip4(answer, 3, client=fragments.SERVER, server=fragments.CLIENT))]


def without_flags(event):
    """An event without the flags that differ across threads, and these flags."""
    inner = event[event["event_type"]]
    flags = set(inner["flags"])
    return comparable({**event, event["event_type"]: {**inner, "flags": sorted(flags - ACROSS_THREADS)}}), flags & ACROSS_THREADS


def divided(host, what, first, second):
    """With one thread all events are equal. With several threads, all events exist, and only these two flags differ."""
    fragments.write_frames(host.inside("threads.pcap"), [frame for port in range(2001, 2001 + CONNECTIONS)
                                                         for frame in connection(port, first, second)])
    host.configuration("threads.yaml", more="threading:\n  detect-thread-ratio: 4\n")
    expected = sorted(map(without_flags, host.program_events(host.inside("threads.pcap"))), key=lambda pair: pair[0])
    for mode in ("single", "autofp"):
        done = host.suricata("-r", f"{host.work}/threads.pcap", "--runmode", mode, config="threads.yaml")
        host.check(done.returncode == 0, f"{what}, {mode}: {done.stderr[-300:]}")
        found = sorted(map(without_flags, host.events()), key=lambda pair: pair[0])
        host.check([text for text, _ in found] == [text for text, _ in expected] and len(found) == 3 * CONNECTIONS,
                   f"{what}, {mode}: {len(found)} events of {len(expected)}, or other fields differ")
        differ = sum(own != other for own, other in zip(expected, found))
        host.check((differ > 0) == (mode == "autofp"), f"{what}, {mode}: {differ} of {len(found)} events differ in flags")
