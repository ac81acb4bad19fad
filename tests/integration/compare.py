# SPDX-License-Identifier: MIT OR Apache-2.0
"""compare.py SEEN DUMP: compares the observations of `json:` with the records of `synfix dump`."""
import json
import sys


def load(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


seen = load(sys.argv[1])
records = [r for r in load(sys.argv[2]) if "observationKind" in r]
if len(seen) != len(records):
    sys.exit(f"{len(seen)} observations, {len(records)} records")
wrong = 0
for number, (left, right) in enumerate(zip(seen, records), 1):
    version = "IPv6" if ":" in left["src_ip"] else "IPv4"
    pairs = [
        (left["src_ip"], right.get(f"source{version}Address")),
        (left["dest_ip"], right.get(f"destination{version}Address")),
        (left["src_port"], right.get("sourceTransportPort")),
        (left["dest_port"], right.get("destinationTransportPort")),
        (left["pcap_cnt"], right.get("flowId")),
    ]
    for a, b in pairs:
        if a != b:
            print(f"record {number}: {a!r} in the observation, {b!r} in the record")
            wrong += 1
    if left["event_type"] == "tcp_fp":
        text = json.dumps(left, ensure_ascii=False)
        for name in ("tcpSignature", "linkLabel", "osFamily"):
            value = right.get(name)
            if value not in (None, "?") and json.dumps(value, ensure_ascii=False)[1:-1] not in text:
                print(f"record {number}: {name} {value!r} is not in {text}")
                wrong += 1
sys.exit(1 if wrong else 0)
