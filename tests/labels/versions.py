# SPDX-License-Identifier: MIT OR Apache-2.0
"""Whether the version of a label contains the version in the evidence."""
import re

NEWEST = (999,)

# Windows in the order of its kernels: (pattern, number)
WINDOWS = [
    (r"9x|9[58]|ME\b", 1), (r"\bNT\b", 4), (r"2000", 5), (r"XP", 5.1), (r"Server 2003", 5.2), (r"Vista", 6.0),
    (r"Server 2008(?! R2)", 6.0), (r"(?<![\d.])7(?![\d.])", 6.1), (r"Server 2008 R2", 6.1), (r"(?<![\d.])8(?![\d.])", 6.2),
    (r"Server 2012(?! R2)", 6.2), (r"8\.1", 6.3), (r"Server 2012 R2", 6.3), (r"10 1507", 10.0), (r"10 1511", 10.1),
    (r"10 1607|Server 2016", 10.2), (r"10 (?:17|18|19|20|21|22)\w\w", 10.5), (r"Server 20(?:19|22)", 10.5),
    (r"(?<![\d.])11(?![\d.])|Server 2025|Server 23H2", 11),
]
BUILDS = [(2195, 5), (2600, 5.1), (3790, 5.2), (6003, 6.0), (7601, 6.1), (9200, 6.2), (9600, 6.3), (10240, 10.0), (10586, 10.1),
          (14393, 10.2), (20348, 10.5), (99999, 11)]


def kernel(text):
    return tuple(int(part) for part in text.split("."))


def linux(text):
    """(first, last) kernel of a text; None if the text has no kernel."""
    number = r"(\d+\.\d+(?:\.\d+)?)"
    match = re.search(number + r" to " + number, text)
    if match:
        return kernel(match[1]), kernel(match[2]) + NEWEST
    match = re.search(number + r" or newer", text)
    if match:
        return kernel(match[1]), NEWEST
    match = re.match(r"2\.4 or 2\.6", text)
    if match:
        return (2, 4), (2, 6, 38, 999)
    match = re.search(r"before " + number, text)
    if match:
        return (0,), kernel(match[1])
    match = re.search(number, text)
    return (kernel(match[1]), kernel(match[1]) + NEWEST) if match else None


def windows(text):
    build = re.search(r"build (\d+)", text)
    if build:
        value = next(number for last, number in BUILDS if int(build[1]) <= last)
        return value, value
    if re.fullmatch(r"10, 11|10 or 11.*", text):
        return 10.0, 11
    if text == "10, Server 2016":
        return 10.0, 11
    found = sorted(number for pattern, number in WINDOWS if re.search(pattern, text))
    if re.search(r"(?<![\d.])10(?! 1| 2)(?![\d.])", text):
        found = sorted(found + [10.0, 10.5])
    if not found:
        return None
    return (found[0], 11) if "newer" in text else (found[0], found[-1])


READERS = {"Linux": linux, "Windows": windows}


def agree(system, truth, flavor):
    """Whether a label of the right family has the right version. None if the evidence or the label has no version."""
    reader = READERS.get(system)
    known = reader(truth) if reader and truth else None
    stated = reader(flavor) if known and flavor else None
    if known is None or stated is None:
        return None
    return known[0] <= stated[1] and stated[0] <= known[1]


def is_definite(system, flavor):
    """Whether a label has a version."""
    return system in READERS and bool(flavor) and READERS[system](flavor) is not None
