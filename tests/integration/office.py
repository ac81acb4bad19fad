#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""office.py FILE [MIB]: a capture of one working day in an office, filled with payload to MIB MiB (default: none).

300 clients with current systems, 20 servers, and three findings for an analyst: a Windows XP (10.1.0.66), a scanner
(10.1.0.99, Linux with nmap's SYN scan), and an address that a Windows, a Linux and a macOS host use at the same time
(10.1.0.200). One computer gets another system at noon (10.1.0.50).
"""
import random
import struct
import sys

START = 1772438400 # 2026-03-02 08:00:00 UTC, a Monday
HOURS = 9
XP, SCANNER, SHARED, REINSTALLED = 66, 99, 200, 50


def option(kind, data=b''):
    return bytes((kind,)) if kind < 2 else bytes((kind, len(data) + 2)) + data


NOP, END, SACK_PERMITTED = option(1), option(0), option(4)


def mss(value=1460):
    return option(2, struct.pack('!H', value))


def scale(value):
    return option(3, bytes((value,)))


def clock(value, echo=0):
    return option(8, struct.pack('!II', value & 0xFFFFFFFF, echo))


# name: initial TTL, don't fragment, window, options by clock value; observed SYNs of these systems
SYSTEMS = {
    'windows 10': (128, True, 64240, lambda now: mss() + NOP + scale(8) + NOP + NOP + SACK_PERMITTED),
    'windows 7': (128, True, 8192, lambda now: mss() + NOP + scale(2) + NOP + NOP + SACK_PERMITTED),
    'windows xp': (128, True, 65535, lambda now: mss() + NOP + NOP + SACK_PERMITTED),
    'linux': (64, True, 64240, lambda now: mss() + SACK_PERMITTED + clock(now) + NOP + scale(7)),
    'macos': (64, True, 65535, lambda now: mss() + NOP + scale(6) + NOP + NOP + clock(now) + SACK_PERMITTED + END + END),
    'nmap': (48, False, 1024, lambda now: mss()),
}


class Capture:
    def __init__(self, out):
        self.out, self.size = out, 24
        out.write(struct.pack('<IHHiIII', 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))

    def packet(self, time, source, target, ports, numbers, flags, window, options=b'', payload=b'', ttl=64, df=True, ip_id=0):
        options += b'\0' * (-len(options) % 4)
        tcp = struct.pack('!HHIIBBHHH', *ports, *numbers, (20 + len(options)) // 4 << 4, flags, window, 0, 0) + options + payload
        ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(tcp), ip_id & 0xFFFF, 0x4000 if df else 0, ttl, 6, 0, source, target)
        length = len(ip) + len(tcp)
        self.out.write(struct.pack('<IIII', int(time), int(time % 1 * 1e6), length, length) + ip + tcp)
        self.size += 16 + length


def client_address(number):
    return bytes((10, 1, number >> 8, number & 255))


def server_address(number):
    return bytes((10, 2, 0, 1 + number))


class Host:
    """One computer: its system, its clock, its IP IDs and ports."""

    def __init__(self, address, system, seed):
        draw = random.Random(seed)
        self.address, self.system = address, system
        self.boot, self.ip_id, self.port = draw.randrange(10 ** 6), draw.randrange(65536), draw.randrange(49152, 60000)

    def connect(self, capture, time, server, port, payload=0):
        ttl, df, window, options = SYSTEMS[self.system]
        self.ip_id += 1
        self.port = 49152 + (self.port - 49151) % 16384
        now = int((time - START) * 1000) + self.boot
        offered = options(now)
        capture.packet(time, self.address, server, (self.port, port), (1000, 0), 0x02, window, offered, b'', ttl, df,
                       self.ip_id)
        if self.system == 'nmap':
            return
        answer = mss() + (SACK_PERMITTED + clock(int(time * 1000), now) + NOP + scale(7) if b'\x08\x0a' in offered
                          else NOP + NOP + SACK_PERMITTED + NOP + scale(7))
        capture.packet(time + 0.001, server, self.address, (port, self.port), (5000, 1001), 0x12, 65160, answer)
        capture.packet(time + 0.002, self.address, server, (self.port, port), (1001, 5001), 0x10, window, ttl=ttl)
        for number in range(payload):
            capture.packet(time + 0.003 + number / 1e5, server, self.address, (port, self.port), (5001 + number * 1400, 1001), 0x10,
                           502, b'', b'\x17' * 1400)


def events(draw):
    """(time, host, port), not sorted."""
    systems = ['windows 10'] * 6 + ['linux', 'macos', 'macos', 'windows 7']
    made = []

    def day(host, first, last, connections, port=443):
        made.extend((START + draw.uniform(first, last) * 3600, host, port) for _ in range(connections))

    for number in range(1, 301):
        if number == XP:
            day(Host(client_address(number), 'windows xp', number), 0, HOURS, 30, 445)
        elif number == SCANNER:
            day(Host(client_address(number), 'linux', number), 0, HOURS, 40)
            scan = Host(client_address(number), 'nmap', number)
            made.extend((START + 3.5 * 3600 + port / 50, scan, port) for port in range(1, 2000))
        elif number == SHARED:
            for system in ('windows 10', 'linux', 'macos'):
                day(Host(client_address(number), system, system), 0, HOURS, 120)
        elif number == REINSTALLED:
            day(Host(client_address(number), 'windows 7', number), 0, 4, 40)
            day(Host(client_address(number), 'windows 10', number), 4.5, HOURS, 40)
        else:
            day(Host(client_address(number), draw.choice(systems), number), draw.uniform(0, 2), draw.uniform(6, HOURS), draw.randrange(20, 90))
    return made


def main():
    draw = random.Random(1)
    made = sorted(events(draw), key=lambda event: event[0])
    goal = int(sys.argv[2]) << 20 if len(sys.argv) > 2 else 0
    with open(sys.argv[1], 'wb', buffering=1 << 20) as out:
        capture = Capture(out)
        for place, (time, host, port) in enumerate(made):
            missing = goal * (place + 1) // len(made) - capture.size
            host.connect(capture, time, server_address(draw.randrange(20)), port, max(0, missing // 1456))


main()
