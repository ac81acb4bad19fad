#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Measures when p0f stops following a flow, and compares the result with flows.py.

Each case is a synthetic flow: a handshake, the payloads of the case within some milliseconds, and one second later a
segment of the client. p0f reports an uptime for this segment if p0f still follows the flow. One file contains all
flows.

probe.py     0: p0f agrees with flows.py in all cases; 1: it does not; 77: p0f is missing
"""
import os
import re
import struct
import sys
import tempfile

import capture
import flows
import lines

SYN, PSH, ACK, FIN, RST = 2, 8, 16, 1, 4
GET = b"GET /index.html HTTP/1.1\r\n"
HOST = GET + b"Host: a.b\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\n"


def headers(count, length=1):
    return b"".join(b"H%d: " % number + b"x" * length + b"\r\n" for number in range(count))


def split(payload, size=1300):
    return [payload[at:at + size] for at in range(0, len(payload), size)]


def of_client(*payloads):
    return [("c", payload, PSH | ACK) for payload in payloads]


def of_server(*payloads):
    return of_client(HOST) + [("s", payload, PSH | ACK) for payload in payloads]


CASES = [
    [], of_client(b"A" * 14), of_client(b"A" * 15), [("s", b"A", PSH | ACK)],
    [("c", b"", FIN | ACK)], [("s", b"", RST | ACK)],
    of_client(GET[:15]), of_client(GET[:15]) + [("s", b"A" * 20, PSH | ACK)], of_client(HOST), of_client(HOST + b"body"),
    of_client(HOST, HOST), of_client(HOST, b"q" * 1300), of_client(b"HEAD /index.html HTTP/1.0\r\n\r\n"),
    of_client(b"POST /index.html HTTP/1.1\r\n"), of_client(b"GET /index.html FOO\r\n"), of_client(b"HEAD/ foo HTTP/1.0\r\n"),
    of_client(b"GET http://a.b/ HTTP/1.0\r\n"), of_client(b"GET / HTTP/1.0\r\n"), of_client(b"GET /\n"),
    of_client(b"GET /ind\x01ex.html HTTP/1.1\r\n"), of_client(b"GET /ind\xffex.html HTTP/1.1\r\n"),
    of_client(b"GET /in\x7fdex.html HTTP/1.1\r\n"), of_client(b"GET /a\raaaaaaaaaaa HTTP/1.1\r\n"),
    of_client(b"GET /index.html HTTP/1.1 \r\n"), of_client(b"GET /index.html HTTP/1.1\n" + b"Host: a\n\n"),
    of_client(b"GET /" + b"a" * 1018), of_client(b"GET /" + b"a" * 1019),
    of_client(b"GET /" + b"a" * 1008 + b" HTTP/1.0\r\n"), of_client(b"GET /" + b"a" * 1009 + b" HTTP/1.0\r\n"),
    of_client(GET + b"f" * 33), of_client(GET + b"f" * 34), of_client(GET + b"f" * 32 + b": a\r\n"),
    of_client(GET + b"f" * 33 + b": a\r\n"), of_client(GET + b"no colon\r\n"), of_client(GET + b": a\r\n"),
    of_client(GET + b" a: a\r\n"), of_client(GET + b"f.x: a\r\n"), of_client(GET + b"f_-9x:a\r\n"),
    of_client(GET + b"f: \x01\xff\r\n"), of_client(GET + b"f:\r\n"), of_client(GET + b"f: a\r\n b\r\n"),
    of_client(GET + headers(32)), of_client(GET + headers(33)), of_client(GET + headers(32) + b"\r\n"),
    of_client(GET + b"f: " + b"a" * 1300), of_client(GET + b"f: " + b"a" * 1020, b"a"),
    of_client(GET + b"f: " + b"a" * 1025, b"a"), of_client(GET + b"f: " + b"a" * 1024 + b"\r\n", b"a"),
    of_client(*split((GET + headers(12, 900))[:8191])), of_client(*split((GET + headers(12, 900))[:8192])),
    of_server(b"HTT"), of_server(b"A" * 12), of_server(b"A" * 40), of_server(b"A" * 40 + b"\r\n"),
    of_server(b"A" * 20 + b"\x01"), of_server(b"HTTP/2.0 200 OK\r\n"), of_server(b"ICY 200 OK okokok\r\n"),
    of_server(b"HTTP/1.1 20", b"0 OK\r\nA: b\r\n"), of_server(OK), of_server(OK + b"\r\n"), of_server(OK + b"A: b\r\n\r\nbody"),
    of_server(OK, b"A: b\r\n", b"C: d\r\n"), of_server(OK + b"no colon\r\n"), of_server(b"HTTP/1.1 200" + b"A" * 1011),
    of_server(b"HTTP/1.1 200" + b"A" * 1012), of_server(OK + headers(32)), of_server(OK + headers(33)),
    of_server(OK + b"Cc: " + b"d" * 950, b"d\r\n"), of_server(OK + b"Cc: " + b"d" * 1001, b"d\r\n"),
    of_server(OK + b"Cc: " + b"d" * 1300), of_server(OK + b"A: " + b"b" * 500 + b"\r\nC: " + b"d" * 480, b"d\r\n"),
    of_server(OK + b"A: " + b"b" * 500 + b"\r\nC: " + b"d" * 520, b"d\r\n"),
    of_server(OK + b"A: " + b"b" * 1000 + b"\r\nC", b"c: d\r\n"),
]


def frame(number, from_client, sequence, acknowledgement, flags, clock, payload=b""):
    client, server = struct.pack(">I", 0x0A000001 + (number << 8)), b"\xc0\x00\x02\x01"
    ends = (client, server, 40000, 80) if from_client else (server, client, 80, 40000)
    stamps = struct.pack(">2I", clock, 0 if flags == SYN else 1)
    options = b"\x02\x04\x05\xb4\x04\x02\x08\x0a" + stamps if flags & SYN else b"\x01\x01\x08\x0a" + stamps
    tcp = struct.pack(">2H2I2B3H", ends[2], ends[3], sequence, acknowledgement, (20 + len(options)) * 4, flags, 65535, 0, 0)
    length = 20 + len(tcp) + len(options) + len(payload)
    return struct.pack(">2B3H2BH", 0x45, 0, length, 1, 0x4000, 64, 6, 0) + ends[0] + ends[1] + tcp + options + payload


def flow(number, steps):
    """(milliseconds, frame) of one case."""
    at, next_client, next_server = number * 2000, 1001, 5001
    made = [(at, frame(number, True, 1000, 0, SYN, at + 1000)), (at, frame(number, False, 5000, 1001, SYN | ACK, 9))]
    for side, payload, flags in steps:
        at += 1
        if side == "c":
            made.append((at, frame(number, True, next_client, next_server, flags, at + 1000, payload)))
            next_client += len(payload)
        else:
            made.append((at, frame(number, False, next_server, next_client, flags, 9, payload)))
            next_server += len(payload)
    at += 1000
    return made + [(at, frame(number, True, next_client, next_server, ACK, at + 1000))]


def write(path):
    with open(path, "wb") as file:
        file.write(struct.pack("<I2H4I", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for number, steps in enumerate(CASES):
            for at, data in flow(number, steps):
                file.write(struct.pack("<4I", 1600000000 + at // 1000, at % 1000 * 1000, len(data), len(data)) + data)


def main():
    lines.need_p0f()
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "probe.pcap")
        write(path)
        reported, _ = lines.run_p0f(path)
        frames = capture.frames(path)
    followed = {line["cli"] for line in reported if line["mod"] == "uptime" and line["subj"] == "cli"}
    state, wrong = flows.Flows(frames, set()), 0
    for number, steps in enumerate(CASES):
        client = f"10.{number >> 8}.{number & 255}.1/40000"
        was = state.before({"cli": client, "srv": "192.0.2.1/80"}, len(frames) + 1)
        if (was == "answered") != (client in followed):
            wrong += 1
            text = re.sub(r"(.)\1{9,}", r"\1...", repr(steps))
            state_in_p0f = "follows" if client in followed else "has ended"
            print(f"case {number}: p0f {state_in_p0f} the flow, the state in flows.py is {was}: {text}")
    print(f"{len(CASES)} flows, p0f follows {len(followed)} of them to their end, {wrong} differ in flows.py")
    return 1 if wrong or not followed else 0


if __name__ == "__main__":
    sys.exit(main())
