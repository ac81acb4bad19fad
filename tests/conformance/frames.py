# SPDX-License-Identifier: MIT OR Apache-2.0
"""The SYN and SYN+ACK frames of another decoder (tshark), and the reasons for frames without an observation. A reason
is a condition on the fields of tshark, never on a file name."""
import collections
import re
import shutil
import subprocess
import xml.etree.ElementTree as xml

LIMIT_SECONDS = 300
WHOLE_PACKETS = ["-n", "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", "-o",
                 "tcp.desegment_tcp_streams:FALSE"]
COPIES = {"netlink": "in a netlink message: not a packet of a link",
          "openflow": "a copy in an OpenFlow message", "openflow_v1": "a copy in an OpenFlow message",
          "openflow_v4": "a copy in an OpenFlow message"}
ERRORS = ("icmp", "icmpv6")
FIN, RST = 1, 4

# A TCP header in tshark: protocols outside of it, flags, offset, length, bytes of the IP payload that contains it,
# whether that payload is a fragment, and the captured length of the frame.
Header = collections.namedtuple("Header", "outside flags at length room fragment captured")

NO_TCP, BAD_TCP = "IP, but no TCP inside", "impossible TCP header"
# Reason, condition, and the texts under which the summary of synfix counts such packets.
REASONS = [
    (None, lambda h: next((COPIES[name] for name in h.outside if name in COPIES), None), (NO_TCP,)),
    ("in an sFlow sample with the first bytes only", lambda h: "sflow" in h.outside,
     ("sFlow datagram (each sample counts as a packet)",)),
    ("quoted in an ICMP error: an earlier packet, possibly of another host",
     lambda h: any(name in ERRORS for name in h.outside),
     ("ICMP error (quoted packets are not observed)",)),
    ("a later fragment: the TCP header is in another frame", lambda h: h.fragment and h.room is None,
     ("fragment without the start of the TCP header",)),
    ("a first fragment without all of the TCP header", lambda h: h.fragment and h.room < h.length,
     ("first fragment without the whole TCP header",)),
    ("TCP header longer than its IP packet", lambda h: h.room is not None and h.room < h.length, (BAD_TCP,)),
    ("TCP header length below 20", lambda h: h.length < 20, (BAD_TCP,)),
    ("TCP header cut by the snapshot length: the options are unknown", lambda h: h.at + max(h.length, 20) > h.captured,
     ("TCP options cut by the snapshot length", "headers cut by the snapshot length")),
    ("SYN with FIN or RST: opens no connection, p0f ignores it too", lambda h: h.flags & (FIN | RST),
     ("SYN together with FIN or RST",)),
]


def available():
    return shutil.which("tshark") is not None


def tshark(capture, arguments):
    done = subprocess.run(["tshark", "-r", capture] + WHOLE_PACKETS + arguments, capture_output=True, text=True,
                          errors="replace", timeout=LIMIT_SECONDS, check=False)
    return done.stdout


def syn_frames(capture):
    numbers = tshark(capture, ["-Y", "tcp.flags.syn == 1", "-T", "fields", "-e", "frame.number"])
    return [int(number) for number in numbers.split()]


def number_of(layer, name, base=10):
    field = layer.find(f"field[@name='{name}']")
    return int(field.get("show"), base) if field is not None and field.get("show") else None


def ip_room(layer):
    """(length of the payload of an IPv4 or IPv6 layer, whether it is a fragment)"""
    text = "".join(f"{field.get('name')}={field.get('show')};" for field in layer.iter("field"))
    more = re.search(r"(?:ip\.flags\.mf|ipv6\.fraghdr\.more)=(?:1|True);", text) is not None
    offset = re.search(r"(?:ip\.frag_offset|ipv6\.fraghdr\.offset)=(\d+);", text)
    if offset is not None and int(offset.group(1)) > 0:
        return None, True
    if layer.get("name") == "ip":
        return number_of(layer, "ip.len") - number_of(layer, "ip.hdr_len"), more
    extensions = sum(int(field.get("size")) for field in layer.iter("field")
                     if field.get("name") in ("ipv6.hopopts", "ipv6.dstopts", "ipv6.routing", "ipv6.fraghdr"))
    return number_of(layer, "ipv6.plen") - extensions, more


def tcp_header(packet, captured):
    """The header of the innermost TCP with SYN."""
    header, outside, room, fragment = None, [], None, False
    for layer in packet.iter("proto"):
        name = layer.get("name")
        if name in ("ip", "ipv6"):
            room, fragment = ip_room(layer)
        flags = number_of(layer, "tcp.flags", 16) if name == "tcp" else None
        if flags is not None and flags & 2:
            header = Header(list(outside), flags, int(layer.get("pos")), number_of(layer, "tcp.hdr_len") or 0, room,
                            fragment, captured)
        outside.append(name)
    return header


def reason(header):
    """(text of the reason, texts of the summary)"""
    for name, condition, counted in REASONS:
        found = condition(header)
        if found:
            return name or found, counted
    return None


def reasons(capture, numbers, frames):
    """frame number -> result of reason(), None if no condition applies."""
    if not numbers:
        return {}
    wanted = "frame.number in {" + ",".join(str(number) for number in numbers) + "}"
    found = dict.fromkeys(numbers)
    for packet in xml.fromstring(tshark(capture, ["-Y", wanted, "-T", "pdml"])).findall("packet"):
        number = int(packet.find("proto[@name='geninfo']/field[@name='num']").get("show"))
        captured = len(frames[number - 1].data) if number <= len(frames) else 0
        header = tcp_header(packet, captured)
        found[number] = reason(header) if header is not None else None
    return found
