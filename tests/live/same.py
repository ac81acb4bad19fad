# SPDX-License-Identifier: MIT OR Apache-2.0
"""same.py READ CAPTURED: both files of JSON lines have the same set of observations.

Fields that depend on the clock of the replay are excluded: time, packet numbers, and uptimes, which need the original
gaps."""
import collections
import json
import sys


def load(path):
    with open(path, encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    found = collections.Counter()
    for record in records:
        if record["event_type"] != "tcp_fp":
            continue
        for key in ("timestamp", "pcap_cnt", "in_iface"):
            record.pop(key, None)
        found[json.dumps(record, sort_keys=True)] += 1
    return found


read, captured = load(sys.argv[1]), load(sys.argv[2])
if not read:
    sys.exit("no observation")
for text, records in (("missing", read - captured), ("too many", captured - read)):
    for record, count in list(records.items())[:3]:
        print(f"{text} ({count}): {record}")
sys.exit(1 if read != captured else 0)
