# SPDX-License-Identifier: MIT OR Apache-2.0
"""The kernels of Linux distributions, from packages with the name of the distribution: OpenSSH's banner and APT's
agent string.

A release of a distribution has one version of OpenSSH and of APT, and few kernels: its own and, in Ubuntu, those of
later releases. A container has the kernel of its host, so a row is evidence, not proof.
"""
import re

# (pattern, first kernel, last kernel)
RELEASES = [
    (r"OpenSSH_5\.3p1 Debian-3ubuntu", "2.6.32", "3.0"),
    (r"OpenSSH_5\.9p1 Debian-5ubuntu|APT-HTTP/1\.3 \(0\.8\.16", "3.2", "3.13"),
    (r"OpenSSH_6\.6(\.1)?p1 Ubuntu|APT-HTTP/1\.3 \(1\.0\.1ubuntu", "3.13", "4.4"),
    (r"OpenSSH_7\.2p2 Ubuntu|APT-HTTP/1\.3 \(1\.2\.", "4.4", "4.15"),
    (r"OpenSSH_7\.6p1 Ubuntu|APT-HTTP/1\.3 \(1\.6\.", "4.15", "5.4"),
    (r"OpenSSH_8\.2p1 Ubuntu|APT-HTTP/1\.3 \(2\.0\.", "5.4", "5.15"),
    (r"OpenSSH_8\.9p1 Ubuntu|APT-HTTP/1\.3 \(2\.4\.", "5.15", "6.8"),
    (r"OpenSSH_9\.6p1 Ubuntu|APT-HTTP/1\.3 \(2\.7\.14", "6.8", "6.14"),
    (r"OpenSSH_5\.1p1 Debian", "2.6.26", "2.6.26"),
    (r"OpenSSH_5\.5p1 Debian", "2.6.32", "2.6.32"),
    (r"OpenSSH_6\.0p1 Debian|APT-HTTP/1\.3 \(0\.9\.7\.9", "3.2", "3.2"),
    (r"OpenSSH_6\.7p1 (Debian|Raspbian)|APT-HTTP/1\.3 \(1\.0\.9\.8", "3.16", "4.9"),
    (r"OpenSSH_7\.4p1 (Debian|Raspbian)|APT-HTTP/1\.3 \(1\.4\.", "4.9", "4.19"),
    (r"OpenSSH_7\.9p1 (Debian|Raspbian)|APT-HTTP/1\.3 \(1\.8\.2", "4.19", "5.10"),
    (r"OpenSSH_8\.4p1 (Debian|Raspbian)|APT-HTTP/1\.3 \(2\.2\.", "5.10", "6.1"),
    (r"OpenSSH_9\.2p1 (Debian|Raspbian)|APT-HTTP/1\.3 \(2\.6\.", "6.1", "6.6"),
    (r"OpenSSH_10\.0p\d (Debian|Raspbian)|APT-HTTP/1\.3 \(3\.0\.", "6.12", "6.12"),
]


def kernels(text):
    """The kernels (`3.13 to 4.4`) of the distribution in a banner or an agent string; empty: unknown."""
    for pattern, first, last in RELEASES:
        if re.search(pattern, text):
            return first if first == last else f"{first} to {last}"
    return ""
