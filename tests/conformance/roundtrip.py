#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Every sink tells the same: what json:, eve:, zeek:, csv: and ecs: wrote is parsed back and compared with the IPFIX
records of the same captures, field by field.

roundtrip.py SYNFIX CAPTURE...
"""
import csv
import json
import os
import subprocess
import sys
import tempfile

KINDS = {1: "syn", 2: "syn+ack", 3: "uptime"}
# IPFIX element: where tcp_fp of the JSON forms, the CSV and Zeek's log have it. None: not there.
FIELDS = {
    "tcpSignature": ("signature", "signature", "signature"),
    "osLabel": ("os", "os_label", "os"),
    "osClass": ("class", "os_class", "os_class"),
    "osFamily": ("family", "os_family", "os_family"),
    "osFlavor": ("flavor", "os_flavor", "os_flavor"),
    "osLabelId": ("label_id", "os_label_id", None),
    "osMatchQuality": ("quality", "os_match_quality", "quality"),
    "osCandidateCount": ("candidates", "os_candidate_count", "candidates"),
    "hopDistance": ("distance", "hop_distance", "distance"),
    "initialTtl": ("initial_ttl", "initial_ttl", "initial_ttl"),
    "linkMtu": ("mtu", "link_mtu", "mtu"),
    "linkLabel": ("link", "link_label", "link"),
    "tcpOptionLayout": ("options", "tcp_option_layout", "options"),
    "ipTTL": ("ttl", "ip_ttl", "ttl"),
    "octetDeltaCount": ("ip_length", "ip_length", "ip_len"),
    "tcpControlBits": ("tcp_flags", "tcp_flags", "tcp_flags"),
    "tcpWindowSize": ("window", "tcp_window_size", "window"),
    "tcpSequenceNumber": ("seq", "tcp_sequence_number", None),
    "tcpMaximumSegmentSize": ("mss", "tcp_mss", "mss"),
    "tcpPayloadLength": ("payload_length", "tcp_payload_length", "payload_len"),
    "tcpTimestampValue": ("ts_value", "tcp_timestamp_value", "ts_value"),
}
UPTIME = {
    "timestampFrequency": ("frequency", "timestamp_frequency", "frequency"),
    "systemUptime": ("uptime", "system_uptime", "uptime"),
    "systemUptimeModulus": ("modulus", "system_uptime_modulus", "uptime_modulus"),
}


def read_zeek(path):
    """Zeek's reader: the header names columns, unset and empty marks."""
    names = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            parts = line.rstrip("\n").split("\t")
            if parts[0] == "#fields":
                names = parts[1:]
            elif not line.startswith("#"):
                assert len(parts) == len(names), line
                yield {name: {"-": "", "(empty)": ""}.get(part, part) for name, part in zip(names, parts)}


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def normal(value):
    """IPFIX tells absent as 0 or `?`, the others leave it out."""
    return "" if value in (None, 0, "0", "?", "") else str(value)


def same(record, other, names, column, what, errors):
    for element, places in names.items():
        if places[column] is None:
            continue
        ours, theirs = normal(record.get(element)), normal(other.get(places[column]))
        if ours != theirs:
            errors.append(f"{what}: packet {record['flowId']}: {element} is {ours}, {places[column]} is {theirs}")


def compare(folder, errors):
    ipfix = [record for record in read_json(folder + "/dump") if "observationKind" in record]
    with open(folder + "/csv", encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    forms = {"json": read_json(folder + "/json"), "eve": read_json(folder + "/eve"), "ecs": read_json(folder + "/ecs"),
             "csv": table, "zeek": list(read_zeek(folder + "/zeek"))}
    for what, records in forms.items():
        if len(records) != len(ipfix):
            errors.append(f"{what}: {len(records)} records, IPFIX has {len(ipfix)}")
            continue
        for record, other in zip(ipfix, records):
            uptime = record["observationKind"] == 3
            inner = other.get("tcp_uptime" if uptime else "tcp_fp", {}) if what in ("json", "eve", "ecs") else other
            column = {"csv": 1, "zeek": 2}.get(what, 0)
            same(record, inner, UPTIME if uptime else FIELDS, column, what, errors)
            source = record.get("sourceIPv4Address", record.get("sourceIPv6Address"))
            server = other.get("is_resp") == "T"
            found = {"csv": lambda: other["source_address"],
                     "zeek": lambda: other["id.resp_h" if server else "id.orig_h"],
                     "ecs": lambda: other["source"]["ip"]}.get(what, lambda: other["src_ip"])()
            if source != found:
                errors.append(f"{what}: packet {record['flowId']}: source is {source}, {found}")
    return len(ipfix)


def main():
    synfix, captures = sys.argv[1], sys.argv[2:]
    errors, count = [], 0
    for capture in captures:
        with tempfile.TemporaryDirectory() as folder:
            sinks = [f"file:{folder}/ipfix"] + [f"{name}:{folder}/{name}" for name in ("json", "eve", "csv", "zeek", "ecs")]
            command = [synfix, "read", capture]
            for sink in sinks:
                command += ["--to", sink]
            subprocess.run(command, check=True, capture_output=True)
            with open(folder + "/dump", "w", encoding="utf-8") as dump:
                subprocess.run([synfix, "dump", folder + "/ipfix", "--format", "json"], check=True, stdout=dump)
            count += compare(folder, errors)
    print(f"{count} records in {len(captures)} captures, {len(errors)} differences")
    for error in errors[:20]:
        print(" ", error)
    return 1 if errors or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
