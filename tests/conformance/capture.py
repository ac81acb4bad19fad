# SPDX-License-Identifier: MIT OR Apache-2.0
"""An independent reader of pcap and pcapng files. The rules examine the bytes of its frames."""
import bz2
import gzip
import lzma
import struct

PCAP_MAGIC = {b"\xd4\xc3\xb2\xa1": ("<", 10**6), b"\xa1\xb2\xc3\xd4": (">", 10**6),
              b"\x4d\x3c\xb2\xa1": ("<", 10**9), b"\xa1\xb2\x3c\x4d": (">", 10**9),
              b"\x34\xcd\xb2\xa1": ("<", 10**6), b"\xa1\xb2\xcd\x34": (">", 10**6)}
KUZNETZOV = (b"\x34\xcd\xb2\xa1", b"\xa1\xb2\xcd\x34")  # record headers are 8 bytes longer
SECTION = b"\n\r\r\n"
PACKED = {b"\x1f\x8b": gzip.decompress, b"BZ": bz2.decompress, b"\xfd7": lzma.decompress}
# Offset of the IP header in p0f 3.09b, by link type. For other link types, p0f searches a packet for the first offset
# at which IP with TCP could begin, and uses this offset for the whole file.
P0F_PLACES = {0: 4, 1: 14, 9: 4, 12: 0, 14: 0, 50: 8, 51: 8, 101: 0, 105: 32, 108: 8, 113: 16, 117: 28}
P0F_SEARCH_END, IPV4_WITH_TCP, IPV6_WITH_TCP, TCP = 40, 40, 60, 6
ETHERNET, PPP = 1, 9
ETHERTYPES, PPP_PROTOCOLS = {b"\x08\x00": 4, b"\x86\xdd": 6}, (b"\x00\x21", b"\x00\x57")
PROTOCOL_AT = {4: 9, 6: 6}  # offset in the IP header, by the IP version of the EtherType
# Format versions: up to the first one, all files have the two lengths in reverse order; in the second one, some files.
LENGTHS_SWAPPED, LENGTHS_MIXED = (2, 2), (2, 3)


class Frame:
    """ip_at: offset at which p0f expects the IP header; None: p0f reads no IP header."""

    def __init__(self, link, data, seconds=0, fraction=0, unit=10**6, mixed=False):
        self.link, self.data, self.seconds = link, data, seconds
        self.mixed = mixed  # after an interface of another link type or snapshot length: libpcap stops there
        self.time_carries = fraction >= unit  # the sub-second part is one second or more
        self.ip_at = P0F_PLACES.get(link)

    def ip_header(self):
        """The bytes from the IP header on that pass p0f's filter for TCP; None if there are none."""
        if self.ip_at is None or len(self.data) <= self.ip_at or self.data[self.ip_at] >> 4 not in (4, 6):
            return None
        if self.link == ETHERNET and not self.passes_filter() or self.link == PPP and self.data[2:4] not in PPP_PROTOCOLS:
            return None
        return self.data[self.ip_at:]

    def passes_filter(self):
        """libpcap's filter for TCP uses the EtherType. If another IP version follows, the filter reads the protocol
        at a wrong offset."""
        announced = ETHERTYPES.get(self.data[12:14])
        if announced is None or announced == self.data[self.ip_at] >> 4:
            return announced is not None
        return self.data[self.ip_at + PROTOCOL_AT[announced]:][:1] == bytes((TCP,))


def first_place(data):
    """The offset at which p0f finds IP in a frame with a link type that p0f does not support."""
    for at in range(0, P0F_SEARCH_END, 2):
        left = len(data) - at
        if left >= IPV6_WITH_TCP and data[at] >> 4 == 6 and data[at + 6] == TCP or \
                left >= IPV4_WITH_TCP and data[at] >> 4 == 4 and data[at + 9] == TCP:
            return at
    return None


def find_places(frames):
    place = None
    for frame in frames:
        if frame.link not in P0F_PLACES:
            place = first_place(frame.data) if place is None else place
            frame.ip_at = place


def in_order(version, captured, original):
    """The captured length of a record. Up to version 2.2 the two lengths are in reverse order, in 2.3 in some files."""
    swapped = version <= LENGTHS_SWAPPED or (version == LENGTHS_MIXED and captured > original)
    return original if swapped else captured


def read_pcap(data):
    order, unit = PCAP_MAGIC[data[:4]]
    version = struct.unpack(order + "2H", data[4:8])
    snap, link = struct.unpack(order + "2I", data[16:24])
    header, at = 24 if data[:4] in KUZNETZOV else 16, 24
    while at + header <= len(data):
        seconds, fraction, captured, original = struct.unpack(order + "4I", data[at:at + 16])
        captured = in_order(version, captured, original)
        shown = min(captured, snap) if snap else captured  # libpcap cuts records to the snapshot length of the file
        yield Frame(link & 0xFFFF, data[at + header:at + header + shown], seconds, fraction, unit)
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
        pass  # the readable part of a damaged file
    find_places(found)
    return found
