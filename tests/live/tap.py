# SPDX-License-Identifier: MIT OR Apache-2.0
"""tap.py FORWARD BACKWARD FIRST COUNT: handshakes FIRST to FIRST + COUNT - 1 of 10.1.x.y with 10.2.0.1:443, then a
segment of each. Like a tap, sends the SYNs on interface FORWARD and the SYN+ACKs on BACKWARD."""
import socket
import struct
import sys


def frame(source, destination, ports, sequence, acknowledgement, flags):
    options = bytes.fromhex("020405b4") if flags & 2 else b""
    tcp = struct.pack(">HHIIBBHHH", *ports, sequence, acknowledgement, (20 + len(options)) << 2, flags, 64240, 0, 0)
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 40 + len(options), 1, 0x4000, 64, 6, 0) + source + destination
    return b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0" + ip + tcp + options


def main():
    ways = []
    for interface in sys.argv[1:3]:
        way = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        way.bind((interface, 0))
        ways.append(way)
    first, count = int(sys.argv[3]), int(sys.argv[4])
    server = bytes((10, 2, 0, 1))
    for number in range(first, first + count):
        client = bytes((10, 1, number >> 8 & 255, number & 255))
        ways[0].send(frame(client, server, (40000 + number, 443), number, 0, 0x02))
        ways[1].send(frame(server, client, (443, 40000 + number), 7 * number, number + 1, 0x12))
        ways[0].send(frame(client, server, (40000 + number, 443), number + 1, 7 * number + 1, 0x10))


main()
