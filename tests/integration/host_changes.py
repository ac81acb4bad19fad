#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Writes a capture: 192.0.2.1 changes its system, 192.0.2.2 is two hosts, 192.0.2.3 does not change."""
import socket
import struct
import sys

LINUX = dict(ttl=64, window=29200, options=bytes.fromhex('020405b40402080a000000000000000001030307'))
WINDOWS = dict(ttl=128, window=8192, options=bytes.fromhex('020405b40103030801010402'))


def checksum(data):
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def syn(stack, source, port, number):
    options = stack['options']
    if stack is LINUX:
        options = options[:8] + struct.pack('!I', 100000 + number * 1000) + options[12:]
    length = 40 + len(options)
    addresses = socket.inet_aton(source) + socket.inet_aton('198.51.100.1')
    header = struct.pack('!BBHHHBBH', 0x45, 0, length, number * 7 + 1, 0x4000, stack['ttl'], 6, 0) + addresses
    header = header[:10] + struct.pack('!H', checksum(header)) + header[12:]
    tcp = struct.pack('!HHIIBBHHH', port, 443, 1000 + number, 0, (20 + len(options)) // 4 << 4, 2, stack['window'], 0, 0)
    tcp += options
    pseudo = addresses + struct.pack('!BBH', 0, 6, len(tcp))
    tcp = tcp[:16] + struct.pack('!H', checksum(pseudo + tcp)) + tcp[18:]
    return header + tcp


def main(path):
    packets = []
    for i in range(12):
        packets.append((i * 10, syn(LINUX if i < 6 else WINDOWS, '192.0.2.1', 40000 + i, i)))
        packets.append((i * 10 + 1, syn(LINUX if i % 2 else WINDOWS, '192.0.2.2', 41000 + i * 97, i)))
        packets.append((i * 10 + 2, syn(LINUX, '192.0.2.3', 42000 + i, i)))
    with open(path, 'wb') as out:
        out.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
        for second, data in packets:
            out.write(struct.pack('<IIII', 1700000000 + second, 0, len(data), len(data)) + data)


main(sys.argv[1])
