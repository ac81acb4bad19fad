#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Generates sFlow from captures.

sflow.py wrap CAPTURE OUTPUT    writes a capture of sFlow datagrams with the frames of CAPTURE as samples
sflow.py send CAPTURE PORT      sends the UDP payloads of such a capture to 127.0.0.1:PORT
"""
import socket
import struct
import sys
import time

AGENT, COLLECTOR, PORT, RATE = b"\x0a\x09\x08\x07", b"\xc0\x00\x02\x09", 6343, 512
HEADER = 128  # bytes of each frame, the usual number of agents
ETHERNET, FCS = 1, 4


def frames(path):
    """The link type, then (seconds, microseconds, bytes, length) of each frame of a pcap file."""
    with open(path, "rb") as file:
        data = file.read()
    order = "<" if data[:4] == b"\xd4\xc3\xb2\xa1" else ">"
    yield struct.unpack(order + "I", data[20:24])[0]
    at = 24
    while at + 16 <= len(data):
        seconds, fraction, captured, length = struct.unpack(order + "4I", data[at:at + 16])
        yield seconds, fraction, data[at + 16:at + 16 + captured], length
        at += 16 + captured


def block(format_number, content):
    return struct.pack(">2I", format_number, len(content)) + content


def header_record(frame, length):
    header = frame[:HEADER]
    padded = header + bytes(-len(header) % 4)
    return block(1, struct.pack(">4I", ETHERNET, length + FCS, FCS, len(header)) + padded)


def sample(number, frame, length):
    """Flow samples; every third one is expanded; some have another record first."""
    records = [header_record(frame, length)]
    if number % 2:
        records.insert(0, block(1001, struct.pack(">4I", 0, 0, 0, 0)))  # extended switch
    count = struct.pack(">I", len(records))
    if number % 3 == 2:
        return block(3, struct.pack(">10I", number, 0, 7, RATE, RATE * number, 0, 0, 11, 0, 12) + count + b"".join(records))
    return block(1, struct.pack(">7I", number, 7, RATE, RATE * number, 0, 11, 12) + count + b"".join(records))


def datagram(sequence, samples):
    counters = block(2, struct.pack(">3I", sequence, 7, 0))  # counter sample without records
    return struct.pack(">2I", 5, 1) + AGENT + struct.pack(">4I", 0, sequence, 1000, len(samples) + 1) + counters + b"".join(samples)


def packet(payload):
    udp = struct.pack(">4H", 54321, PORT, 8 + len(payload), 0) + payload
    ip = struct.pack(">2B3H2BH", 0x45, 0, 20 + len(udp), 1, 0x4000, 64, 17, 0) + AGENT + COLLECTOR
    return bytes(12) + b"\x08\x00" + ip + udp


def wrap(source, target):
    found = frames(source)
    assert next(found) == ETHERNET, "only Ethernet"
    samples, waiting = [], []
    with open(target, "wb") as file:
        file.write(struct.pack("<I2H4I", 0xA1B2C3D4, 2, 4, 0, 0, 262144, ETHERNET))
        for number, (seconds, fraction, data, length) in enumerate(found):
            samples.append(sample(number, data, length))
            waiting = [seconds, fraction]
            if len(samples) == 1 + number % 9:
                write(file, waiting, number, samples)
                samples = []
        if samples:
            write(file, waiting, 0, samples)


def write(file, when, number, samples):
    frame = packet(datagram(number, samples))
    file.write(struct.pack("<4I", *when, len(frame), len(frame)) + frame)


def send(source, port):
    wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    found = frames(source)
    next(found)
    for _, _, data, _ in found:
        wire.sendto(data[42:], ("127.0.0.1", port))
        time.sleep(0.001)


if __name__ == "__main__":
    if sys.argv[1] == "wrap":
        wrap(sys.argv[2], sys.argv[3])
    else:
        send(sys.argv[2], int(sys.argv[3]))
