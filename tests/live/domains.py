# SPDX-License-Identifier: MIT OR Apache-2.0
"""domains.py FILE...: prints the distinct observation domains of the IPFIX messages in these files, in order."""
import struct
import sys

found = set()
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        while len(header := file.read(16)) == 16:
            version, length, _, _, domain = struct.unpack(">HHIII", header)
            if version != 10:
                break
            found.add(domain)
            file.seek(length - 16, 1)
print(*sorted(found))
