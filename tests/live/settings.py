# SPDX-License-Identifier: MIT OR Apache-2.0
"""settings.py call IPV4 IPV6 PORT | settings.py judge OBSERVATIONS.json

call connects from near0 with each kernel setting that changes the SYN, and prints the number of connections. judge
prints the SYNs without a label of Linux, and the shares. It fails unless all SYNs, except ambiguous ones, match Linux
exactly."""
import collections
import itertools
import json
import socket
import subprocess
import sys

made = 0


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


def judge(path):
    kinds = collections.Counter()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            found = json.loads(line).get("tcp_fp", {})
            if found.get("kind") != "syn":
                continue
            kind = found["match"] if found["family"] == "Linux" else "another system"
            kinds[kind] += 1
            if kind != "exact":
                print(f"{kind}: {found['signature']}: {found['os']}")
    total = sum(kinds.values())
    print(f"{total} SYNs: {dict(kinds)}")
    # without timestamps, SACK and window scale, other systems send the same SYN
    return total == 0 or kinds["exact"] < 0.95 * total or kinds["another system"] > 0.03 * total


if sys.argv[1] == "judge":
    sys.exit(judge(sys.argv[2]))
addresses, port = sys.argv[2:4], int(sys.argv[4])
call()
