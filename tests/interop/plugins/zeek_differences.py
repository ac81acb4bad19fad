# SPDX-License-Identifier: MIT OR Apache-2.0
"""The causes of differences from `synfix read` that docs/how-to/zeek.md names, each in a small capture. A difference that is
gone is a failure too: then the page is wrong."""
import struct
import subprocess
import tempfile

import fragments
from zeek_host import ZEEK, maps

PPI, RAW = 192, 101
NANOSECONDS, MICROSECONDS = 0xA1B23C4D, 0xA1B2C3D4


def capture(path, packets, link=RAW, magic=MICROSECONDS, seconds=1700000000):
    """Packets are pairs of a fraction of a second and bytes."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", magic, 2, 4, 0, 0, 65535, link))
        for fraction, data in packets:
            file.write(struct.pack("<IIII", seconds, fraction, len(data), len(data)) + data)


def both(host, *packets, **options):
    """Lines of the program, lines of Zeek, messages of Zeek."""
    with tempfile.TemporaryDirectory() as work:
        capture(f"{work}/made.pcap", packets, **options)
        host.read(f"{work}/made.pcap", f"{work}/own.log")
        done = subprocess.run([*ZEEK, "-r", f"{work}/made.pcap"], cwd=work, capture_output=True, text=True, timeout=120,
                              env=host.environment)
        return maps(f"{work}/own.log"), maps(f"{work}/tcp_fp.log"), done.stderr


def only_the_program(host, what, data, **options):
    own, lines, _ = both(host, (0, data), **options)
    host.check(len(own) == 1 and not lines, f"{what}: {len(own)} lines of the program, {len(lines)} of Zeek")


def routing_header(host):
    """Zeek's responder is the last address of the routing header."""
    last = bytes.fromhex("20010db8" + "0" * 23 + "9")
    header = struct.pack(">IHBB", 0x60000000, 24 + 40, 43, 64) + fragments.CLIENT6 + fragments.SERVER6
    routing = struct.pack(">BBBBI", 6, 2, 0, 1, 0) + last
    own, lines, _ = both(host, (0, header + routing + fragments.tcp(1001)))
    host.check([line["id.resp_h"] for line in own + lines] == ["2001:db8::2", "2001:db8::9"], f"routing header: {own} {lines}")
    host.check([line["is_resp"] for line in lines] == ["F"], f"routing header: {lines}")


def sampled_headers(host):
    with tempfile.TemporaryDirectory() as work:
        fragments.sflow(f"{work}/sflow.pcap")
        host.read(f"{work}/sflow.pcap", f"{work}/own.log")
        own, lines = maps(f"{work}/own.log"), host.log_of(work, "-r", f"{work}/sflow.pcap")
        host.check(len(own) == 1 and not lines, f"sFlow: {len(own)} lines of the program, {len(lines)} of Zeek")


def nanoseconds(host):
    own, lines, _ = both(host, (123456789, fragments.ip4(fragments.tcp(1001), 1)), magic=NANOSECONDS)
    host.check([line["ts"] for line in own + lines] == ["1700000000.123456"] * 2, f"nanoseconds: {own} {lines}")


def damaged_record(host):
    """libpcap reads no record of more than 262,144 bytes."""
    syn = fragments.ip4(fragments.tcp(1001), 1)
    with tempfile.TemporaryDirectory() as work:
        capture(f"{work}/made.pcap", [(0, syn)])
        with open(f"{work}/made.pcap", "ab") as file:
            file.write(struct.pack("<IIII", 1700000000, 0, 300000, 300000) + bytes(300000))
        host.read(f"{work}/made.pcap", f"{work}/own.log")
        host.check(len(maps(f"{work}/own.log")) == 1, "damaged record: the program")
        done = subprocess.run([*ZEEK, "-r", f"{work}/made.pcap"], cwd=work, capture_output=True, text=True, env=host.environment)
        host.check(done.returncode == 1 and "bigger than" in done.stderr, f"damaged record: {done.returncode} {done.stderr[-200:]}")


def unseen_handshake(host):
    """Zeek guesses the originator from the ports of the first packet; the engine says that the SYN was not seen."""
    answer = bytearray(fragments.tcp(1001))
    answer[0:4], answer[13] = struct.pack(">HH", 1001, 50000), 0x12
    own, lines, _ = both(host, (0, fragments.ip4(bytes(answer), 1)))
    host.check([line["kind"] for line in own + lines] == ["syn+ack"] * 2, f"unseen handshake: {own} {lines}")


def check(host):
    syn = fragments.tcp(1001)
    ah = struct.pack(">BBHII", 6, 4, 0, 7, 1) + bytes(12)
    only_the_program(host, "AH", fragments.ip4(ah + syn, 1, protocol=51))
    eoip = struct.pack(">HHHH", 0x2001, 0x6400, 14 + 20 + len(syn), 7) + bytes(12) + b"\x08\x00"
    only_the_program(host, "EoIP", fragments.ip4(eoip + fragments.ip4(syn, 2), 1, protocol=47))
    pppoe = b"\x11\0" + struct.pack(">HHB", 1, 1 + 20 + len(syn), 0x21)
    only_the_program(host, "PPPoE", bytes(12) + b"\x88\x64" + pppoe + fragments.ip4(syn, 1), link=1)
    header = struct.pack("<BBHI", 0, 0, 8, 1) + bytes(12) + b"\x08\x00"
    only_the_program(host, "PPI", header + fragments.ip4(syn, 1), link=PPI)
    only_the_program(host, "IP packet longer than its frame", fragments.ip4(fragments.tcp(1001, bytes(100)), 1)[:60])
    sampled_headers(host)
    only_the_program(host, "a time after January 2038", fragments.ip4(syn, 1), seconds=1 << 31)
    routing_header(host)
    nanoseconds(host)
    damaged_record(host)
    unseen_handshake(host)
