# SPDX-License-Identifier: MIT OR Apache-2.0
"""Whether a signature can be of a system: packets that contradict the system which an agent string or a banner names."""

# Kernel sources: orders that Linux alone writes, and the one of Apple's systems (and of FreeBSD 6).
LINUX_ORDERS = ("mss,sok,ts,nop,ws", "mss,nop,nop,sok,nop,ws", "mss,nop,nop,ts,nop,ws")
APPLE_ORDER = "mss,nop,ws,nop,nop,ts,sok,eol+1"
APPLE = {"macOS", "iOS", "Apple"}
LINUX = {"Linux", "Android"}
WITHOUT_LINUX_ORDER = APPLE | {"Windows", "FreeBSD", "Solaris", "AIX"}
GENERAL_PURPOSE = WITHOUT_LINUX_ORDER | LINUX


def possible(system, signature):
    """False if the order of the options is another system's, if a system of general purpose sends none, or if Windows sets DF
    without an IP ID in IPv4: its IP ID is a counter."""
    version, _, _, _, _, layout, quirks = signature.split(":")[:7]
    if layout == "":
        return system not in GENERAL_PURPOSE
    if layout in LINUX_ORDERS:
        return system not in WITHOUT_LINUX_ORDER
    if layout == APPLE_ORDER:
        return system not in LINUX | {"Windows"}
    quirks = quirks.split(",")
    return not (system == "Windows" and version == "4" and "df" in quirks and "id+" not in quirks)
