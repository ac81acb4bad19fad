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


def check(host):
    link_type(host)
    damaged_time(host)
    fragments_have_no_flow(host)
