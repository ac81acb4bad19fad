# SPDX-License-Identifier: MIT OR Apache-2.0
"""Which causes of the tables of docs/how-to/suricata.md and zeek.md apply to a capture: from its headers and from what the
program says about it."""
import struct

PCAP = {b"\xd4\xc3\xb2\xa1": ("<", 1), b"\xa1\xb2\xc3\xd4": (">", 1), b"\x4d\x3c\xb2\xa1": ("<", 1000), b"\xa1\xb2\x3c\x4d": (">", 1000)}
INTERFACE = 1  # block type of pcapng
SECOND_2038 = 1 << 31
SURICATA_CUTS, ZEEK_CUTS = 1048575, 2147483647  # microseconds
UNREAD = {"suricata": {7: "ARCNET", 129: "ARCNET", 127: "802.11 with radiotap", 192: "PPI", 239: "NFLOG"}, "zeek": {7: "ARCNET", 129: "ARCNET", 192: "PPI"}}
ZEEK_TUNNELS = ("ah", "ethernet-in-ip", "eoip", "capwap", "sflow", "pppoe")


class Headers:
    """Link types and snapshot lengths of a capture, the largest fraction of a second in units of the file, and times of packets."""

    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        self.links, self.lengths, self.fraction, self.seconds, self.nanoseconds = set(), set(), 0, 0, False
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


def of_suricata(headers, events):
    named = [name for link, name in UNREAD["suricata"].items() if link in headers.links]
    flags = {flag for event in events for flag in event[event["event_type"]].get("flags", ())}
    return named + [name for applies, name in (
        (len(headers.links) > 1, "pcapng whose interfaces have several link types"),
        (len(headers.lengths) > 1, "pcapng whose interfaces have several snapshot lengths"), ("sampled" in flags, "sFlow"),
        (headers.fraction > SURICATA_CUTS, "a damaged time")) if applies]


def of_zeek(headers, facts):
    lines, code = facts
    named = [name for link, name in UNREAD["zeek"].items() if link in headers.links]
    flags = {flag for line in lines for flag in line["flags"].split(",")}
    named += [f"tunnel {name}" for name in ZEEK_TUNNELS if any(name in line["tunnel"].split(",") for line in lines)]
    return named + [name for applies, name in (
        ("fragment" in flags, "fragments"), ("truncated" in flags, "longer than its frame"), (code != 0, "a damaged capture"),
        (headers.seconds >= SECOND_2038 or headers.fraction > ZEEK_CUTS, "a damaged time"), (headers.nanoseconds, "nanoseconds"),
        ("syn_not_seen" in flags, "a connection whose handshake was not seen")) if applies]


def causes_of(host, path, facts):
    headers = Headers(path)
    return of_suricata(headers, facts) if host == "suricata" else of_zeek(headers, facts)
