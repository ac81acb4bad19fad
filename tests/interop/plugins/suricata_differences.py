# SPDX-License-Identifier: MIT OR Apache-2.0
"""The causes of differences from `synfix read` in docs/how-to/suricata.md, each in a small capture. A missing
difference is also a failure: the page is wrong then. The names in CASES are parts of the causes in the page
(difference_table.py)."""
import struct
import subprocess
from functools import partial

import fragments
from suricata_host import counted
from suricata_threads import ah, divided, longer_than_its_frame, outside, vlan, vxlan

ETHERNET_HEADER = bytes(12) + b"\x08\x00"


def capture(host, name, packets, link=1):
    """Packets are microseconds and bytes."""
    with open(host.inside(name), "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link))
        for micros, data in packets:
            file.write(struct.pack("<IIII", 1700000000, micros, len(data), len(data)) + data)


def refused(host, name, message):
    """Whether Suricata reports that it cannot read a capture, and writes no event. The test ends Suricata after the
    message, because it would run for another minute."""
    with subprocess.Popen(host.command("-r", f"{host.work}/{name}", "--runmode", "single"), stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True) as process:
        reported = any(message in line for line in process.stderr)
        process.kill()
    return reported and not host.events()


def link_type(host, number, data):
    """A capture of this link type with one SYN."""
    capture(host, "link.pcap", [(0, data)], link=number)
    host.check(refused(host, "link.pcap", "not (yet) supported"), f"Suricata reads link type {number} now")
    host.check(sum(host.of_program(host.inside("link.pcap")).values()) == 1, f"the program reads link type {number}")


def block(kind, body):
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def several_interfaces(host, what, interfaces):
    """pcapng with two interfaces (link type, snapshot length): Ethernet, and one of Ethernet or raw IP."""
    with open(host.inside("two.pcapng"), "wb") as file:
        file.write(block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
        for link, length in interfaces:
            file.write(block(1, struct.pack("<HHI", link, 0, length)))
        for number, (link, _) in enumerate(interfaces):
            data = (ETHERNET_HEADER if link == 1 else b"") + fragments.ip4(fragments.tcp(1001 + number), 1 + number)
            file.write(block(6, struct.pack("<IIIII", number, 0, 1000, len(data), len(data)) + data))
    host.check(refused(host, "two.pcapng", "pcap_next_ex"), f"Suricata reads several {what} now")
    host.check(sum(host.of_program(host.inside("two.pcapng")).values()) == 2, f"the program reads several {what}")


def damaged_time(host):
    """SYNs of one clock; the time of the second SYN is two seconds later, in microseconds of which Suricata keeps 20
    bits."""
    capture(host, "time.pcap", [(0, ETHERNET_HEADER + fragments.ip4(fragments.tcp(1001, clock=1000000), 1)),
                                (2000000, ETHERNET_HEADER + fragments.ip4(fragments.tcp(1002, clock=1002000), 1))])
    found, expected = host.read("time.pcap"), host.program_events(host.inside("time.pcap"))
    fractions = [event["timestamp"][20:26] for event in found + expected if event["event_type"] == "tcp_fp"]
    host.check(fractions == ["000000", "951424", "000000", "000000"], f"damaged time: {fractions}")
    clocks = [[event["tcp_uptime"] for event in events if event["event_type"] == "tcp_uptime"] for events in (found, expected)]
    host.check(len(clocks[1]) == 1 and clocks[0] != clocks[1], f"damaged time: uptimes {clocks}")
    timeless = lambda events: counted({**event, "timestamp": None} for event in events if event["event_type"] == "tcp_fp")
    host.compare("damaged time, without the time", timeless(found), timeless(expected))


def fragments_have_no_flow(host):
    """The first fragment has a flow_id only if it arrives last and completes the packet."""
    fragments.capture(host.inside("fragments.pcap"))
    found = host.read("fragments.pcap")
    host.compare("fragments", counted(found), host.of_program(host.inside("fragments.pcap")))
    in_parts = {event["src_port"]: "flow_id" in event for event in found if "fragment" in event["tcp_fp"]["flags"]}
    host.check(in_parts == {1001: False, 1002: True}, f"fragments with a flow_id: {in_parts}")
    flows = {event["src_port"]: "client" in event.get("tcp_fp", {}) for event in host.events(kinds=("flow",)) if event["proto"] == "TCP"}
    host.check((flows[1001], flows[1002]) == (False, True), f"fragments with a fingerprint in the flow: {flows}")


def sampled_headers(host):
    fragments.sflow(host.inside("sflow.pcap"))
    host.check(not host.read("sflow.pcap"), "the plug-in reads sFlow now")
    host.check(sum(host.of_program(host.inside("sflow.pcap")).values()) == 1, "the program reads sFlow")


SYN = fragments.ip4(fragments.tcp(1001), 1)
IEEE80211 = bytes.fromhex("08010000" + "0000000000010000000000020000000000030000" + "aaaa030000000800")  # data, then SNAP
NFLOG_PAYLOAD = struct.pack("<BBHHHI", 2, 0, 0, 8, 1, 8) + struct.pack("<HH", 4 + len(SYN), 9)

CASES = {
    "several VLANs": partial(divided, what="VLANs", first=vlan(1), second=vlan(2)),
    "inside and outside a tunnel": partial(divided, what="VXLAN", first=vxlan, second=outside),
    "in a tunnel": partial(divided, what="AH", first=ah, second=ah),
    "damaged packet": partial(divided, what="damaged", first=longer_than_its_frame, second=longer_than_its_frame),
    "PPI": partial(link_type, number=192, data=struct.pack("<BBHI", 0, 0, 8, 1) + ETHERNET_HEADER + SYN),
    "ARCNET": partial(link_type, number=7, data=b"\1\2\xf0" + SYN),
    "802.11 with radiotap": partial(link_type, number=127, data=struct.pack("<BBHI", 0, 0, 8, 0) + IEEE80211 + SYN),
    "NFLOG": partial(link_type, number=239, data=NFLOG_PAYLOAD + SYN + bytes(-len(SYN) % 4)),
    "pcapng": partial(several_interfaces, what="link types", interfaces=((1, 65535), (101, 65535))),
    "snapshot lengths": partial(several_interfaces, what="snapshot lengths", interfaces=((1, 65535), (1, 262144))),
    "sFlow": sampled_headers,
    "1,048,575 µs": damaged_time,
    "in IP fragments": fragments_have_no_flow,
}


def check(host):
    for case in CASES.values():
        case(host)
