# SPDX-License-Identifier: MIT OR Apache-2.0
"""replay.py INTERFACE SECONDS RATE CAPTURE...: sends the frames of Ethernet captures repeatedly, RATE per second.
Each round has other host addresses; after ROUNDS rounds, the addresses repeat. The clocks in TCP timestamps continue.
Prints the number of frames."""
import socket
import struct
import sys
import time
import zlib

ROUNDS = 400
IPV4, IPV6, TAGS, TCP = 0x0800, 0x86DD, (0x8100, 0x88A8, 0x9100), 6
TIMESTAMP = 8  # kind of the TCP option
BURST = 8  # frames between two readings of the clock


def frames_of(path):
    with open(path, "rb") as file:
        data = file.read()
    at = 24
    while at < len(data):
        length = struct.unpack_from("<I", data, at + 8)[0]
        yield data[at + 16:at + 16 + length]
        at += 16 + length


def clock_in(frame, tcp):
    """Offset of the sender's clock in the TCP options, or None."""
    at, end = tcp + 20, min(tcp + (frame[tcp + 12] >> 4) * 4, len(frame))
    while at + 1 < end and frame[at]:
        if frame[at] == TIMESTAMP and at + 10 <= end:
            return at + 2
        at += 1 if frame[at] == 1 else max(frame[at + 1], 2)
    return None


class Frame:
    def __init__(self, data):
        self.data, self.addresses, self.clock = data, (), None
        at = 12
        while struct.unpack_from(">H", data, at)[0] in TAGS:
            at += 4
        kind, network = struct.unpack_from(">H", data, at)[0], at + 2
        if kind == IPV4:
            self.addresses = (network + 12, network + 16)
            protocol, transport = data[network + 9], network + (data[network] & 15) * 4
        elif kind == IPV6:  # the last four bytes of the address
            self.addresses = (network + 20, network + 36)
            protocol, transport = data[network + 6], network + 40
        else:
            return
        if protocol == TCP and transport + 20 <= len(data):
            self.clock = clock_in(data, transport)

    def of_round(self, number, milliseconds):
        """Checksums remain unchanged: the receivers of the frames must not check them."""
        data = bytearray(self.data)
        change = number % ROUNDS * 0x9E3779B1 >> 8 & 0xFFFFFF
        for at in self.addresses:
            struct.pack_into(">I", data, at, struct.unpack_from(">I", data, at)[0] ^ change)
        if self.clock:
            sender = zlib.crc32(data[self.addresses[0]:self.addresses[0] + 4]) >> 4
            struct.pack_into(">I", data, self.clock, sender + milliseconds)
        return data


def replay(link, frames, seconds, rate):
    sent, start = 0, time.monotonic()
    while (passed := time.monotonic() - start) < seconds:
        for frame in frames:
            passed = time.monotonic() - start
            link.send(frame.of_round(sent // len(frames), int(passed * 1000)))
            sent += 1
            if sent % BURST == 0 and sent / rate > passed:
                time.sleep(sent / rate - passed)
    return sent


def main(interface, seconds, rate, *captures):
    frames = [Frame(data) for capture in captures for data in frames_of(capture)]
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as link:
        link.bind((interface, 0))
        print(replay(link, frames, float(seconds), float(rate)))


if __name__ == "__main__":
    main(*sys.argv[1:])
