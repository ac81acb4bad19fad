#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""schemas.py PROGRAM SOURCE: the output of the sinks for the captures of tests/data is valid under conf/schema/, and
the table of docs/reference/schemas.md contains its names; the schemas refuse invalid lines."""
import csv
import io
import json
import pathlib
import re
import subprocess
import sys

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
CAPTURES = sorted(path for path in (SOURCE / "tests/data").iterdir() if ".pcap" in path.name)
problems = 0


def complain(text):
    global problems
    problems += 1
    if problems < 20:
        print("FAILED:", text)


def read(sink):
    return "".join(subprocess.run([PROGRAM, "read", "--quiet", str(path), "--enrich", "community-id", "--to", sink],
                                  check=True, capture_output=True, text=True).stdout for path in CAPTURES)


def members(value, prefix=""):
    """Names of all members, `host.os.name`."""
    for name, inner in value.items():
        yield prefix + name
        if isinstance(inner, dict):
            yield from members(inner, prefix + name + ".")


LINES = {"eve-event": [json.loads(line) for line in read("json:-").splitlines()],
         "ecs-event": [json.loads(line) for line in read("ecs:-").splitlines()],
         "zeek-log": [json.loads(line) for line in read("zeek:-?format=json").splitlines()],
         "csv-row": [row for row in csv.DictReader(io.StringIO(read("csv:-"))) if row["time"] != "time"]}


def check_table():
    """The table contains each name in the output of the sinks, and each element of the profile full."""
    page = (SOURCE / "docs/reference/schemas.md").read_text(encoding="utf-8")
    cells = set(re.findall(r"`([^`]+)`", page))
    used = {name.split("tcp_fp.")[-1].split("tcp_uptime.")[-1] for event in LINES["eve-event"] for name in members(event)}
    used |= {name for event in LINES["ecs-event"] for name in members(event) if not name.startswith("tcp_")}
    used |= {name for event in LINES["zeek-log"] for name in event}
    used |= set(LINES["csv-row"][0])
    profile = (SOURCE / "ipfix-templates/full.profile").read_text(encoding="utf-8")
    used |= {line.split("[")[0].split()[0] for line in profile.splitlines() if line and line[0] not in "#["}
    for name in sorted(used - cells):
        complain(f"docs/reference/schemas.md has no `{name}`")
    if len(used) < 150:
        complain(f"only {len(used)} names were checked")


def check_headers():
    """The schemas list exactly the columns of the program."""
    fields = next(line for line in read("zeek:-").splitlines() if line.startswith("#fields")).split("\t")[1:]
    for name, columns in (("zeek-log", fields), ("csv-row", list(LINES["csv-row"][0]))):
        schema = json.loads((SOURCE / f"conf/schema/{name}.schema.json").read_text(encoding="utf-8"))
        if set(schema["properties"]) != set(columns):
            complain(f"{name}: {sorted(set(schema['properties']) ^ set(columns))} is only in one of schema and program")


def check_schemas():
    import jsonschema
    import referencing
    schemas = {}
    for path in (SOURCE / "conf/schema").glob("*.schema.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        schemas[path.name.split(".")[0]] = schema
    registry = referencing.Registry().with_resources(
        [(schema["$id"], referencing.Resource.from_contents(schema)) for schema in schemas.values() if "$id" in schema])
    for name, lines in LINES.items():
        if name not in schemas:
            complain(f"no conf/schema/{name}.schema.json")
            continue
        validator = jsonschema.Draft202012Validator(schemas[name], registry=registry,
                                                    format_checker=jsonschema.FormatChecker())
        if len(lines) < 100:
            complain(f"{name}: only {len(lines)} lines")
        for line in lines:
            for error in validator.iter_errors(line):
                complain(f"{name}: {'.'.join(map(str, error.absolute_path))}: {error.message[:200]}")
        for broken in (dict(lines[0], kind=5, proto=7, time=1, ecs=2), {}):
            if validator.is_valid(broken):
                complain(f"{name} accepts {broken}")


check_table()
check_headers()
try:
    check_schemas()
except ImportError:
    print("not checked: the JSON schemas (no Python package jsonschema 4.18 or newer)")
    sys.exit(1 if problems else 77)
sys.exit(1 if problems else 0)
