# SPDX-License-Identifier: MIT OR Apache-2.0
"""kernel_settings.py connect IPV4 IPV6 PORT | report OBSERVATIONS.json | rows OBSERVATIONS.json

connect makes connections from near0 with each kernel setting that changes the SYN, and prints their number. report prints
each different SYN without an exact match of Linux, and the shares. rows prints the packets as a labelled list, each
different row once."""
import collections
import itertools
import json
import platform
import socket
import subprocess
import sys

made = 0
addresses, port = (), 0


def run(*command):
    """Whether the command succeeded. It fails for settings that this kernel does not have, and without the program."""
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def sysctl(**values):
    for name, value in values.items():
        run("sysctl", "-qw", f"net.ipv4.{name}={value}")


def connect(address, mptcp=False, fast_open=False, options=()):
    global made
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM, 262 if mptcp else 0) as client:
            client.settimeout(5)
            for level, name, value in options:
                client.setsockopt(level, name, value)
            if fast_open:
                client.setsockopt(socket.IPPROTO_TCP, 30, 1)
            client.connect((address, port))
            if fast_open:
                client.send(b"x")
    except OSError:
        return  # no MPTCP or Fast Open in this kernel, or a refused value
    made += 1


def both(**how):
    for address in addresses:
        connect(address, **how)


def buffer(size):
    both(options=[(socket.SOL_SOCKET, socket.SO_RCVBUF, size)])


def every_option():
    both()
    both(fast_open=True)
    both(mptcp=True)
    for size in (4096, 20000, 65536, 4000000):
        buffer(size)
    both(options=[(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1200)])


def mss_clamped_by_the_path():
    """Clouds with jumbo frames: the window remains that of the larger MSS."""
    if not run("nft", "add table inet lower; add chain inet lower out { type route hook output priority mangle; };"
                      "add rule inet lower out tcp flags syn tcp option maxseg size set 1360"):
        return
    for mtu in (1450, 1500, 8500, 8896, 9000, 9001):
        run("ip", "link", "set", "near0", "mtu", str(mtu))
        both()
    run("nft", "delete", "table", "inet", "lower")
    run("ip", "link", "set", "near0", "mtu", "1500")


def call():
    for mtu in (1280, 1340, 1380, 1400, 1420, 1450, 1472, 1480, 1492, 1500):
        run("ip", "link", "set", "near0", "mtu", str(mtu))
        both()
    mss_clamped_by_the_path()
    sysctl(tcp_fastopen=1)
    for timestamps, sack, scaling in itertools.product((0, 1), repeat=3):
        sysctl(tcp_timestamps=timestamps, tcp_sack=sack, tcp_window_scaling=scaling)
        every_option()
    for ecn in (0, 1, 2):
        sysctl(tcp_ecn=ecn)
        both()
    for default, most in ((131072, 6291456), (131072, 8388608), (87380, 16777216), (131072, 33554432), (131072, 67108864),
                          (262144, 16777216), (1048576, 8388608), (131072, 1048576), (32768, 174760), (16384, 65536)):
        sysctl(tcp_rmem=f"4096 {default} {most}")
        both()
        both(mptcp=True)
    sysctl(tcp_rmem="4096 131072 6291456")
    for value in (-2, 2, 1):
        sysctl(tcp_adv_win_scale=value)
        both()
    for ttl in (128, 255, 64):
        sysctl(ip_default_ttl=ttl)
        both()
    sysctl(ip_no_pmtu_disc=1)
    both()
    sysctl(ip_no_pmtu_disc=0)
    network = addresses[0].rsplit(".", 1)[0] + ".0/24"
    for what in (("advmss", "536"), ("advmss", "1360"), ("window", "30000"), ("initrwnd", "10"), ("initrwnd", "64")):
        run("ip", "route", "replace", network, "dev", "near0", *what)
        both()
    print(made)


def fingerprints(path):
    """(event, fingerprint) of each SYN and SYN+ACK of a file of the sink json."""
    with open(path, encoding="utf-8") as lines:
        for event in map(json.loads, lines):
            if event.get("tcp_fp", {}).get("kind") in ("syn", "syn+ack"):
                yield event, event["tcp_fp"]


def report(path):
    """Lines: the different SYNs without an exact match of Linux, and the shares of all SYNs."""
    kinds, others = collections.Counter(), {}
    for _, found in fingerprints(path):
        if found["kind"] == "syn":
            other = "no label" if found["os"] == "?" else "another label"
            kind = found["match"] if found["family"] == "Linux" else other
            kinds[kind] += 1
            if kind != "exact":
                others.setdefault(f"{kind}: {found['signature']}: {found['os']}")
    total = sum(kinds.values())
    shares = ", ".join(f"{kind} {count} ({100 * count / total:.1f} %)" for kind, count in kinds.most_common())
    return [*others, f"Linux {platform.release()}: {total} SYNs: {shares or 'none'}"]


def rows(path):
    """Rows of a labelled list, as in data/laboratory.jsonl. The row of a SYN+ACK has the layout of its SYN."""
    release = platform.release().split("-")[0]
    offered, written = {}, {}
    for event, found in fingerprints(path):
        ends = (event["src_ip"], event["src_port"]), (event["dest_ip"], event["dest_port"])
        row = {"source": f"laboratory Linux {release}/settings", "os": "Linux", "os_version": release,
               "label_src": "laboratory", "flags": 2 if found["kind"] == "syn" else 18, "p0f_raw": found["signature"],
               "win": found["window"]}
        if found["kind"] == "syn":
            offered[ends] = found["options"]
        elif ends[::-1] in offered:
            row["syn_layout"] = offered[ends[::-1]]
        written.setdefault(json.dumps(row))
    return list(written)


if __name__ == "__main__":
    if sys.argv[1] == "connect":
        addresses, port = sys.argv[2:4], int(sys.argv[4])
        call()
    else:
        print("\n".join((report if sys.argv[1] == "report" else rows)(sys.argv[2])))
