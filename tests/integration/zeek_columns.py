#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""zeek_columns.py PROGRAM SOURCE: the record Synfix::Info of the Zeek plug-in has the columns of the sink `zeek:`,
with the same names, types and order."""
import re
import subprocess
import sys

program, source = sys.argv[1:3]
log = subprocess.run([program, "read", "--quiet", f"{source}/tests/data/web.pcap", "--to", "zeek:-"], capture_output=True, text=True,
                     check=True).stdout
header = {line.split("\t")[0]: line.split("\t")[1:] for line in log.splitlines() if line.startswith("#")}
with open(f"{source}/plugins/zeek/scripts/main.zeek", encoding="utf-8") as file:
    record = re.search(r"type Info: record \{(.*?)\};", file.read(), re.S)[1]
columns = []
for name, kind in re.findall(r"^\s*([\w.]+): (.*?) &log", record, re.M):
    if kind == "conn_id":
        columns += [("id.orig_h", "addr"), ("id.orig_p", "port"), ("id.resp_h", "addr"), ("id.resp_p", "port")]
        continue
    kind = {"transport_proto": "enum"}.get(kind, re.sub(r"^vector of (\w+)$", r"vector[\1]", kind))
    columns.append((name, kind))
expected = list(zip(header["#fields"], header["#types"]))
for mine, wanted in zip(columns, expected):
    if mine != wanted:
        print(f"{mine} in the script, {wanted} in the log")
print(f"{len(columns)} and {len(expected)} columns")
sys.exit(columns != expected or len(columns) < 40)
