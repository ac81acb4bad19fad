# SPDX-License-Identifier: MIT OR Apache-2.0
"""The causes (tables of docs/how-to/suricata.md and zeek.md) of an event or a line that the plug-in does not report.
They follow from the headers of the capture and from the program's record of the packet."""
import json
import re
import struct

PCAP = {b"\xd4\xc3\xb2\xa1": ("<", 1), b"\xa1\xb2\xc3\xd4": (">", 1), b"\x4d\x3c\xb2\xa1": ("<", 1000), b"\xa1\xb2\x3c\x4d": (">", 1000)}
INTERFACE = 1  # block type of pcapng
SECOND_2038 = 1 << 31
SURICATA_CUTS, ZEEK_CUTS = 1048575, 2147483647  # microseconds
UNREAD = {"suricata": {7: "ARCNET", 129: "ARCNET", 127: "802.11 with radiotap", 192: "PPI", 239: "NFLOG"}, "zeek": {7: "ARCNET", 129: "ARCNET", 192: "PPI"}}
ZEEK_TUNNELS = ("ah", "ethernet-in-ip", "capwap", "sflow")
EOIP = re.compile(rb"\x20\x01\x64\x00")  # GRE header of EoIP
SHORT_PPPOE = re.compile(rb"\x88\x64\x11\x00....[\x21\x57]", re.DOTALL)  # a protocol field of one byte: IPv4, IPv6


class Headers:
    """Link types and snapshot lengths of a capture, the largest sub-second part in units of the file, and times of
    packets."""

    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        self.links, self.lengths, self.fraction, self.seconds, self.nanoseconds = set(), set(), 0, 0, False
        self.eoip, self.short_pppoe = EOIP.search(data) is not None, SHORT_PPPOE.search(data) is not None
        if data[:4] in PCAP:
            self.of_pcap(data, *PCAP[data[:4]])
        elif data[:4] == b"\n\r\r\n":
            self.of_pcapng(data)

    def of_pcap(self, data, order, nanoseconds):
        self.links.add(struct.unpack_from(order + "I", data, 20)[0] & 0xFFFF)
        self.nanoseconds = nanoseconds > 1
        at = 24
        while at + 16 <= len(data):
            second, fraction, length = struct.unpack_from(order + "III", data, at)
            self.seconds, self.fraction = max(self.seconds, second), max(self.fraction, fraction)
            at += 16 + length

    def of_pcapng(self, data):
        order = "<" if data[8:12] == b"\x4d\x3c\x2b\x1a" else ">"
        at = 0
        while at + 12 <= len(data):
            kind, length = struct.unpack_from(order + "II", data, at)
            if kind == INTERFACE:
                link, _, snapshot_length = struct.unpack_from(order + "HHI", data, at + 8)
                self.links.add(link)
                self.lengths.add(snapshot_length)
            if length < 12:
                return
            at += length


def of_suricata_file(headers):
    named = [name for link, name in UNREAD["suricata"].items() if link in headers.links]
    return named + [name for applies, name in (
        (len(headers.links) > 1, "pcapng whose interfaces have several link types"),
        (len(headers.lengths) > 1, "pcapng whose interfaces have several snapshot lengths"),
        (headers.fraction > SURICATA_CUTS, "a damaged time")) if applies]


def of_zeek_file(headers, code):
    named = [name for link, name in UNREAD["zeek"].items() if link in headers.links]
    return named + [name for applies, name in (
        (code != 0, "a damaged capture"), (headers.seconds >= SECOND_2038 or headers.fraction > ZEEK_CUTS, "a damaged time"),
        (headers.nanoseconds, "nanoseconds")) if applies]


def of_flags(flags, names):
    return [name for flag, name in names if flag in flags]


def without_ends(line):
    return tuple((name, value) for name, value in line if name not in ("host", "peer"))


def extension_headers(values):
    """Whether the signature of a line is that of an IPv6 packet with extension headers (length of options above 0)."""
    version, _, options_length = (values["signature"].split(":") + ["", ""])[:3]
    return version == "6" and options_length != "0"


class SuricataCauses:
    """Events are JSON texts, see suricata_host.comparable."""

    def __init__(self, path, _extra, _facts):
        self.of_file = of_suricata_file(Headers(path))

    def of(self, event):
        return self.of_file + of_flags(json.loads(event)["inner"].get("flags", ()), [("sampled", "sFlow")])


class ZeekCauses:
    """Lines are tuples of pairs, see zeek_host.comparable. `facts` are the exit code of Zeek, the times of packets in
    tunnels that Zeek drops as too short, and a function that returns the program's lines without a tunnel."""

    def __init__(self, path, extra, facts):
        self.headers = Headers(path)
        self.extra = set(map(without_ends, extra))
        code, self.short, self.without = facts
        self.of_file = of_zeek_file(self.headers, code)
        self.outside = {}

    def is_in(self, tunnel, line):
        if tunnel not in self.outside:
            self.outside[tunnel] = self.without(tunnel)
        return line not in self.outside[tunnel]

    def of(self, line):
        values = dict(line)
        named = of_flags(values["flags"].split(","), [("fragment", "fragments"), ("truncated", "longer than its frame")])
        named += [name for applies, name in (
            (values["ts"] in self.short, "shorter than its tunnel"),
            (extension_headers(values) and without_ends(line) in self.extra, "routing header or home address option")) if applies]
        named += [f"tunnel {tunnel}" for tunnel in ZEEK_TUNNELS if self.is_in(tunnel, line)]
        return self.of_file + named + [f"tunnel {name}" for seen, name, tunnel in (
            (self.headers.eoip, "eoip", "gre"), (self.headers.short_pppoe, "pppoe", "pppoe")) if seen and self.is_in(tunnel, line)]


def causes_of(host, path, missing, extra, facts):
    """Causes of all missing events, and the number of events without a cause."""
    causes = {"suricata": SuricataCauses, "zeek": ZeekCauses}[host](path, extra, facts)
    each = [causes.of(line) for line in missing]
    return sorted({name for named in each for name in named}), sum(not named for named in each)
