# SPDX-License-Identifier: MIT OR Apache-2.0
"""The causes of differences from `synfix read` in docs/how-to/zeek.md, each in a small capture. A missing difference
is also a failure: the page is wrong then. The names in CASES are parts of the causes in the page
(difference_table.py)."""
import struct
import subprocess
import tempfile
from functools import partial

import fragments
from zeek_host import ZEEK, maps

ETHERNET, ARCNET, RAW, PPI = 1, 7, 101, 192
SECONDS = 1700000000
NANOSECONDS, MICROSECONDS = 0xA1B23C4D, 0xA1B2C3D4


def capture(path, packets, link=RAW, magic=MICROSECONDS, seconds=SECONDS):
    """Packets are (fraction of a second, bytes), with a third item if the seconds differ."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", magic, 2, 4, 0, 0, 65535, link))
        for fraction, data, *own_seconds in packets:
            file.write(struct.pack("<IIII", *(own_seconds or [seconds]), fraction, len(data), len(data)) + data)


def both(host, *packets, **options):
    """Lines of the program, lines of Zeek, messages of Zeek."""
    with tempfile.TemporaryDirectory() as work:
        capture(f"{work}/made.pcap", packets, **options)
        host.read(f"{work}/made.pcap", f"{work}/own.log")
        done = subprocess.run([*ZEEK, "-r", f"{work}/made.pcap"], cwd=work, capture_output=True, text=True, timeout=120,
                              env=host.environment)
        return maps(f"{work}/own.log"), maps(f"{work}/tcp_fp.log"), done.stderr


def only_the_program(host, what, data, flag="", **options):
    own, lines, _ = both(host, (0, data), **options)
    host.check(len(own) == 1 and flag in own[0]["flags"] and not lines, f"{what}: {own} of the program, {lines} of Zeek")


def without_a_line(what, data, **options):
    """A case: Zeek has no line about a SYN; the program has one."""
    return partial(only_the_program, what=what, data=data, **options)


def several_fragments(host):
    """The program uses the first fragment, Zeek the whole packet."""
    parts = list(enumerate(fragments.fragments(fragments.ip4, fragments.tcp(1001, bytes(200)), 1, 64, False)))
    own, lines, _ = both(host, *parts)
    found = [("fragment" in line["flags"].split(","), line["ip_len"]) for line in own + lines]
    host.check(found == [(True, "84"), (True, "260")], f"fragments: {found}")
    only_the_program(host, "the first fragment alone", parts[0][1])


def extension_header(host, what, kind, header, ends):
    """IPv6 with an extension header of 24 bytes. `ends` are originator and responder in Zeek."""
    packet = (struct.pack(">IHBB", 0x60000000, 24 + 40, kind, 64) + fragments.CLIENT6 + fragments.SERVER6 + header + LAST +
              fragments.tcp(1001))
    own, lines, _ = both(host, (0, packet))
    found = [(line["id.orig_h"], line["id.resp_h"], line["is_resp"]) for line in own + lines]
    host.check(found == [("2001:db8::1", "2001:db8::2", "F"), (*ends, "F")], f"{what}: {found}")


LAST = bytes.fromhex("20010db8" + "0" * 23 + "9")
routing_header = partial(extension_header, what="routing header", kind=43, header=struct.pack(">BBBBI", 6, 2, 0, 1, 0),
                         ends=("2001:db8::1", "2001:db8::9"))
home_address = partial(extension_header, what="home address option", kind=60, header=bytes((6, 2, 1, 2, 0, 0, 0xC9, 16)),
                       ends=("2001:db8::9", "2001:db8::2"))


def sampled_headers(host):
    with tempfile.TemporaryDirectory() as work:
        fragments.sflow(f"{work}/sflow.pcap")
        host.read(f"{work}/sflow.pcap", f"{work}/own.log")
        own, lines = maps(f"{work}/own.log"), host.log_of(work, "-r", f"{work}/sflow.pcap")
        host.check(len(own) == 1 and not lines, f"sFlow: {len(own)} lines of the program, {len(lines)} of Zeek")


def nanoseconds(host):
    own, lines, _ = both(host, (123456789, fragments.ip4(fragments.tcp(1001), 1)), magic=NANOSECONDS)
    host.check([line["ts"] for line in own + lines] == ["1700000000.123456"] * 2, f"nanoseconds: {own} {lines}")


def damaged_record(host, what, rest, code, message):
    """A record, then the bytes `rest`. The program ends with `code`; Zeek ends with `message` and without a line."""
    with tempfile.TemporaryDirectory() as work:
        capture(f"{work}/made.pcap", [(0, SYN)])
        with open(f"{work}/made.pcap", "ab") as file:
            file.write(rest)
        host.read(f"{work}/made.pcap", f"{work}/own.log", code=code)
        host.check(len(maps(f"{work}/own.log")) == 1, f"{what}: the program")
        done = subprocess.run([*ZEEK, "-r", f"{work}/made.pcap"], cwd=work, capture_output=True, text=True, env=host.environment)
        host.check(done.returncode == 1 and message in done.stderr and not maps(f"{work}/tcp_fp.log"),
                   f"{what}: {done.returncode} {done.stderr[-200:]}")


def damaged_time(host, what, time, expected):
    """Four SYNs of one clock; the second one has a damaged time. Expected: the times of Zeek's SYNs and the uptimes
    in each program."""
    times = [(0, SECONDS), time, (500000, SECONDS), (750000, SECONDS)]
    packets = [(fraction, fragments.ip4(fragments.tcp(1001 + index, clock=1000000 + 250 * index), 1), seconds)
               for index, (fraction, seconds) in enumerate(times)]
    own, lines, _ = both(host, *packets)
    of = lambda kind, found: [line["ts"][-9:] for line in found if line["kind"] == kind]
    host.check(len(of("syn", own)) == 4, f"{what}: {own}")
    found = of("syn", lines), of("uptime", own), of("uptime", lines)
    host.check(found == expected, f"{what}: {found}")


def unseen_handshake(host):
    """Zeek guesses the originator from the ports of the first packet; the engine reports that the SYN was not seen."""
    answer = bytearray(fragments.tcp(1001))
    answer[0:4], answer[13] = struct.pack(">HH", 1001, 50000), 0x12
    own, lines, _ = both(host, (0, fragments.ip4(bytes(answer), 1)))
    found = [(line["kind"], line["id.orig_h"], line["is_resp"]) for line in own + lines]
    host.check(found == [("syn+ack", "198.51.100.1", "T"), ("syn+ack", "192.0.2.1", "F")], f"unseen handshake: {found}")


def ah(protocol, payload):
    return fragments.ip4(struct.pack(">BBHII", protocol, 4, 0, 7, 1) + bytes(12) + payload, 1, protocol=51)


TCP, ETHERNET_HEADER = fragments.tcp(1001), bytes(12) + b"\x08\x00"
SYN, SYN_IN_ETHERNET = fragments.ip4(TCP, 1), ETHERNET_HEADER + fragments.ip4(TCP, 2)
EOIP = struct.pack(">HHHH", 0x2001, 0x6400, len(SYN_IN_ETHERNET), 7)
CAPWAP = struct.pack(">HHHH", 5247, 5247, 16 + len(SYN_IN_ETHERNET), 0) + bytes((0, 0x10, 2, 0, 0, 0, 0, 0))
TUNNELLED = SYN + bytes(3)  # more than the IP packet
GTP_U = struct.pack(">HHHH", 2152, 2152, 16 + len(TUNNELLED), 0) + struct.pack(">BBHI", 0x30, 255, len(TUNNELLED), 7)
TEREDO_SYN = struct.pack(">IHBB", 0x60000000, len(TCP), 6, 64) + fragments.CLIENT6 + fragments.SERVER6 + TCP + bytes(3)
TEREDO = struct.pack(">HHHH", 3544, 3544, 8 + len(TEREDO_SYN), 0)
PPPOE = b"\x11\0" + struct.pack(">HHB", 1, 1 + len(SYN), 0x21)

CASES = {
    "several fragments": several_fragments,
    "AH": without_a_line("AH", ah(6, TCP)),
    "EoIP": without_a_line("EoIP", fragments.ip4(EOIP + SYN_IN_ETHERNET, 1, protocol=47)),
    "CAPWAP": without_a_line("CAPWAP", fragments.ip4(CAPWAP + SYN_IN_ETHERNET, 1, protocol=17)),
    "sFlow": sampled_headers,
    "PPPoE": without_a_line("PPPoE", bytes(12) + b"\x88\x64" + PPPOE + SYN, link=ETHERNET),
    "around other tunnels": without_a_line("GRE in AH", ah(47, b"\0\0\x08\0" + SYN)),
    "longer than its frame": without_a_line("longer than its frame", fragments.ip4(fragments.tcp(1001, bytes(100)), 1)[:60], flag="truncated"),
    "GTP-U": without_a_line("GTP-U", fragments.ip4(GTP_U + TUNNELLED, 1, protocol=17)),
    "Teredo": without_a_line("Teredo", fragments.ip4(TEREDO + TEREDO_SYN, 1, protocol=17)),
    "IP-in-IP": without_a_line("IP-in-IP", fragments.ip4(TUNNELLED, 1, protocol=4)),
    "PPI": without_a_line("PPI", struct.pack("<BBHI", 0, 0, 8, ETHERNET) + SYN_IN_ETHERNET, link=PPI),
    "ARCNET": without_a_line("ARCNET", b"\1\2\xf0" + SYN, link=ARCNET),
    "cut record": partial(damaged_record, what="cut record", rest=struct.pack("<IIII", SECONDS, 0, 60, 60) + SYN[:20], code=1,
                          message="truncated"),
    "262,144 bytes": partial(damaged_record, what="large record", rest=struct.pack("<IIII", SECONDS, 0, 300000, 300000) + bytes(300000),
                             code=0, message="bigger than"),
    "routing header": routing_header,
    "home address option": home_address,
    "after January 2038": partial(damaged_time, what="after January 2038", time=(250000, 1 << 31),
                                  expected=(["00.000000", "00.500000", "00.750000"], ["00.750000"], ["00.500000"])),
    "2,147,483,647 µs": partial(damaged_time, what="microseconds", time=((1 << 32) - 750000, SECONDS + 1),
                                expected=(["00.000000", "00.250000", "00.500000", "00.750000"], [], ["00.250000"])),
    "nanoseconds": nanoseconds,
    "handshake was not seen": unseen_handshake,
}


def check(host):
    for case in CASES.values():
        case(host)
