# SPDX-License-Identifier: MIT OR Apache-2.0
"""A network namespace with a pair of interfaces: `vb` receives the frames that `va` sends."""
import os
import subprocess
import sys

SEND = """
import socket, struct, sys
data = open(sys.argv[1], 'rb').read()
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
link.bind(('va', 0))
at = 24
while at < len(data):
    length = struct.unpack_from('<I', data, at + 8)[0]
    link.send(data[at + 16:at + 16 + length])
    at += 16 + length
"""


class Wire:
    def __init__(self):
        self.name = f"synfix-{os.getpid()}"
        self.inside = ["ip", "netns", "exec", self.name]  # prefix of a command

    def __enter__(self):
        subprocess.run(["ip", "netns", "add", self.name], check=True, capture_output=True)
        self.ip("link add va type veth peer name vb")
        for name in ("lo", "va", "vb"):
            self.ip(f"link set {name} up")
        return self

    def __exit__(self, *error):
        subprocess.run(["ip", "netns", "del", self.name], check=False)

    def ip(self, words):
        subprocess.run([*self.inside, "ip", *words.split()], check=True, capture_output=True)

    def send(self, capture):
        """Sends the frames of a pcap file."""
        subprocess.run([*self.inside, sys.executable, "-c", SEND, capture], check=True)
