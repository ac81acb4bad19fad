# SPDX-License-Identifier: MIT OR Apache-2.0
"""Packets that contradict the system in an agent string or a banner, because the system cannot send their signature."""

# Kernel sources: option orders of Linux only, and the order of Apple's systems (and of FreeBSD 6).
LINUX_ORDERS = ("mss,sok,ts,nop,ws", "mss,nop,nop,sok,nop,ws", "mss,nop,nop,ts,nop,ws")
APPLE_ORDER = "mss,nop,ws,nop,nop,ts,sok,eol+1"
LINUX_PADS_SCALE = "nop,ws"  # each version of Linux aligns the window scale with a NOP before it
APPLE = {"macOS", "iOS", "Apple"}
LINUX = {"Linux", "Android"}
GENERAL_PURPOSE = APPLE | LINUX | {"Windows", "FreeBSD", "Solaris", "AIX"}
# For Cisco: the controllers, and the devices that run Linux, do not run IOS.
WITHOUT_LINUX_ORDER = GENERAL_PURPOSE - LINUX | {"Cisco"}


def possible(system, signature):
    """False for an option order of another system, for a general-purpose system without options, and for Windows with
    DF and without an IP ID in IPv4 (the IP ID of Windows is a counter)."""
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
