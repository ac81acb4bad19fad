# SPDX-License-Identifier: MIT OR Apache-2.0
"""The table of the intentional differences from p0f.

A rule has a number (docs/reference/signatures.md) or a word, a name, and a condition. A condition uses the packet
(its JSON record and its bytes), the packets of its flow, and the two lines, never a file name. `differs` rules
explain a line that both programs have with different values, `extra` rules a line of synfix only, `missing` rules a
line of p0f only.
"""

import collections
import functools
import itertools

from lines import DATABASE
from segment import ACK, length_field_is_0


def split_sig(sig):
    """version, ttl, olen, mss, window, layout, quirks, class"""
    return sig.split(":")


def same_sig_but(ours, theirs, ignore_fields=(), ignore_quirks=()):
    a, b = split_sig(ours["raw_sig"]), split_sig(theirs["raw_sig"])
    for index in range(8):
        if index in ignore_fields:
            continue
        if index == 6:
            if [q for q in a[6].split(",") if q not in ignore_quirks] != \
                    [q for q in b[6].split(",") if q not in ignore_quirks]:
                return False
        elif a[index] != b[index]:
            return False
    return True


def same_but(ours, theirs, *fields):
    return all(ours.get(k) == theirs.get(k) for k in set(ours) | set(theirs) if k not in fields)


LABEL = ("os", "app", "dist", "params")


def quirks(line):
    return split_sig(line["raw_sig"])[6].split(",")


def d5(ours, theirs, packet):
    return (packet["ack"] != 0 and not packet["tcp_flags"] & ACK and not packet["ack"] & 0x01000000
            and "ack+" in quirks(ours) and "ack+" not in quirks(theirs))


def d7_multiple(ours, theirs, packet):
    window, plain = split_sig(ours["raw_sig"])[4], split_sig(theirs["raw_sig"])[4].split(",")[0]
    return "*" in window and int(window.split(",")[0].split("*")[1]) > 32767 and plain == str(packet["window"])


def d11(ours, theirs, packet):
    return "opt+" in quirks(ours) and "opt+" not in quirks(theirs) and "eol+" in ours["raw_sig"]


# Differences in the form of signatures: number, name, condition, the field of the signature or the quirk that
# differs. With `--signatures=p0f` none of these rules applies.
FORMING = [
    ("D5", "ack+ is any value that is not 0", d5, None, "ack+"),
    ("D7", "multiple above 32767", d7_multiple, 4, None),
    ("D11", "the last padding byte counts for opt+", d11, None, "opt+"),
]
OF_SIGNATURES = [number for number, *_ in FORMING]


def forming(*rules):
    """All of these conditions are true, and only fields that depend on the signature differ."""
    fields = {field for *_, field, _ in rules}
    ignored = {quirk for *_, quirk in rules} | {""}

    def check(ours, theirs, packet):
        return ("raw_sig" in ours and all(condition(ours, theirs, packet) for _, _, condition, *_ in rules)
                and same_sig_but(ours, theirs, fields, ignored) and same_but(ours, theirs, "raw_sig", *LABEL))
    return check


@functools.lru_cache
def labels_of_version_4(module):
    """Labels of p0f's database (in the form of its log) with at least one signature for IPv4 only."""
    section, label, found = None, None, set()
    wanted = {"syn": "[tcp:request]", "syn+ack": "[tcp:response]"}[module]
    with open(DATABASE, encoding="utf-8") as file:
        for text in file:
            name, _, value = (part.strip() for part in text.partition("="))
            if text.startswith("["):
                section = text.strip()
            elif name == "label":
                label = " ".join(part for part in value.split(":")[2:] if part)
            elif name == "sig" and section == wanted and value.startswith("4:"):
                found.add(label)
    return found


def d8(ours, theirs, packet):
    return (packet["ip_v"] == 6 and "raw_sig" in ours and same_but(ours, theirs, *LABEL)
            and (theirs.get("os") or theirs.get("app")) in labels_of_version_4(theirs["mod"]))


def d12(ours, theirs, packet):
    """p0f's distance is 0 although its signature contains a guessed distance. synfix reports the guessed distance."""
    guessed = split_sig(theirs["raw_sig"])[1].partition("+")[2] if "raw_sig" in theirs else "0"
    return (theirs.get("os") == "???" and theirs.get("dist") == "0" and guessed != "0" and ours.get("dist") == guessed
            and same_but(ours, theirs, "dist"))


def is_probe(packet):
    """A SYN of p0f's probe tool."""
    return packet["event_type"] == "tcp_fp" and packet.get("mss") == 1331 and packet["window"] == 1337 and \
        not packet["tcp_flags"] & ACK


def d13(ours, theirs, packet):
    return ("raw_sig" in ours and packet.get("mss") == 1331 and (is_probe(packet) or packet["tcp_flags"] & ACK)
            and same_sig_but(ours, theirs, ignore_fields=(3, 4)) and same_but(ours, theirs, "raw_sig", *LABEL))


def time_carries(ours, theirs, packet):
    """The microseconds of the record are one second or more. p0f prints only the seconds."""
    return packet["frame"] is not None and packet["frame"].time_carries and same_but(ours, theirs, "time")


DIFFERS = [
    (" and ".join(rule[0] for rule in rules), ", ".join(rule[1] for rule in rules), forming(*rules))
    for count in range(1, len(FORMING) + 1) for rules in itertools.combinations(FORMING, count)
] + [
    ("D13", "no special case for p0f's own probe", d13),
    ("D12", "distance guessed after a discarded tool", d12),
    ("D8", "the version of an entry is compared", d8),
    ("time", "the microseconds of the record are one second or more", time_carries),
]


