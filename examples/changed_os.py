#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""changed_os.py FILE...: hosts whose operating system changed, in captures and IPFIX archives."""
import sys

import synfix

last = {}
try:
    for path in sys.argv[1:]:
        for o in synfix.records(path) if ".ipfix" in path else synfix.read(path):
            if o.os_label:
                host = (o.source_address, o.kind)
                if last.get(host, o.os_family) != o.os_family:
                    print(o.time.isoformat(), o.source_address, last[host], "->", o.os_family)
                last[host] = o.os_family
except synfix.Error as error:
    sys.exit(f"{sys.argv[0]}: {error}")
