# SPDX-License-Identifier: MIT OR Apache-2.0
"""Evidence of the system in the header lines of a request: client hints, and the agent of HTTP/2."""
import re

import evidence

# Values of Sec-CH-UA-Platform (User-Agent Client Hints, 3.6).
HINTED = {"Windows": "Windows", "macOS": "macOS", "Linux": "Linux", "Android": "Android", "iOS": "iOS",
          "Chrome OS": "Linux", "Chromium OS": "Linux"}
HINT = re.compile(r'sec-ch-ua-(platform(?:-version)?):\s*"([^"]*)"', re.I)


def hinted_windows(version):
    """Platform versions of Microsoft: 0.1 to 0.3 for Windows 7 to 8.1, 1 to 10 for Windows 10, from 13 on Windows
    11."""
    older = {"0.1": "7", "0.2": "8", "0.3": "8.1"}.get(version)
    major = int(version.split(".")[0]) if version.split(".")[0].isdigit() else 0
    return older or ("10" if 1 <= major <= 10 else "11" if major >= 13 else "")


def claim_of(lines):
    """Client hints among header lines (`sec-ch-ua-platform: "Windows"`)."""
    hints = {match[1].lower(): match[2] for match in map(HINT.search, lines) if match}
    system = HINTED.get(hints.get("platform"))
    if system is None:
        return None
    version = hints.get("platform-version", "")
    return evidence.Claim(system, hinted_windows(version) if system == "Windows" else version, "client hint", "medium")


def header_lines(row):
    """Header lines of HTTP/1, and those of HTTP/2 in the same form."""
    return row["lines"] + [f"{name}: {value}" for name, value in zip(row["names"], row["values"])]


def claims_of(row):
    lines = header_lines(row)
    yield claim_of(lines)
    for line in lines:
        if line.startswith("user-agent: "):  # HTTP/2 has lower case, and tshark has no separate field for it
            yield evidence.user_agent(line)
