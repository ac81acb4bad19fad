#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""schema.py PROGRAM SOURCE: the lines of `json:` and `eve:` over tests/data agree with
conf/schema/eve-event.schema.json, every key of the schema that a capture can contain occurs, and the schema refuses
changed lines."""
import glob
import json
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: no jsonschema for this Python; install the package python3-jsonschema")
    sys.exit(77)

program, source = sys.argv[1:3]
with open(f"{source}/conf/schema/eve-event.schema.json", encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
failures = 0
seen = set()
last = {}
lines = 0
captures = sorted(glob.glob(f"{source}/tests/data/*.pcap*"))
for sink in ("json:-", "eve:-?flow-id=yes"):
    for capture in captures:
        done = subprocess.run([program, "read", "--quiet", "--enrich", "community-id", "--enrich", "muon", capture, "--to", sink],
                              capture_output=True, text=True, check=True)
        for line in done.stdout.splitlines():
            event = json.loads(line)
            lines += 1
            for error in validator.iter_errors(event):
                failures += 1
                print(f"{capture}: {'/'.join(map(str, error.path))}: {error.message[:200]}")
            kind = event["event_type"]
            seen |= {(kind, key) for key in event[kind]} | {("", key) for key in event}
            last[kind] = event

RARE = {("tcp_fp", "mpls"), ("tcp_fp", "ecn_received"), ("tcp_fp", "other_os"), ("tcp_uptime", "mpls"), ("tcp_uptime", "vlan"), ("tcp_uptime", "tunnel"),
        ("", "in_iface"), ("", "enrichment"), ("", "tcp_host_change")}
wanted = {(kind, key) for kind in ("tcp_fp", "tcp_uptime") for key in schema["$defs"][kind]["properties"]}
wanted |= {("", key) for key in schema["properties"]}
for kind, key in sorted(wanted - seen - RARE):
    failures += 1
    print(f"no line has {kind} {key}")


def refused(kind, change):
    global failures
    event = json.loads(json.dumps(last[kind]))
    change(event)
    if validator.is_valid(event):
        failures += 1
        print(f"a wrong line is accepted: {json.dumps(event)[:200]}")


refused("tcp_fp", lambda event: event.pop("tcp_fp"))
refused("tcp_fp", lambda event: event["tcp_fp"].update(quality="90"))
refused("tcp_fp", lambda event: event["tcp_fp"].update(new_key=1))
refused("tcp_uptime", lambda event: event["tcp_uptime"].update(reliability=1))
refused("tcp_uptime", lambda event: event.update(event_type="tcp_fp"))
print(f"{lines} lines, {failures} failures")
sys.exit(failures > 0 or lines < 100)
