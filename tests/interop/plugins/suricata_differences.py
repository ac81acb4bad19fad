# SPDX-License-Identifier: MIT OR Apache-2.0
"""The causes of differences from `synfix read` that docs/how-to/suricata.md names, each in a small capture. A difference that is
gone is a failure too: then the page is wrong."""
import struct

import fragments
from suricata_host import counted


def rewritten(host, source, name, change):
    """Copies a capture; change() gets and returns link type and the list of packets [seconds, microseconds, bytes]."""
    with open(host.inside(source), "rb") as file:
        data = file.read()
    packets, at = [], 24
    while at < len(data):
        seconds, micros, length = struct.unpack_from("<III", data, at)
        packets.append([seconds, micros, data[at + 16:at + 16 + length]])
        at += 16 + length
    link, packets = change(struct.unpack_from("<I", data, 20)[0], packets)
    with open(host.inside(name), "wb") as file:
        file.write(data[:20] + struct.pack("<I", link))
        for seconds, micros, content in packets:
            file.write(struct.pack("<IIII", seconds, micros, len(content), len(content)) + content)


def link_type(host):
    """PPI around Ethernet."""
    header = struct.pack("<BBHI", 0, 0, 8, 1)
    rewritten(host, "web.pcap", "ppi.pcap", lambda link, packets: (192, [[*packet[:2], header + packet[2]] for packet in packets]))
    host.suricata("-r", f"{host.work}/ppi.pcap", "--runmode", "single")
    host.check(not host.events(), "Suricata reads PPI now")
    host.check(sum(host.of_program(host.inside("ppi.pcap")).values()) == 27, "the program reads 27 events in PPI")


def block(kind, body):
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def several_link_types(host):
    """pcapng with an interface of Ethernet and one of raw IP."""
    syn = fragments.ip4(fragments.tcp(1001), 1)
    packets = [(0, bytes(12) + b"\x08\x00" + syn), (1, fragments.ip4(fragments.tcp(1002), 2))]
    with open(host.inside("types.pcapng"), "wb") as file:
        file.write(block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
        for link in (1, 101):
            file.write(block(1, struct.pack("<HHI", link, 0, 65535)))
        for interface, data in packets:
            file.write(block(6, struct.pack("<IIIII", interface, 0, 1000, len(data), len(data)) + data))
    host.suricata("-r", f"{host.work}/types.pcapng", "--runmode", "single")
    host.check(not host.events(), f"Suricata reads several link types now: {len(host.events())}")
    host.check(sum(host.of_program(host.inside("types.pcapng")).values()) == 2, "the program reads both link types")


def damaged_time(host):
    rewritten(host, "web.pcap", "time.pcap", lambda link, packets: (link, [[packets[0][0], 2000000, packets[0][2]], *packets[1:]]))
    prints = lambda events: [event for event in events if event["event_type"] == "tcp_fp"]  # uptimes come from times
    found, expected = prints(host.read("time.pcap")), prints(host.program_events(host.inside("time.pcap")))
    other = sum((counted(expected) - counted(found)).values())
    host.check(other == 1, f"damaged time: {other} events differ instead of one")
    timeless = lambda events: counted({**event, "timestamp": None} for event in events)
    host.compare("damaged time, without the time", timeless(found), timeless(expected))


def fragments_have_no_flow(host):
    """But the first fragment has, if it arrives last and completes the packet."""
    fragments.capture(host.inside("fragments.pcap"))
    found = host.read("fragments.pcap")
    host.compare("fragments", counted(found), host.of_program(host.inside("fragments.pcap")))
    in_parts = {event["src_port"]: "flow_id" in event for event in found if "fragment" in event["tcp_fp"]["flags"]}
    host.check(in_parts == {1001: False, 1002: True}, f"fragments with a flow_id: {in_parts}")


def sampled_headers(host):
    fragments.sflow(host.inside("sflow.pcap"))
    host.check(not host.read("sflow.pcap"), "the plug-in reads sFlow now")
    host.check(sum(host.of_program(host.inside("sflow.pcap")).values()) == 1, "the program reads sFlow")


def check(host):
    link_type(host)
    several_link_types(host)
    damaged_time(host)
    sampled_headers(host)
    fragments_have_no_flow(host)
