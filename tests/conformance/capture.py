# SPDX-License-Identifier: MIT OR Apache-2.0
"""Frames of a pcap or pcapng file, read on our own so that rules can look at the packet itself."""
import bz2
import gzip
import lzma
import struct

PCAP_MAGIC = {b"\xd4\xc3\xb2\xa1": ("<", 10**6), b"\xa1\xb2\xc3\xd4": (">", 10**6),
              b"\x4d\x3c\xb2\xa1": ("<", 10**9), b"\xa1\xb2\x3c\x4d": (">", 10**9),
              b"\x34\xcd\xb2\xa1": ("<", 10**6), b"\xa1\xb2\xcd\x34": (">", 10**6)}
KUZNETZOV = (b"\x34\xcd\xb2\xa1", b"\xa1\xb2\xcd\x34")  # record headers are 8 octets longer
SECTION = b"\n\r\r\n"
PACKED = {b"\x1f\x8b": gzip.decompress, b"BZ": bz2.decompress, b"\xfd7": lzma.decompress}
# Link types of which p0f 3.09b finds the IP header by itself: null, Ethernet, PPP, raw, loop, cooked.
P0F_LINKS = {0, 1, 9, 12, 14, 101, 108, 113, 228, 229}


class Frame:
    def __init__(self, link, data, fraction=0, unit=10**6, mixed=False):
        self.link, self.data = link, data
        self.mixed = mixed  # behind an interface of another link type or snap length: libpcap stops there
        self.time_carries = fraction >= unit  # a sub-second part of a second and more

    def ethertype(self):
        return int.from_bytes(self.data[12:14], "big") if self.link == 1 and len(self.data) >= 14 else None

    def beyond_p0f(self):
        """What p0f can't look through, by the first header alone."""
        kind = self.ethertype()
        if kind is None:
            return None if self.link in P0F_LINKS else f"link type {self.link}"
        names = {0x8864: "PPPoE", 0x8847: "MPLS", 0x8848: "MPLS", 0x8926: "VN-Tag"}
        return names.get(kind) or ("LLC" if kind < 1536 else None)


def read_pcap(data):
    order, unit = PCAP_MAGIC[data[:4]]
    snap, link = struct.unpack(order + "2I", data[16:24])
    header, at = 24 if data[:4] in KUZNETZOV else 16, 24
    while at + header <= len(data):
        _, fraction, captured, _ = struct.unpack(order + "4I", data[at:at + 16])
        shown = min(captured, snap) if snap else captured  # libpcap cuts what is longer than the file says
        yield Frame(link & 0xFFFF, data[at + header:at + header + shown], fraction, unit)
        at += header + captured


def read_pcapng(data):
    at, order, links, kinds = 0, "<", [], set()
    while at + 12 <= len(data):
        if data[at:at + 4] == SECTION:
            order, links = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">", []
        kind, length = struct.unpack(order + "2I", data[at:at + 8])
        if length < 12:
            return
        body = data[at + 8:at + length - 4]
        if kind == 1:
            links.append(struct.unpack(order + "H", body[:2])[0])
            kinds.add(body[:2] + body[4:8])
        elif kind in (2, 6):
            interface = struct.unpack(order + ("H" if kind == 2 else "I"), body[:2 if kind == 2 else 4])[0]
            captured = struct.unpack(order + "I", body[12:16])[0]
            yield Frame(links[interface] if interface < len(links) else 1, body[20:20 + captured],
                        mixed=len(kinds) > 1)
        elif kind == 3:
            yield Frame(links[0] if links else 1, body[4:])
        at += length


def is_capture(path):
    with open(path, "rb") as file:
        start = file.read(6)
    return start[:4] in PCAP_MAGIC or start[:4] == SECTION or start[:2] in PACKED


def frames(path):
    with open(path, "rb") as file:
        data = file.read()
    found = []
    try:
        if data[:2] in PACKED:
            data = PACKED[data[:2]](data)
        for frame in (read_pcap if data[:4] in PCAP_MAGIC else read_pcapng)(data):
            found.append(frame)
    except (struct.error, KeyError, IndexError, OSError, EOFError, lzma.LZMAError):
        pass  # what can be read of a broken file
    return found
