# SPDX-License-Identifier: MIT OR Apache-2.0
"""expect.py OBSERVED CLIENT SERVER PORT PORTS [KEY=VALUE...]

For each line of PORTS (a client port), OBSERVED (JSON lines) has exactly one SYN from CLIENT to SERVER:PORT and one
SYN+ACK that answers this SYN. In both, tcp_fp has these values."""
import json
import sys

observed, client, server, port, ports = sys.argv[1:6]
wanted = dict(argument.split("=", 1) for argument in sys.argv[6:])
port = int(port)
wrong = []


def take(records, kind, source, destination):
    ends = (*source, *destination)
    found = [r for r in records
             if r["event_type"] == "tcp_fp" and r["tcp_fp"]["kind"] == kind
             and (r["src_ip"], r["src_port"], r["dest_ip"], r["dest_port"]) == ends]
    if len(found) != 1:
        wrong.append(f"{len(found)} times {kind} of {ends}, expected 1")
    return found[0]["tcp_fp"] if found else None


with open(observed, encoding="utf-8") as file:
    seen = [json.loads(line) for line in file]
with open(ports, encoding="utf-8") as file:
    local_ports = [int(line) for line in file]
if not local_ports:
    wrong.append("no connection was made")
for local in local_ports:
    syn = take(seen, "syn", (client, local), (server, port))
    answer = take(seen, "syn+ack", (server, port), (client, local))
    if not syn or not answer:
        continue
    if answer["ack"] != (syn["seq"] + 1) % 2**32:
        wrong.append(f"port {local}: the SYN+ACK acknowledges {answer['ack']}, the SYN has {syn['seq']}")
    if (syn["tcp_flags"] & 0x12, answer["tcp_flags"] & 0x12) != (2, 18):
        wrong.append(f"port {local}: flags {syn['tcp_flags']} and {answer['tcp_flags']}")
    if answer["ts_echo"] != syn["ts_value"]:
        wrong.append(f"port {local}: time stamp {answer['ts_echo']} echoes {syn['ts_value']}")
    if "syn_not_seen" in json.dumps(answer["flags"]) or "not seen" in json.dumps(answer["flags"]):
        wrong.append(f"port {local}: the SYN+ACK's SYN was not seen: {answer['flags']}")
    for fingerprint in (syn, answer):
        for key, value in wanted.items():
            if json.dumps(fingerprint.get(key)) != value and fingerprint.get(key) != value:
                wrong.append(f"port {local}: {fingerprint['kind']}: {key} is {fingerprint.get(key)!r}, not {value}")
for text in wrong[:20]:
    print(text)
sys.exit(1 if wrong else 0)
