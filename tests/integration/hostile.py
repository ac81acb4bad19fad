# SPDX-License-Identifier: MIT OR Apache-2.0
"""Hostile exporters of IPFIX, and a well-behaved one. hostile.py PORT KIND [N]"""
import resource
import socket
import struct
import sys
import time

HERE = "127.0.0.1"


def message(*sets, domain=1):
    body = b"".join(sets)
    return struct.pack(">HHIII", 10, 16 + len(body), int(time.time()), 0, domain) + body


def data_set(number, body):
    return struct.pack(">HH", number, 4 + len(body)) + body


def template(number, fields):
    return struct.pack(">HH", number, len(fields)) + b"".join(struct.pack(">HH", *field) for field in fields)


def datagrams(source=HERE):
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((source, 0))
    made.connect((HERE, port))
    return made


def good(count):
    """COUNT records over TCP from 10.x.x.x, and a tenth of COUNT over UDP from 11.x.x.x, within one or two seconds.

    Over UDP the template and the first records are one message. A session with a template only may be evicted, and a
    scheduler decides how many forged templates arrive before the next message."""
    addresses = data_set(2, template(300, [(8, 4), (12, 4)]))
    stream, packets = socket.create_connection((HERE, port)), datagrams()
    stream.sendall(message(addresses))
    before = [addresses]
    steps = 200
    for step in range(steps):
        for first, many, send in ((10, count // steps, stream.sendall), (11, count // steps // 10, packets.send)):
            records = (struct.pack(">II", (first << 24) + step, k) for k in range(many))
            sets = [data_set(300, b"".join(records))]
            send(message(*(before + sets if first == 11 else sets)))
        before = []
        time.sleep(0.005)
    stream.shutdown(socket.SHUT_WR)
    stream.recv(1)


def spoofed(count):
    """Forged source addresses: half of them send an empty message, half a template."""
    forms = (message(), message(data_set(2, template(256, [(8, 4)]))))
    for i in range(count):
        with datagrams("127.%d.%d.%d" % (1 + (i >> 14 & 63), i >> 7 & 127, 1 + (i & 127))) as made:
            made.send(forms[i & 1])
        if i % 100 == 0:
            time.sleep(0.01)


def idle(count):
    """Connections that send nothing, and some that begin a message of 65535 bytes."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    kept = []
    for i in range(min(count, limit - 100)):
        kept.append(socket.create_connection((HERE, port)))
        if i % 4 == 0:
            kept[-1].send(b"\0\x0a\xff\xff")
            time.sleep(0.004)
    time.sleep(2)


def bomb(count):
    """Sessions with the maximum number of template fields in each message."""
    fields = [(1 + i, 1) for i in range(2047)]
    large = message(data_set(2, b"".join(template(256 + k, fields) for k in range(7))))
    for _ in range(count):
        with datagrams() as made:
            made.send(large)
        time.sleep(0.01)


def amplifier(count):
    """Records of one byte with two thousand values, or one record for each byte of a message."""
    for fields in (2047, 30, 1):
        shape = message(data_set(2, template(256, [(1, 1)] + [(2 + i, 0) for i in range(fields - 1)])))
        for _ in range(count):
            with datagrams() as made:
                made.send(shape)
                made.send(message(data_set(256, bytes(65000))))
            with socket.create_connection((HERE, port)) as made:
                made.sendall(shape + message(data_set(256, bytes(65000))))


def queued():
    """Bytes in the receive queues of the collector's UDP sockets."""
    total = 0
    for name in ("/proc/net/udp", "/proc/net/udp6"):
        with open(name, encoding="ascii") as table:
            fields = [line.split() for line in table][1:]
        total += sum(int(row[4].split(":")[1], 16) for row in fields if int(row[1].split(":")[1], 16) == port)
    return total


def wait_until_read():
    """A slow collector (sanitizer) must receive as much as a fast one. The sockets of the exporters stay open: a closed
    socket refuses the answers of the collector, which then ends the session."""
    end = time.monotonic() + 20
    while queued() > 0:
        if time.monotonic() > end:
            raise SystemExit("the collector did not read its queue within 20 s")
        time.sleep(0.01)


def handshakes(count):
    """Exporters over DTLS that return the cookie, and then send records which the collector can only use later."""
    extensions = bytes.fromhex("0010000a000400020017000d000400020403")

    def hello(sequence, cookie=b""):
        body = b"\xfe\xfd" + bytes(33) + bytes([len(cookie)]) + cookie + b"\0\2\xc0\x2b\1\0" + extensions
        length = len(body).to_bytes(3, "big")
        return record(0, sequence, b"\1" + length + bytes([0, sequence, 0, 0, 0]) + length + body)

    def record(epoch, sequence, body):
        return struct.pack(">B2sHHIH", 22, b"\xfe\xfd", epoch, 0, sequence, len(body)) + body

    made = [datagrams() for _ in range(count)]
    for exporter in made:
        exporter.send(hello(0))
        answer = exporter.recv(256)
        exporter.send(hello(1, answer[28:28 + answer[27]]))
    for sequence in range(100):
        later = record(1, sequence, bytes(16384))
        for exporter in made:
            try:
                exporter.send(later)
            except ConnectionRefusedError:  # the collector has ended the session
                pass
        wait_until_read()


port = int(sys.argv[1])
globals()[sys.argv[2]](int(sys.argv[3]))