def flag(name):
    return lambda line, packet, context: name in packet["flags"]


def fingerprint(condition):
    return lambda line, packet, context: line["mod"] in ("syn", "syn+ack", "mtu") and condition(line, packet, context)


def by_frame(wanted):
    return lambda line, packet, context: packet["frame"] is not None and wanted(packet["frame"])


def extension_headers(line, packet, context):
    return packet["ip_v"] == 6 and "signature" in packet and split_sig(packet["signature"])[2] != "0"


def flow_was(*states):
    """The state of the flow in p0f before this packet (flows.py)."""
    return lambda line, packet, context: context.flow() in states


def answer(condition):
    return lambda line, packet, context: (line["subj"] == "srv" and line["mod"] in ("syn+ack", "mtu")
                                          and condition(line, packet, context))


# Lines of synfix only. For the context of the capture and the flow, see Context in compare.py.
EXTRA = [
    ("D1", "in a tunnel", flag("tunnelled")),
    ("D1", "after AH", lambda line, packet, context: packet.get("tunnel", {}).get("kind") == "ah"),
    ("D1", "after VLAN tags", lambda line, packet, context: "vlan" in packet),
    ("D1", "after MPLS labels", lambda line, packet, context: "mpls" in packet),
    ("D1", "after a link layer that p0f cannot read", by_frame(lambda frame: frame.ip_header() is None)),
    ("D1", "a capture that p0f refuses", lambda line, packet, context: context.refused),
    ("D1", "in a file of several link types or snapshot lengths, after the place where libpcap stops",
     by_frame(lambda frame: frame.mixed)),
    ("length", "the length field of the IP header is 0: the length of the frame applies", by_frame(length_field_is_0)),
    ("D4", "retransmitted", fingerprint(lambda line, packet, context: "retransmission" in packet["flags"] and context.repeated())),
    ("D4", "SYN of the SYN+ACK not seen", fingerprint(
        lambda line, packet, context: "syn_not_seen" in packet["flags"] and not context.answers())),
    ("D4", "MTU of a tool", lambda line, packet, context: line["mod"] == "mtu" and "tool" in packet["flags"]),
    ("D4", "answer to a tool's SYN", answer(flow_was("tool"))),
    ("D3", "payload cut by the snapshot length", flag("truncated")),
    ("D3", "in sequence with the segments before it whose payload was cut", lambda line, packet, context: (
        line["mod"] == "uptime" and context.lost_sequence() and context.first_uptime())),
    ("D2", "IPv6 extension headers", extension_headers),
    ("D10", "first fragment", flag("fragment")),
    ("D4", "SYN+ACK of a flow without a SYN in p0f", answer(flow_was("none"))),
    ("D4", "second SYN+ACK of a flow", answer(flow_was("answered"))),
    ("D4", "SYN+ACK of a flow that had ended for p0f", answer(flow_was("closed", "http"))),
    ("D13", "MTU and uptime in a flow that began with p0f's own probe",
     lambda line, packet, context: line["mod"] in ("mtu", "uptime") and context.probed()),
    ("D1", "uptime in a flow with a SYN that p0f could not read",
     lambda line, packet, context: line["mod"] == "uptime" and context.flow() == "none" and context.first_uptime()),
    ("HTTP", "p0f's HTTP parser had ended the flow",
     lambda line, packet, context: line["mod"] == "uptime" and context.flow() == "http" and context.first_uptime()),
    ("time", "the microseconds of the record are one second or more", lambda line, packet, context: (
        line["mod"] == "uptime" and packet["frame"] is not None and packet["frame"].time_carries)),
]


# The flow of a line of p0f only: range of frames from its start on; whether a FIN or RST of the flow was cut.
Flow = collections.namedtuple("Flow", "frames cut_end")


def by_ack_quirk(line, packets, flow):
    """The SYN of the flow is a SYN of a tool only because of `ack+` (D5). p0f reports no uptime for tools."""
    return any("tool" in packet["flags"] and "ack+" in packet.get("quirks", "").split(",") for packet in packets)


def reported_by(condition):
    """synfix reported the uptime of this endpoint of the flow for another packet, for which @p condition is true."""
    def check(line, packets, flow):
        port = int(line["cli" if line["subj"] == "cli" else "srv"].rsplit("/", 1)[1])
        return any(packet["event_type"] == "tcp_uptime" and packet["src_port"] == port and condition(packet)
                   for packet in packets)
    return check


def encapsulated(packet):
    return "vlan" in packet or "tunnelled" in packet["flags"]


def handshake_between(line, packets, flow):
    """Since the start of p0f's flow, a handshake of the same endpoints in a tunnel or VLAN restarted the flow of
    synfix."""
    return any(encapsulated(packet) and packet["event_type"] == "tcp_fp" and packet["pcap_cnt"] in flow.frames
               for packet in packets)


def uptime(condition):
    return lambda line, packets, flow: line["mod"] == "uptime" and condition(line, packets, flow)


# Lines of p0f only. Conditions use all observations of synfix in the flow, and the flow (Flow).
MISSING = [
    ("D5", "no uptime after a SYN of a tool", uptime(by_ack_quirk)),
    ("D1", "the uptime was reported by a packet of the same ends in a tunnel or VLAN", uptime(
        reported_by(encapsulated))),
    ("D1", "a handshake of the same ends in a tunnel or VLAN came in between", uptime(handshake_between)),
    ("D3", "the uptime was reported by an earlier packet with a cut payload", uptime(
        reported_by(lambda packet: "truncated" in packet["flags"]))),
    ("D3", "a FIN or RST cut by the snapshot length had ended the flow", uptime(
        lambda line, packets, flow: flow.cut_end)),
]
