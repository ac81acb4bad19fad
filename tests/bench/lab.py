# SPDX-License-Identifier: MIT OR Apache-2.0
"""Two network namespaces with a veth pair: near0 in the namespace of the program, far0 in the other one. Generates
traffic and measures processes. For the programs in this directory."""
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time


def add_arguments(parser):
    parser.add_argument("--inside", action="store_true", help="set by the program: the network namespace exists")


def in_peer(peer):
    """Prefix of a command that runs in the namespace of far0."""
    return ["nsenter", "-t", str(peer.pid), "-n"]


def run_inside(options, program, tools, body):
    """Calls body(peer, directory) in a new pair of namespaces. Returns its result, or 77 if namespaces are not
    possible."""
    for tool in ("unshare", "nsenter", "ip", *tools):
        if not shutil.which(tool):
            print(f"skipped: no {tool}; install the package util-linux, iproute2 or {tool}")
            return 77
    if not options.inside:
        if subprocess.run(["unshare", "-n", "-m", "true"], stderr=subprocess.DEVNULL, check=False).returncode:
            print("skipped: no network namespace permitted here; run as root, or allow user namespaces")
            return 77
        sys.stdout.flush()
        os.execvp("unshare", ["unshare", "-n", "-m", sys.executable, os.path.abspath(program), *sys.argv[1:], "--inside"])
    peer = subprocess.Popen(["unshare", "-n", "sleep", "infinity"])
    try:
        own = os.readlink("/proc/self/ns/net")
        while os.readlink(f"/proc/{peer.pid}/ns/net") == own:
            time.sleep(0.02)
        for command in ("link set lo up", "link add near0 type veth peer name far0", f"link set far0 netns {peer.pid}"):
            subprocess.run(["ip", *command.split()], check=True)
        for interface, prefix in (("near0", []), ("far0", in_peer(peer))):
            # only replayed packets are on the wire
            subprocess.run([*prefix, "sysctl", "-qw", f"net.ipv6.conf.{interface}.disable_ipv6=1"], check=True)
            subprocess.run([*prefix, "ip", "link", "set", interface, "arp", "off", "up"], check=True)
        with tempfile.TemporaryDirectory(prefix="synfix-lab-") as work:
            os.chmod(work, 0o777)
            return body(peer, work)
    finally:
        peer.kill()
        peer.wait()


def wait_for_line(path, text, process):
    """Until the file has the text; the writer must not end before."""
    while True:
        ended = process.poll() is not None
        with open(path, encoding="utf-8", errors="replace") as file:
            output = file.read()
        if ended:
            last = "".join(f"\n  {line}" for line in output.splitlines()[-10:]) or " nothing"
            raise RuntimeError(f"exit code {process.returncode} before the line '{text}'; last lines in {path}:{last}")
        if text in output:
            return
        time.sleep(0.05)


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def frame(source, destination, ports, sequence, acknowledgement, flags, payload=b""):
    """Ethernet, IPv4 and TCP. The options are those of a Linux SYN, or those of a segment if FLAGS has no SYN."""
    stamps = b"\x08\x0a" + struct.pack(">II", sequence, acknowledgement)
    options = b"\x02\x04\x05\xb4\x04\x02" + stamps + b"\x01\x03\x03\x07" if flags & 2 else b"\x01\x01" + stamps
    tcp = struct.pack(">HHIIBBHHH", *ports, sequence, acknowledgement, (20 + len(options)) << 2, flags, 64240, 0, 0)
    tcp += options + payload
    ip = bytearray(struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), sequence & 0xFFFF, 0x4000, 64, 6, 0))
    ip += source + destination
    struct.pack_into(">H", ip, 10, checksum(bytes(ip)))
    return b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\x00" + bytes(ip) + tcp


