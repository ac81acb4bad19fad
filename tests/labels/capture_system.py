# SPDX-License-Identifier: MIT OR Apache-2.0
"""The system that made a capture, and the address of this system in the capture.

A pcapng file states its system in the option shb_os of the section header (draft-ietf-opsawg-pcapng, 4.1). Only
capture programs write the option about their own system. editcap and mergecap keep or remove it, so their files are
no evidence.
"""
import collections
import re
import struct

import evidence

MAGIC = b"\x0a\x0d\x0d\x0a"
LITTLE_ENDIAN = b"\x4d\x3c\x2b\x1a"
FIRST_OPTION = 24
OS, PROGRAM = 3, 4
CAPTURING = re.compile(r"Dumpcap|tcpdump|TShark", re.I)
ENOUGH = 0.95  # share of the handshakes; the capture may contain other hosts

SYSTEMS = [
    (r"Windows (?:Server )?.*build (\d+)", "Windows", r"build \1"),
    (r"Mac OS X? ?([\d.]+)|macOS ([\d.]+)|Darwin ([\d.]+)", "macOS", r"\g<0>"),
    (r"Linux ([\d.]+)", "Linux", r"\1"),
    (r"(FreeBSD|OpenBSD|NetBSD) ([\d.]+)", r"\1", r"\2"),
]


def section_options(head):
    """The text options of the first section header: {code: text}."""
    if head[:4] != MAGIC or len(head) < FIRST_OPTION:
        return {}
    order = "<" if head[8:12] == LITTLE_ENDIAN else ">"
    length, = struct.unpack_from(order + "I", head, 4)
    options, at = {}, FIRST_OPTION
    while at + 4 <= min(length, len(head)):
        code, size = struct.unpack_from(order + "HH", head, at)
        if code == 0:
            break
        options[code] = head[at + 4:at + 4 + size].decode("utf-8", "replace")
        at += 4 + (size + 3) // 4 * 4
    return options


def named_system(text):
    for pattern, system, version in SYSTEMS:
        match = re.search(pattern, text)
        if match:
            return evidence.Claim(match.expand(system), match.expand(version), f"pcapng: {text}", "high")
    return None


def claim_of(capture):
    """The claim of a capture about the system that made it, or None."""
    with open(capture, "rb") as stream:
        options = section_options(stream.read(4096))
    if not CAPTURING.match(options.get(PROGRAM, "")):
        return None
    return named_system(options.get(OS, ""))


def local_addresses(records, initial_ttl):
    """The addresses (at most one of each IP version) that take part in nearly all handshakes and have no router
    before them. If two addresses of one version qualify (a capture of one pair of hosts), neither is known to be
    local."""
    found = set()
    for version in (4, 6):
        ours = [record for record in records if (":" in record["src_ip"]) == (version == 6)]
        seen = collections.Counter(end for record in ours for end in {record["src_ip"], record["dest_ip"]})
        direct = {record["src_ip"] for record in ours if record["tcp_fp"]["ttl"] == initial_ttl}
        distant = {record["src_ip"] for record in ours if record["tcp_fp"]["ttl"] != initial_ttl}
        likely = [end for end, count in seen.items() if count >= ENOUGH * len(ours)]
        if len(likely) == 1 and likely[0] in direct - distant:
            found.add(likely[0])
    return found


def speaks_for_another(claim, maker):
    """Whether the capture is of another host's traffic, for example of a telephone that is connected to a computer."""
    named_by_file = claim is not None and claim.source.startswith("pcapng")
    return named_by_file and maker.startswith("Apple") and claim.os != "macOS"
