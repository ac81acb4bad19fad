# SPDX-License-Identifier: MIT OR Apache-2.0
"""Synthetic captures for plug-in tests: SYNs in fragments, SYNs of many hosts, and frames with VLAN tags."""
import struct

CLIENT, SERVER = bytes((192, 0, 2, 1)), bytes((198, 51, 100, 1))
CLIENT6, SERVER6 = (bytes.fromhex("20010db8" + "0" * 23 + end) for end in "12")
OPTIONS = "020405b40402080a{:08x}000000000103030a"
SIGNATURE_OPTIONS = "mss,sok,ts,nop,ws"


def tcp(port, payload=b"", clock=10000):
    options = bytes.fromhex(OPTIONS.format(clock))
    return struct.pack(">HHIIBBHHH", port, 80, 1000, 0, (20 + len(options)) // 4 << 4, 0x02, 64240, 0, 0) + options + payload


def ip4(payload, number, offset=0, more=0, protocol=6, client=CLIENT, server=SERVER):
    return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), number, more << 13 | offset >> 3, 64, protocol, 0, client,
                       server) + payload


def ip6(payload, number, offset=0, more=0):
    return (struct.pack(">IHBB", 0x60000000, 8 + len(payload), 44, 64) + CLIENT6 + SERVER6 +
            struct.pack(">BBHI", 6, 0, offset | more, number) + payload)


def fragments(make, payload, number, cut, backwards):
    frames = [make(payload[:cut], number, 0, 1), make(payload[cut:], number, cut)]
    return frames[::-1] if backwards else frames


def write_frames(path, frames):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for index, frame in enumerate(frames):
            file.write(struct.pack("<IIII", 1700000000 + index // 1000, index % 1000 * 1000, len(frame), len(frame)) + frame)


def write_pcap(path, packets):
    write_frames(path, [b"\2" * 12 + (b"\x86\xdd" if data[0] >> 4 == 6 else b"\x08\x00") + data for data in packets])


def capture(path):
    """Writes one SYN for each port from 1001 on. Returns the ports with the total lengths of the complete packets."""
    inner = lambda payload, number, offset=0, more=0: ip4(ip4(payload, number, offset, more), number + offset + more, protocol=4)
    outer = lambda payload, number, offset=0, more=0: ip4(payload, number, offset, more, protocol=4)
    write_pcap(path, fragments(ip4, tcp(1001, bytes(200)), 1, 64, False)
               + fragments(ip4, tcp(1002, bytes(3000)), 2, 1480, True)  # the first fragment is incomplete
               + fragments(ip4, tcp(1003), 3, 24, True)  # the first fragment lacks a part of the TCP header
               + fragments(ip4, tcp(1004), 4, 24, False)
               + [ip6(tcp(1005), 5)]
               + fragments(ip6, tcp(1006), 6, 24, True)
               + fragments(outer, ip4(tcp(1007), 7), 70, 40, True)
               + fragments(inner, tcp(1008), 80, 24, True))
    return {1001: 260, 1002: 3060, 1003: 60, 1004: 60, 1005: 88, 1006: 80, 1007: 60, 1008: 60}


def answer_first(path):
    """Writes a SYN+ACK and then its SYN, between ports without a known service."""
    answer = bytearray(tcp(50001))
    answer[0:4], answer[13], answer[22:24] = struct.pack(">HH", 50002, 50001), 0x12, b"\4\0"
    write_pcap(path, [ip4(bytes(answer), 1, client=SERVER, server=CLIENT),
                      ip4(tcp(50001)[:2] + struct.pack(">H", 50002) + tcp(50001)[4:], 2)])


def sflow(path):
    """Writes a datagram of sFlow with the header of a SYN."""
    frame = b"\2" * 12 + b"\x08\x00" + ip4(tcp(1001), 1)
    frame += bytes(-len(frame) % 4)
    record = struct.pack(">IIIIII", 1, 16 + len(frame), 1, len(frame), 4, len(frame)) + frame
    sample = struct.pack(">IIIIIIII", 1, 1, 100, 100, 0, 1, 2, 1) + record
    datagram = struct.pack(">II4sIIIIII", 5, 1, CLIENT, 0, 1, 1000, 1, 1, len(sample)) + sample
    udp = struct.pack(">HHHH", 6343, 6343, 8 + len(datagram), 0) + datagram
    write_pcap(path, [ip4(udp, 9, protocol=17)])


def many_hosts(path, count):
    """Writes one SYN with a timestamp for each of the hosts."""
    write_pcap(path, [ip4(tcp(1024), 7, client=struct.pack(">I", 0x0A000000 + host)) for host in range(count)])


def tagged(source, path, number):
    """Copies a capture of frames with one VLAN tag, with another VLAN ID."""
    with open(source, "rb") as file:
        data = bytearray(file.read())
    at = 24
    while at < len(data):
        data[at + 16 + 14:at + 16 + 16] = number.to_bytes(2, "big")
        at += 16 + struct.unpack_from("<I", data, at + 8)[0]
    with open(path, "wb") as file:
        file.write(data)