def write_frames(path, frames):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for number, data in enumerate(frames):
            file.write(struct.pack("<IIII", number // 1000, number % 1000, len(data), len(data)) + data)


def handshake(number):
    """SYN and SYN+ACK of the connection with this number."""
    client, server, port = struct.pack(">I", 0x0A000001 + number), b"\xc6\x12\0\x01", 1024 + number % 60000
    yield frame(client, server, (port, 443), number * 977, 0, 0x02)
    yield frame(server, client, (443, port), number * 31, number * 977 + 1, 0x12)


def write_handshakes(path, handshakes):
    write_frames(path, (data for number in range(handshakes) for data in handshake(number)))


def data_frames(packets, share):
    """Of SHARE packets, one is a SYN, the next one is its SYN+ACK, and the others are segments with data."""
    payload = bytes(range(200))
    for number in range(packets // share):
        yield from handshake(number)
        client, server, port = struct.pack(">I", 0x0A000001 + number), b"\xc6\x12\0\x01", 1024 + number % 60000
        for segment in range(share - 2):
            yield frame(server, client, (443, port), number * 31 + 1 + segment * 200, number * 977 + 1, 0x10, payload)


def ip_packet(protocol, payload):
    header = bytearray(struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0) + b"\xcb\0\x71\x01\xcb\0\x71\x02")
    struct.pack_into(">H", header, 10, checksum(bytes(header)))
    return bytes(header) + payload


def udp(port, payload):
    return ip_packet(17, struct.pack(">HHHH", 50000, port, 8 + len(payload), 0) + payload)


# name -> function that replaces the EtherType of a frame and the bytes after it
WRAPPINGS = {
    "vlan": lambda frame: b"\x81\0\0\x05" + frame[12:],
    "qinq": lambda frame: b"\x88\xa8\0\x05\x81\0\0\x06" + frame[12:],
    "mpls": lambda frame: b"\x88\x47\0\1\0\x40\0\2\1\x40" + frame[14:],
    "pppoe": lambda frame: b"\x88\x64\x11\0\0\1" + struct.pack(">HH", len(frame) - 12, 0x21) + frame[14:],
    "gre": lambda frame: b"\x08\0" + ip_packet(47, b"\x20\0\x08\0\0\0\0\7" + frame[14:]),
    "ip-in-ip": lambda frame: b"\x08\0" + ip_packet(4, frame[14:]),
    "vxlan": lambda frame: b"\x08\0" + udp(4789, b"\x08\0\0\0\0\0\7\0" + frame),
    "geneve": lambda frame: b"\x08\0" + udp(6081, b"\x01\0\x65\x58\0\0\7\0\1\2\3\0" + frame),
    "gtp-u": lambda frame: b"\x08\0" + udp(2152, struct.pack(">BBHI", 0x30, 255, len(frame) - 14, 7) + frame[14:]),
}


def wrap(frame, kind):
    return frame[:12] + WRAPPINGS[kind](frame)


def wrapped_frames(frames):
    """Wraps the frames. Each SYN starts the next kind of WRAPPINGS, which applies to all frames up to the next SYN."""
    kinds = list(WRAPPINGS)
    number = -1
    for data in frames:
        number += data[47] == 0x02
        yield wrap(data, kinds[number % len(kinds)])


def process_status(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        text = file.read()
    return (int(re.search(r"VmRSS:\s+(\d+)", text)[1]), len(os.listdir(f"/proc/{pid}/fd")),
            int(re.search(r"Threads:\s+(\d+)", text)[1]))


def parse_metrics(text):
    """name -> {labels: value}"""
    found = {}
    for line in text.splitlines():
        match = re.fullmatch(r"synfix_(\w+)(?:\{(.*)\})? (\d+)", line)
        if match:
            found.setdefault(match[1], {})[match[2] or ""] = int(match[3])
    return found


def total(metrics, name, only=""):
    return sum(value for labels, value in metrics[name].items() if only in labels)


def received_on(interface):
    with open("/proc/self/net/dev", encoding="utf-8") as file:  # /sys shows the interfaces of the first namespace
        return int(re.search(interface + r":\s*\d+\s+(\d+)", file.read())[1])


def cpu_ns(pid):
    """Processor time of all threads of a process. Threads that have ended do not count."""
    total_ns = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/schedstat", encoding="utf-8") as file:
            total_ns += int(file.read().split()[0])
    return total_ns
