# SPDX-License-Identifier: MIT OR Apache-2.0
"""TCP segments that p0f 3.09b reads from a frame: the outermost IP packet after a link type that p0f supports,
complete, without fragmentation and extension headers. p0f ignores all other frames."""
import collections
import ipaddress

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
TCP = 6
Segment = collections.namedtuple("Segment", "source target sequence acknowledgement flags payload")


def length_field_is_0(frame):
    """The length field of segmentation offload is 0: the frame gives the length (docs/reference/encapsulations.md)."""
    ip = frame.ip_header()
    if not ip or len(ip) < 20:
        return False
    return ip[2:4] == b"\0\0" if ip[0] >> 4 == 4 else ip[0] >> 4 == 6 and ip[4:6] == b"\0\0"


def addresses(ip, whole):
    """(source, target, IP payload). None without TCP, or with @p whole if the packet is incomplete."""
    if len(ip) >= 20 and ip[0] >> 4 == 4:
        header, total = (ip[0] & 15) * 4, int.from_bytes(ip[2:4], "big")
        if ip[9] != TCP or int.from_bytes(ip[6:8], "big") & 0x3FFF or not 20 <= header <= total or (whole and total > len(ip)):
            return None
        return ip[12:16], ip[16:20], ip[header:total]
    if len(ip) >= 40 and ip[0] >> 4 == 6:
        total = 40 + int.from_bytes(ip[4:6], "big")
        return (ip[8:24], ip[24:40], ip[40:total]) if ip[6] == TCP and (total <= len(ip) or not whole) else None
    return None


def end(address, port):
    """The form of p0f: address/port, IPv6 without shortening."""
    packed = ipaddress.ip_address(address)
    text = str(packed) if packed.version == 4 else ":".join(f"{int(part, 16):x}" for part in packed.exploded.split(":"))
    return f"{text}/{int.from_bytes(port, 'big')}"


def segment(frame, whole=True):
    """None for a frame that p0f ignores. Without @p whole, also returns a segment that the snapshot length has cut."""
    ip = frame.ip_header()
    found = addresses(ip, whole) if ip else None
    if found is None:
        return None
    source, target, tcp = found
    if len(tcp) < 20 or not 20 <= (tcp[12] >> 4) * 4 <= len(tcp):
        return None
    return Segment(end(source, tcp[0:2]), end(target, tcp[2:4]), int.from_bytes(tcp[4:8], "big"),
                   int.from_bytes(tcp[8:12], "big"), tcp[13] & 0x3F, tcp[(tcp[12] >> 4) * 4:])
