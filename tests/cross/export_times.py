#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""export_times.py FILE...: sets the export time of each IPFIX message to 0. All other octets stay."""
import struct
import sys

HEADER = struct.Struct(">HHIII")


def without_export_times(data):
    at = 0
    while at < len(data):
        version, length, _, sequence, domain = HEADER.unpack_from(data, at)
        if version != 10 or length < HEADER.size or at + length > len(data):
            raise ValueError(f"no IPFIX message at octet {at}")
        HEADER.pack_into(data, at, version, length, 0, sequence, domain)
        at += length
    return data


for path in sys.argv[1:]:
    with open(path, "r+b") as file:
        changed = without_export_times(bytearray(file.read()))
        file.seek(0)
        file.write(changed)
