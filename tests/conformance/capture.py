# SPDX-License-Identifier: MIT OR Apache-2.0
"""Frames of a pcap or pcapng file, read on our own so that rules can look at the packet itself."""
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
# Where p0f 3.09b expects the IP header, by link type. On any other it takes the first place in a packet where IP with TCP
# could begin, and keeps to it for the whole file.
P0F_PLACES = {0: 4, 1: 14, 9: 4, 12: 0, 14: 0, 50: 8, 51: 8, 101: 0, 105: 32, 108: 8, 113: 16, 117: 28}
P0F_SEARCH_END, IPV4_WITH_TCP, IPV6_WITH_TCP, TCP = 40, 40, 60, 6
ETHERNET, PPP = 1, 9
ETHERTYPES, PPP_PROTOCOLS = {b"\x08\x00": 4, b"\x86\xdd": 6}, (b"\x00\x21", b"\x00\x57")
PROTOCOL_AT = {4: 9, 6: 6}  # in the IP header, by the version that the EtherType announces
LENGTHS_SWAPPED, LENGTHS_MIXED = (2, 2), (2, 3)  # versions of the format: up to the first always, in the second some


class Frame:
    """ip_at: where p0f looks for the IP header; None: nowhere."""

    def __init__(self, link, data, seconds=0, fraction=0, unit=10**6, mixed=False):
        self.link, self.data, self.seconds = link, data, seconds
        self.mixed = mixed  # behind an interface of another link type or snap length: libpcap stops there
        self.time_carries = fraction >= unit  # a sub-second part of a second and more
        self.ip_at = P0F_PLACES.get(link)

    def ip_header(self):
        """The bytes from the IP header on, as p0f has them behind its filter for TCP; None where there is none."""
        if self.ip_at is None or len(self.data) <= self.ip_at or self.data[self.ip_at] >> 4 not in (4, 6):
            return None
        if self.link == ETHERNET and not self.passes_filter() or self.link == PPP and self.data[2:4] not in PPP_PROTOCOLS:
            return None
        return self.data[self.ip_at:]

    def passes_filter(self):
        """libpcap's filter for TCP goes by the EtherType. With another IP version behind it, the filter looks for the
        protocol at a wrong place."""
        announced = ETHERTYPES.get(self.data[12:14])
        if announced is None or announced == self.data[self.ip_at] >> 4:
            return announced is not None
        return self.data[self.ip_at + PROTOCOL_AT[announced]:][:1] == bytes((TCP,))


def first_place(data):
    """Where p0f thinks that IP begins in a frame of a link type that it does not know."""
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
    """The captured length of a record. Files of version 2.2 and before have the two lengths in the other order, some of 2.3 too."""
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
        shown = min(captured, snap) if snap else captured  # libpcap cuts what is longer than the file says
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
        pass  # what can be read of a broken file
    find_places(found)
    return found
