#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""exposure.py PAGE: reads `systemd-analyze security --json=short` from standard input. The table of the page lists
exactly the settings without full marks, each with its exposure."""
import json
import re
import sys

with open(sys.argv[1], encoding="utf-8") as page:
    section = page.read().split("## Confinement of the service", 1)[1].split("\n## ", 1)[0]
stated = {}
for row in re.findall(r"^\| (`.*?) \| ([0-9.]+)(?: each)? \|", section, re.MULTILINE):
    for name in re.findall(r"`([^`]+)`", row[0]):
        stated[name.replace("\\|", "|")] = row[1]
measured = {}
for line in json.load(sys.stdin):
    if not line["set"] and line["exposure"]:
        name = line["name"].replace("RootDirectory=/RootImage=", "RootDirectory=")
        measured[name.rstrip("=")] = line["exposure"]
for name in sorted(stated.keys() | measured.keys()):
    if stated.get(name) != measured.get(name):
        print(f"{name}: exposure {measured.get(name, 'none')}, in the page {stated.get(name, 'none')}")
sys.exit(stated != measured or not measured)
