#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""opensearch.py SYNFIX SOURCE: indexes the events of ecs: and json: in OpenSearch or Elasticsearch
(SYNFIX_OPENSEARCH: its URL, on this host) with the index template of conf/elasticsearch. The server refuses no event,
addresses and times have their types, and networks can be searched. SYNFIX_ECS_FIELDS names the fields.csv of the
Elastic Common Schema: the schema contains each field outside of tcp_fp, tcp_uptime and tcp_host_change, with the type
of the index."""
import csv
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

SYNFIX, SOURCE = Path(sys.argv[1]), Path(sys.argv[2])
SERVER = os.environ.get("SYNFIX_OPENSEARCH", "").rstrip("/")
OWN = ("tcp_fp", "tcp_uptime", "tcp_host_change", "timestamp")  # the last one is from json: and in the template
SAME = {"wildcard": "keyword", "match_only_text": "keyword", "date": "date_nanos", "float": "double", "object": None}
failures = []


def call(method, path, body=None, kind="application/json"):
    request = urllib.request.Request(SERVER + path, method=method, data=body, headers={"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def events(sink, work):
    """Events of captures with VLAN tags, tunnels, IPv6 and uptimes."""
    target = work / "events.json"
    for name in ("mixed", "vlan", "gre", "vxlan", "ipv6-ftp"):
        capture = next((SOURCE / "tests/data").glob(f"{name}.pcap*"))
        subprocess.run([SYNFIX, "read", "--quiet", "--sigdb", SOURCE / "tests/integration/test.fp", capture, "--to",
                        f"{sink}:{target}?append=yes"], check=True)
    lines = target.read_text().splitlines()
    target.unlink()
    return lines


def load(index, lines):
    body = "".join('{"create":{}}\n' + line + "\n" for line in lines)
    answer = call("POST", f"/{index}/_bulk?refresh=true", body.encode(), "application/x-ndjson")
    refused = [item["create"]["error"] for item in answer["items"] if "error" in item["create"]]
    if refused or len(answer["items"]) != len(lines):
        failures.append(f"{index}: {len(refused)} of {len(lines)} events refused: {refused[:1]}")


def types(properties, prefix=""):
    """Type of each field of a mapping."""
    found = {}
    for name, what in properties.items():
        inner = what.get("properties")
        found.update(types(inner, f"{prefix}{name}.") if inner else {prefix + name: what["type"]})
    return found


def check_types(index, time):
    fields = types(call("GET", f"/{index}/_mapping")[index]["mappings"]["properties"])
    for name, kind in fields.items():
        wanted = "ip" if name.endswith("ip") else "date_nanos" if name == time else None
        if wanted and kind != wanted or kind == "text":
            failures.append(f"{index}: {name} has the type {kind}")
    return fields


def count(index, query):
    return call("POST", f"/{index}/_count", json.dumps({"query": query}).encode())["count"]


def check_schema(fields):
    path = os.environ.get("SYNFIX_ECS_FIELDS")
    if not path:
        return
    with open(path, encoding="utf-8", newline="") as table:
        schema = {row["Field"]: row["Type"] for row in csv.DictReader(table)}
    for name, kind in fields.items():
        if name.split(".")[0] not in OWN and kind not in (schema.get(name), SAME.get(schema.get(name))):
            failures.append(f"{name}: {kind} in the index, {schema.get(name)} in the schema")


def main():
    if not SERVER:
        print("skipped: no server; set SYNFIX_OPENSEARCH to the URL of an OpenSearch server")
        return 77
    template = (SOURCE / "conf/elasticsearch/index-template.json").read_bytes()
    call("PUT", "/_index_template/synfix", template)
    try:
        with tempfile.TemporaryDirectory() as work:
            for sink, address, time in (("ecs", "source.ip", "@timestamp"), ("json", "src_ip", "timestamp")):
                index = f"synfix-test-{sink}"
                lines = events(sink, Path(work))
                load(index, lines)
                fields = check_types(index, time)
                if sink == "ecs":
                    check_schema(fields)
                here = sum(f'"{address.split(".")[-1]}":"10.0.0.' in line.split('"dest')[0] for line in lines)
                found = count(index, {"term": {address: "10.0.0.0/24"}})
                if found != here or not here:
                    failures.append(f"{index}: {found} of {here} events in 10.0.0.0/24")
                if count(index, {"range": {time: {"gte": "2004-08-26T12:12:06.102435Z", "lt": "2004-08-26T12:12:06.102436Z"}}}) != 1:
                    failures.append(f"{index}: the number of events in a microsecond is not one")
    finally:
        call("DELETE", "/synfix-test-*")
        call("DELETE", "/_index_template/synfix")
    print("\n".join(failures) or "all events indexed")
    return 1 if failures else 0


sys.exit(main())
