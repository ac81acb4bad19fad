# SPDX-License-Identifier: MIT OR Apache-2.0
"""SYN packets of captures: reads, changes and writes them. IPv4 over Ethernet, Linux cooked, BSD loopback or raw IP."""
import socket
import struct

FORMATS = {b'\xd4\xc3\xb2\xa1': ('<', 10**6), b'\xa1\xb2\xc3\xd4': ('>', 10**6), b'\x4d\x3c\xb2\xa1': ('<', 10**9),
           b'\xa1\xb2\x3c\x4d': ('>', 10**9)}
LINKS = {0: 4, 1: 14, 12: 0, 14: 0, 101: 0, 113: 16, 228: 0}  # type: bytes before the IP header
MSS, SCALE, SACK, TIMESTAMPS, FAST_OPEN = 2, 3, 4, 8, 34


def pcap_frames(data):
    order, unit = FORMATS[data[:4]]
    link = struct.unpack_from(order + 'I', data, 20)[0] & 0xffff
    at = 24
    while at + 16 <= len(data):
        seconds, part, captured = struct.unpack_from(order + 'III', data, at)
        at += 16
        if at + captured > len(data):
            return
        yield link, seconds + part / unit, data[at:at + captured]
        at += captured


def pcapng_frames(data):
    order, links, at = '<', [], 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from(order + 'II', data, at)
        if data[at:at + 4] == b'\n\r\r\n':
            order = '<' if data[at + 8:at + 12] == b'\x4d\x3c\x2b\x1a' else '>'
            length = struct.unpack_from(order + 'I', data, at + 4)[0]
            links = []
        elif kind == 1:
            links.append((struct.unpack_from(order + 'H', data, at + 8)[0], resolution(order, data[at + 16:at + length - 4])))
        elif kind == 6 and at + 28 <= len(data):
            number, high, low, captured = struct.unpack_from(order + 'IIII', data, at + 8)
            if number < len(links):
                yield links[number][0], (high << 32 | low) / links[number][1], data[at + 28:at + 28 + captured]
        if length < 12:
            return
        at += length


def resolution(order, options):
    at = 0
    while at + 4 <= len(options):
        code, length = struct.unpack_from(order + 'HH', options, at)
        if code == 9:
            value = options[at + 4]
            return 2 ** (value & 127) if value & 128 else 10 ** value
        if code == 0:
            break
        at += 4 + (length + 3) // 4 * 4
    return 10**6


def checksum(data):
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data if len(data) % 2 == 0 else data + b'\0'[:len(data) % 2]))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Syn:
    """One SYN with the fields that the tests change."""

    def __init__(self, time, ip):
        self.time = time
        header = (ip[0] & 15) * 4
        self.tos, self.ident, self.fragment = ip[1], *struct.unpack_from('!HH', ip, 4)
        self.ttl, self.ip_options = ip[8], ip[20:header]
        self.source, self.destination = socket.inet_ntoa(ip[12:16]), socket.inet_ntoa(ip[16:20])
        tcp = ip[header:struct.unpack_from('!H', ip, 2)[0]]
        self.port, self.peer_port, self.sequence, self.acknowledgement = struct.unpack_from('!HHII', tcp, 0)
        self.reserved, self.flags = tcp[12] & 15, tcp[13]
        self.window, _, self.urgent = struct.unpack_from('!HHH', tcp, 14)
        end = (tcp[12] >> 4) * 4
        self.options, self.payload = split_options(tcp[20:end]), tcp[end:]

    def bytes(self):
        options = b''.join(self.options)
        options += bytes(-len(options) % 4)
        addresses = socket.inet_aton(self.source) + socket.inet_aton(self.destination)
        tcp = struct.pack('!HHIIBBHHH', self.port, self.peer_port, self.sequence, self.acknowledgement,
                          (20 + len(options)) // 4 << 4 | self.reserved, self.flags, self.window, 0, self.urgent) + options + self.payload
        pseudo = addresses + struct.pack('!BBH', 0, 6, len(tcp))
        tcp = tcp[:16] + struct.pack('!H', checksum(pseudo + tcp + bytes(len(tcp) % 2))) + tcp[18:]
        header = struct.pack('!BBHHHBBH', 0x40 | (20 + len(self.ip_options)) // 4, self.tos, 20 + len(self.ip_options) + len(tcp),
                             self.ident, self.fragment, self.ttl, 6, 0) + addresses + self.ip_options
        return header[:10] + struct.pack('!H', checksum(header)) + header[12:] + tcp

    def option(self, kind):
        for number, option in enumerate(self.options):
            if option[0] == kind:
                return number
        return None

    def mss(self):
        at = self.option(MSS)
        return struct.unpack('!H', self.options[at][2:])[0] if at is not None and len(self.options[at]) == 4 else 0

    def timestamp(self):
        at = self.option(TIMESTAMPS)
        return struct.unpack_from('!I', self.options[at], 2)[0] if at is not None and len(self.options[at]) == 10 else 0

    def set_mss(self, mss):
        """Applies a smaller path MTU: a window that is a multiple of the MSS follows the MSS."""
        old, at = self.mss(), self.option(MSS)
        if old == 0:
            return
        if self.window % old == 0 and self.window // old > 1:
            self.window = self.window // old * mss & 0xffff
        self.options[at] = struct.pack('!BBH', MSS, 4, mss)

    def set_timestamp(self, value):
        at = self.option(TIMESTAMPS)
        if at is not None and len(self.options[at]) == 10:
            self.options[at] = struct.pack('!BBI', TIMESTAMPS, 10, value & 0xffffffff) + self.options[at][6:]

    def strip(self, kind):
        """Removes the option like a middlebox: NOPs of the same length replace it."""
        at = self.option(kind)
        if at is not None:
            self.options[at:at + 1] = [b'\x01'] * len(self.options[at])


def split_options(data):
    options, at = [], 0
    while at < len(data):
        length = 1 if data[at] in (0, 1) else data[at + 1] if at + 1 < len(data) else 0
        if length == 0 or at + length > len(data):
            options.append(data[at:])
            break
        options.append(data[at:at + length])
        at += length
    return options


def syns(path):
    """All complete, unfragmented SYNs over IPv4 of a capture."""
    with open(path, 'rb') as file:
        data = file.read()
    frames = pcap_frames(data) if data[:4] in FORMATS else pcapng_frames(data) if data[:4] == b'\n\r\r\n' else ()
    for link, time, frame in frames:
        if link not in LINKS or (link == 1 and frame[12:14] != b'\x08\x00'):
            continue
        ip = frame[LINKS[link]:]
        if len(ip) < 40 or ip[0] >> 4 != 4 or ip[9] != 6 or struct.unpack_from('!H', ip, 6)[0] & 0x3fff:
            continue
        header = (ip[0] & 15) * 4
        if len(ip) < struct.unpack_from('!H', ip, 2)[0] or len(ip) < header + 20 or ip[header + 13] & 0x17 != 2:
            continue
        if (ip[header + 12] >> 4) * 4 >= 20:
            yield Syn(time, ip)


def write(path, packets):
    with open(path, 'wb') as out:
        out.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
        for packet in sorted(packets, key=lambda one: one.time):
            data = packet.bytes()
            out.write(struct.pack('<IIII', int(packet.time), int(packet.time % 1 * 10**6), len(data), len(data)) + data)
