# SPDX-License-Identifier: MIT OR Apache-2.0
"""Builds packets from signatures: SYNs, and SYN+ACKs after their SYN. IPv4 and IPv6, without Ethernet."""
import ipaddress
import re
import struct

RAW_IP = 101
START = 1700000000
APART = 7200  # seconds
SYN, ACK, ECE_CWR, ECE = 0x02, 0x10, 0xC0, 0x40
OPTIONS = {"mss": b"\x02\x04%s", "ws": b"\x03\x03%s", "sok": b"\x04\x02", "ts": b"\x08\x0a%s", "nop": b"\x01"}
QUIRKS = {"df", "id+", "id-", "ecn", "flow", "ts1-"}
FORM = re.compile(r"([46]):(\d+)(?:\+\d+)?:0:(\d+):([^,]+),(\d+):([^:]*):([^:]*):0$")


def parts(signature):
    """(version, ttl, mss, window, scale, layout, quirks), or None for a signature that this module cannot build."""
    match = FORM.match(signature)
    if not match:
        return None
    version, ttl, mss, window, scale, layout, quirks = match.groups()
    layout = [one for one in layout.split(",") if one]
    quirks = {one for one in quirks.split(",") if one}
    known = all(one in OPTIONS or one.startswith("eol+") for one in layout)
    if not known or quirks - QUIRKS:
        return None
    return int(version), int(ttl), int(mss), window, int(scale), layout, quirks


def window_of(text, mss, layout):
    """The window. A multiple above 16 bits uses the MSS minus the bytes of the timestamps."""
    if text.startswith("mtu*"):
        return (mss + 40) * int(text[4:])
    if not text.startswith("mss*"):
        return int(text)
    window = mss * int(text[4:])
    return window if window <= 65535 or "ts" not in layout else (mss - 12) * int(text[4:])


def can_build(row):
    found = parts(row["p0f_raw"])
    if found is None or window_of(found[3], found[2], found[5]) > 65535:
        return False
    offer = row.get("syn_layout")
    return row["flags"] == 2 or bool(offer) and parts(f"4:64:0:1460:1,0:{offer}:df,id+:0") is not None


def options_of(layout, mss, scale, timestamps):
    values = {"mss": struct.pack("!H", mss), "ws": bytes([scale]), "ts": struct.pack("!II", *timestamps)}
    found = b"".join(OPTIONS[one] % values[one] if one in values else OPTIONS[one]
                     for one in layout if not one.startswith("eol"))
    padding = sum(1 + int(one[4:]) for one in layout if one.startswith("eol"))
    return found + bytes(padding)


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def identification_of(quirks):
    return 0 if "id-" in quirks or ("df" in quirks and "id+" not in quirks) else 0x1234


def ip4(source, destination, ttl, quirks, segment, identification):
    fragment = 0x4000 if "df" in quirks else 0
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), identification, fragment, ttl, 6, 0)
    ends = ipaddress.ip_address(source).packed + ipaddress.ip_address(destination).packed
    return header[:10] + struct.pack("!H", checksum(header + ends)) + ends + segment


def ip6(source, destination, ttl, quirks, segment, _):
    flow = 0x12345 if "flow" in quirks else 0
    header = struct.pack("!IHBB", 6 << 28 | flow, len(segment), 6, ttl)
    return header + mapped(source) + mapped(destination) + segment


def mapped(address):
    """The IPv6 address that represents an IPv4 address."""
    return ipaddress.ip_address("2001:db8::").packed[:12] + ipaddress.ip_address(address).packed


def packet(signature, ends, flags, echo, own=123456789, identification=None):
    """own: the timestamp; identification: the IP ID, by default one that the quirks allow."""
    version, ttl, mss, window, scale, layout, quirks = parts(signature)
    source, destination, source_port, destination_port = ends
    own = 0 if "ts1-" in quirks else own
    if identification is None:
        identification = identification_of(quirks)
    options = options_of(layout, mss, scale, (own, echo))
    flags |= (ECE_CWR if flags == SYN else ECE) if "ecn" in quirks else 0
    segment = struct.pack("!HHIIBBHHH", source_port, destination_port, 1000, 2001 if flags & ACK else 0,
                          (20 + len(options)) // 4 << 4, flags, window_of(window, mss, layout), 0, 0) + options
    return (ip4 if version == 4 else ip6)(source, destination, ttl, quirks, segment, identification)


def packets_of(row, host, peer, port):
    version = row["p0f_raw"][0]
    if row["flags"] == 2:
        yield packet(row["p0f_raw"], (host, peer, port, 443), SYN, 0)
        return
    offer = row["syn_layout"]
    offered_ecn = ",ecn" if ",ecn" in row["p0f_raw"] else ""
    quirks = ("df,id+" if version == "4" else "flow") + offered_ecn
    yield packet(f"{version}:64:0:1460:64240,7:{offer}:{quirks}:0", (peer, host, port, 443), SYN, 0)
    yield packet(row["p0f_raw"], (host, peer, 443, port), SYN | ACK, 123456789 if "ts" in offer else 0)


def write(stream, hosts):
    """A capture of (address, rows): one connection for each row, each with another peer. The gaps are too long for a
    comparison of IP IDs and timestamps, which are synthetic."""
    stream.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, RAW_IP))
    for address, rows in hosts:
        for number, row in enumerate(rows):
            for at, data in enumerate(packets_of(row, address, f"192.0.2.{number + 1}", 40000 + number)):
                stream.write(struct.pack("<IIII", START + APART * number, 1000 * at, len(data), len(data)) + data)
