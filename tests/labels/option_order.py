# SPDX-License-Identifier: MIT OR Apache-2.0
"""Whether a signature can be of a system: packets that contradict the system which an agent string or a banner names."""

# Kernel sources: orders that Linux alone writes, and the one of Apple's systems (and of FreeBSD 6).
LINUX_ORDERS = ("mss,sok,ts,nop,ws", "mss,nop,nop,sok,nop,ws", "mss,nop,nop,ts,nop,ws")
APPLE_ORDER = "mss,nop,ws,nop,nop,ts,sok,eol+1"
LINUX_PADS_SCALE = "nop,ws"  # each version of Linux aligns the scale with a NOP before it
APPLE = {"macOS", "iOS", "Apple"}
LINUX = {"Linux", "Android"}
GENERAL_PURPOSE = APPLE | LINUX | {"Windows", "FreeBSD", "Solaris", "AIX"}
# With Cisco: the controllers and the systems of its devices that run Linux are not IOS.
WITHOUT_LINUX_ORDER = GENERAL_PURPOSE - LINUX | {"Cisco"}


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
    if system in LINUX and "ws" in layout.replace(LINUX_PADS_SCALE, ""):
        return False
    quirks = quirks.split(",")
    return not (system == "Windows" and version == "4" and "df" in quirks and "id+" not in quirks)
