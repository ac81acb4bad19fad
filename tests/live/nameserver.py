# SPDX-License-Identifier: MIT OR Apache-2.0
"""nameserver.py ADDRESS FILE: a name server on port 53. It answers every A question with the address in FILE, and
other questions with an empty answer."""
import socket
import struct
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((sys.argv[1], 53))
print("ready", flush=True)
while True:
    question, asker = server.recvfrom(512)
    end = question.index(0, 12) + 5
    with open(sys.argv[2], encoding="utf-8") as file:
        address = socket.inet_aton(file.read().strip())
    answers = int(question[end - 4:end - 2] == b"\0\1")
    reply = question[:2] + struct.pack(">HHHHH", 0x8180, 1, answers, 0, 0) + question[12:end]
    if answers:
        reply += b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 0, 4) + address
    server.sendto(reply, asker)
