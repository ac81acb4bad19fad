# SPDX-License-Identifier: MIT OR Apache-2.0
"""Connections of hosts with timestamp clocks of any rate. Packets are early, late, repeated or out of sequence; some
clocks step back or jump. The comparison covers packets with and without an uptime in p0f."""
import struct

SYN, ACK, FIN, RST = 2, 16, 1, 4
TCP = 6
SERVER = b"\xc0\x00\x02\x01"
GAPS_MS = (1, 5, 24, 25, 26, 60, 500, 3000, 59999, 599000, 600000, 601000)
RATES = (0.5, 0.7, 1, 2, 9, 10, 11, 47, 50, 90, 100, 113, 249, 250, 400, 999, 1000, 1024, 1480, 1500, 1600)


class Host:
    def __init__(self, chance):
        self.rate = chance.choice(RATES) * chance.choice((1, 1, 1.001, 0.97))
        self.offset = chance.choice((0, 1000, chance.getrandbits(32), 0xFFFFFF00))

    def clock(self, chance, at_ms):
        jump = chance.choice((0,) * 40 + (1 << 20, -5, -100, -20000, 1))
        return int(self.offset + self.rate * at_ms / 1000 + jump) & 0xFFFFFFFF


def frame(ends, ports, sequence, acknowledgement, flags, stamps):
    values = struct.pack(">2I", *stamps)
    options = b"\x02\x04\x05\xb4\x04\x02\x08\x0a" + values if flags & SYN else b"\x01\x01\x08\x0a" + values
    tcp = struct.pack(">2H2I2B3H", *ports, sequence & 0xFFFFFFFF, acknowledgement & 0xFFFFFFFF, (20 + len(options)) * 4, flags,
                      65535, 0, 0) + options
    return struct.pack(">2B3H2BH", 0x45, 0, 20 + len(tcp), 1, 0x4000, 64, TCP, 0) + ends[0] + ends[1] + tcp


def connection(chance, index, port, at_ms, client, server):
    """Returns the packets as (milliseconds, frame), and the end time."""
    ends, ports, made = (struct.pack(">I", 0x0C000000 + index), SERVER), (port, 80), []

    def send(from_client, sequence, acknowledgement, flags):
        own, other = (client, server) if from_client else (server, client)
        stamps = own.clock(chance, at_ms), 0 if flags == SYN else other.clock(chance, at_ms)
        order = 1 if from_client else -1
        made.append((at_ms, frame(ends[::order], ports[::order], sequence, acknowledgement, flags, stamps)))

    first, answer = chance.getrandbits(32), chance.getrandbits(32)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        send(True, first, 0, SYN)
        at_ms += chance.choice(GAPS_MS)
    if chance.random() < 0.9:
        for _ in range(chance.choice((1, 1, 1, 2))):
            send(False, answer, first + 1, SYN | ACK)
            at_ms += chance.choice(GAPS_MS)
    for _ in range(chance.randrange(6)):
        from_client = chance.random() < 0.6
        off = chance.choice((0,) * 8 + (1, -1, 1000))
        own, other = (first, answer) if from_client else (answer, first)
        send(from_client, own + 1 + off, other + 1, chance.choice((ACK,) * 12 + (FIN | ACK, RST, RST | ACK)))
        at_ms += chance.choice(GAPS_MS)
    return made, at_ms


def frames(chance, hosts):
    """(milliseconds, frame), ordered by time."""
    made, server = [], Host(chance)
    for index in range(hosts):
        client, at_ms = Host(chance), chance.randrange(100000)
        for port in range(40000, 40000 + chance.randrange(1, 5)):
            packets, end = connection(chance, index, port, at_ms, client, server)
            made += packets
            at_ms = chance.choice((end, end + 40, end + 100000, at_ms + 10))
    return sorted(made, key=lambda packet: packet[0])
