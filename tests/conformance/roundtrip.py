#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Every sink reports the same values. An independent reader parses the output of each sink (jq for JSON lines,
Python's csv, a reader of Zeek logs, p0f's log by its grammar). The values are compared with the IPFIX records of the
capture, field by field.

roundtrip.py SYNFIX CAPTURE...

The Python package parsezeeklogs reads Zeek logs if it is installed; otherwise, a reader uses the header of the log.
"""
import csv
import datetime
import json
import os
import re
import subprocess
import sys
import tempfile

try:
    import parsezeeklogs
except ImportError:
    parsezeeklogs = None

KINDS = {"syn": 1, "syn+ack": 2, "uptime": 3}
MATCHES = {"none": 0, "exact": 1, "generic": 2, "fuzzy": 3, "fuzzy generic": 4}
RELIABILITIES = {"unknown": 0, "one line": 1, "single connection": 2, "randomised": 3}
QUIRKS = "df id+ id- ecn 0+ flow seq- ack+ ack- uptr+ urgf+ pushf+ ts1- ts2+ opt+ exws bad".split()
FLAGS = "retransmission truncated tunnelled fragment tool random_ttl excess_distance syn_not_seen mtu_saturated sampled".split()
TUNNELS = ("none gre ip-in-ip 6in4 4in6 vxlan vxlan-gpe geneve gtp-u teredo erspan ah capwap l2tp lisp ethernet-in-ip "
           "mpls-in-ip tzsp ayiya sflow").split()

# IPFIX element: its name in tcp_fp of the JSON formats, in CSV, in the Zeek log. None: the format lacks the element.
FIELDS = {
    "tcpSignature": ("signature", "signature", "signature"),
    "osLabel": ("os", "os_label", "os"),
    "osClass": ("class", "os_class", "os_class"),
    "osFamily": ("family", "os_family", "os_family"),
    "osFlavor": ("flavor", "os_flavor", "os_flavor"),
    "osLabelId": ("label_id", "os_label_id", None),
    "osMatchKind": ("match", "os_match_kind", "match"),
    "osMatchQuality": ("quality", "os_match_quality", "quality"),
    "osCandidateCount": ("candidates", "os_candidate_count", "candidates"),
    "hopDistance": ("distance", "hop_distance", "distance"),
    "initialTtl": ("initial_ttl", "initial_ttl", "initial_ttl"),
    "linkMtu": ("mtu", "link_mtu", "mtu"),
    "linkLabel": ("link", "link_label", "link"),
    "tcpOptionLayout": ("options", "tcp_option_layout", "options"),
    "tcpQuirks": ("quirks", "tcp_quirks", "quirks"),
    "ipTTL": ("ttl", "ip_ttl", "ttl"),
    "ipClassOfService": ("tos", "ip_class_of_service", "tos"),
    "octetDeltaCount": ("ip_length", "ip_length", "ip_len"),
    "fragmentIdentification": ("ip_id", None, None),
    "flowLabelIPv6": ("flow_label", None, None),
    "tcpControlBits": ("tcp_flags", "tcp_flags", "tcp_flags"),
    "tcpWindowSize": ("window", "tcp_window_size", "window"),
    "tcpSequenceNumber": ("seq", "tcp_sequence_number", None),
    "tcpAcknowledgementNumber": ("ack", "tcp_acknowledgement_number", None),
    "tcpUrgentPointer": ("urgent_pointer", None, None),
    "tcpMaximumSegmentSize": ("mss", "tcp_mss", "mss"),
    "tcpWindowScale": ("window_scale", "tcp_window_scale", "window_scale"),
    "tcpPayloadLength": ("payload_length", "tcp_payload_length", "payload_len"),
    "tcpTimestampValue": ("ts_value", "tcp_timestamp_value", "ts_value"),
    "tcpTimestampEcho": ("ts_echo", "tcp_timestamp_echo", "ts_echo"),
    "observationFlags": ("flags", "observation_flags", "flags"),
}
UPTIME = {
    "timestampFrequency": ("frequency", "timestamp_frequency", "frequency"),
    "timestampFrequencyMeasured": ("frequency_measured", "timestamp_frequency_measured", "frequency_measured"),
    "systemUptime": ("uptime", "system_uptime", "uptime"),
    "systemUptimeModulus": ("modulus", "system_uptime_modulus", "uptime_modulus"),
    "systemUptimeReliability": ("reliability", "system_uptime_reliability", "uptime_reliability"),
    "tcpTimestampValue": ("ts_value", "tcp_timestamp_value", "ts_value"),
    "tcpTimestampEcho": ("ts_echo", "tcp_timestamp_echo", "ts_echo"),
    "observationFlags": ("flags", "observation_flags", "flags"),
}


def bits(names, value):
    words = value.split(",") if isinstance(value, str) else value
    return sum(1 << names.index(word) for word in words or [] if word)


CONVERT = {
    "osMatchKind": lambda value: MATCHES.get(value, value),
    "tcpQuirks": lambda value: bits(QUIRKS, value),
    "observationFlags": lambda value: bits(FLAGS, value),
    "encapsulationKind": lambda value: TUNNELS.index(value) if value in TUNNELS else value,
    "systemUptimeReliability": lambda value: RELIABILITIES.get(value, value),
    "timestampFrequencyMeasured": lambda value: round(float(value or 0) * 100),
    "tcpOptionLayout": lambda value: ",".join(value) if isinstance(value, list) else value,
}


def normal(value):
    """IPFIX encodes an absent value as 0 or `?`; the other formats omit it."""
    return "" if value in (None, 0, 0.0, "0", "?", "???", "") else str(value)


def milliseconds(text):
    """Converts a UTC time with any number of decimals and the suffix `Z` or `+0000` to whole milliseconds."""
    seconds, rest = re.fullmatch(r"(.{19})(?:\.(\d+))?(?:Z|\+0000)", text).groups()
    moment = datetime.datetime.fromisoformat(seconds).replace(tzinfo=datetime.timezone.utc)
    return int(moment.timestamp()) * 1000 + int((rest or "0").ljust(3, "0")[:3])


def choose(uptime, column, values):
    """The values of a record, by names of IPFIX elements."""
    chosen = {}
    for element, places in (UPTIME if uptime else FIELDS).items():
        if places[column] is not None:
            value = values.get(places[column])
            chosen[element] = CONVERT.get(element, lambda same: same)(value)
    return chosen


def from_ipfix(record):
    version = "IPv6" if "sourceIPv6Address" in record else "IPv4"
    chosen = dict(record)
    chosen["source"], chosen["destination"] = record[f"source{version}Address"], record[f"destination{version}Address"]
    chosen["time"] = milliseconds(record["flowStartMilliseconds"])
    outer = "IPv6" if "outerSourceIPv6Address" in record else "IPv4"
    chosen["outerSource"] = record.get(f"outerSource{outer}Address")
    return chosen


def jq(path):
    """The JSON lines of a file, parsed by jq."""
    text = subprocess.run(["jq", "-c", ".", path], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in text.splitlines()]


def from_json_inner(event):
    inner = event.get("tcp_fp", event.get("tcp_uptime"))
    chosen = choose("tcp_uptime" in event, 0, inner)
    tunnel = inner.get("tunnel", {})
    chosen["encapsulationKind"] = CONVERT["encapsulationKind"](tunnel.get("kind"))
    chosen["encapsulationId"], chosen["outerSource"] = tunnel.get("id"), tunnel.get("src_ip")
    chosen["dot1qVlanId"] = (inner.get("vlan") or [0])[0]
    chosen["observationKind"] = KINDS.get(inner.get("kind"), 3)
    return chosen


def read_eve(path):
    for event in jq(path):
        chosen = from_json_inner(event)
        chosen.update(source=event["src_ip"], destination=event["dest_ip"], time=milliseconds(event["timestamp"]),
                      sourceTransportPort=event["src_port"], destinationTransportPort=event["dest_port"],
                      flowId=event["pcap_cnt"], ipVersion=event["ip_v"])
        yield chosen


def read_ecs(path):
    for event in jq(path):
        chosen = from_json_inner(event)
        host = event["host"]
        assert host["ip"] == [event["source"]["ip"]] and event["network"]["transport"] == "tcp", event
        if "os" in host:
            assert (host["os"]["full"], host["os"]["name"]) == (event["tcp_fp"]["os"], event["tcp_fp"]["family"]), event
        chosen.update(source=event["source"]["ip"], destination=event["destination"]["ip"],
                      time=milliseconds(event["@timestamp"]), sourceTransportPort=event["source"]["port"],
                      destinationTransportPort=event["destination"]["port"], flowId=event["event"]["sequence"],
                      ipVersion={"ipv4": 4, "ipv6": 6}[event["network"]["type"]])
        yield chosen


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            chosen = choose(row["kind"] == "uptime", 1, row)
            chosen.update(source=row["source_address"], destination=row["destination_address"],
                          time=milliseconds(row["time"]), sourceTransportPort=row["source_port"],
                          destinationTransportPort=row["destination_port"], flowId=row["packet_number"],
                          observationKind=KINDS[row["kind"]], encapsulationId=row["encapsulation_id"],
                          encapsulationKind=CONVERT["encapsulationKind"](row["encapsulation_kind"]),
                          dot1qVlanId=row["vlan_id"])
            yield chosen


def zeek_rows(path):
    if parsezeeklogs is not None:
        return list(parsezeeklogs.read_zeek(path))
    names, rows = [], []
    with open(path, encoding="utf-8") as file:
        for line in file:
            parts = line.rstrip("\n").split("\t")
            if parts[0] == "#fields":
                names = parts[1:]
            elif not line.startswith("#"):
                assert len(parts) == len(names), line
                rows.append({name: {"-": "", "(empty)": ""}.get(part, part) for name, part in zip(names, parts)})
    return rows


def read_zeek(path):
    for row in zeek_rows(path):
        server = row["is_resp"] in ("T", True)
        source, destination = ("resp", "orig") if server else ("orig", "resp")
        chosen = choose(row["kind"] == "uptime", 2, row)
        time = row["ts"] if not isinstance(row["ts"], datetime.datetime) else row["ts"].timestamp()
        chosen.update(source=row[f"id.{source}_h"], destination=row[f"id.{destination}_h"],
                      time=int(round(float(time) * 1e6)) // 1000,
                      sourceTransportPort=row[f"id.{source}_p"], destinationTransportPort=row[f"id.{destination}_p"],
                      observationKind=KINDS[row["kind"]], encapsulationId=row.get("tunnel_id"),
                      encapsulationKind=CONVERT["encapsulationKind"](row.get("tunnel")), dot1qVlanId=row.get("vlan"))
        yield chosen


def read_p0f(path):
    """p0f's log: a line for each observation, then one for its MTU if known."""
    last = None
    with open(path, encoding="utf-8") as file:
        for line in file:
            when, facts = re.fullmatch(r"\[(.{19})\] (.*)\n", line).groups()
            facts = dict(fact.split("=", 1) for fact in facts.split("|"))
            if facts["mod"] == "mtu":
                last["linkMtu"], last["linkLabel"] = facts["raw_mtu"], facts["link"]
                continue
            if last:
                yield last
            source, port = facts[facts["subj"]].rsplit("/", 1)
            last = {"sourceTransportPort": port, "seconds": when, "observationKind": KINDS[facts["mod"]]}
            if ":" not in source:
                last["source"] = source
            if facts["mod"] == "uptime":
                last["timestampFrequencyMeasured"] = CONVERT["timestampFrequencyMeasured"](facts["raw_freq"].split()[0])
            else:
                last.update(osLabel=facts.get("os", facts.get("app")), hopDistance=facts["dist"], tcpSignature=facts["raw_sig"])
    if last:
        yield last


READERS = {"json": read_eve, "eve": read_eve, "ecs": read_ecs, "csv": read_csv, "zeek": read_zeek, "p0f": read_p0f}


def compare(directory, errors):
    records = [from_ipfix(record) for record in jq(directory + "/dump") if "observationKind" in record]
    compared = 0
    for sink, reader in READERS.items():
        others = list(reader(f"{directory}/{sink}"))
        if len(others) != len(records):
            errors.append(f"{sink}: {len(others)} records, IPFIX has {len(records)}")
            continue
        for record, other in zip(records, others):
            record["seconds"] = datetime.datetime.fromtimestamp(
                record["time"] // 1000, datetime.timezone.utc).strftime("%Y/%m/%d %H:%M:%S")
            for element, value in other.items():
                if element == "octetDeltaCount" and record["observationKind"] == 3:
                    continue
                compared += 1
                if normal(record.get(element)) != normal(value):
                    errors.append(f"{sink}: packet {record['flowId']}: {element} is {normal(record.get(element))}, "
                                  f"{normal(value)}")
    return len(records), compared


def main():
    synfix, captures = sys.argv[1], sys.argv[2:]
    errors, count, compared = [], 0, 0
    if subprocess.run(["sh", "-c", "command -v jq"], capture_output=True).returncode != 0:
        print("skipped: no jq; install the package jq")
        return 77
    for capture in captures:
        with tempfile.TemporaryDirectory() as directory:
            command = [synfix, "read", capture, "--to", f"file:{directory}/ipfix"]
            for name in READERS:
                command += ["--to", f"{name}:{directory}/{name}"]
            subprocess.run(command, check=True, capture_output=True, env=dict(os.environ, TZ="UTC"))
            with open(directory + "/dump", "w", encoding="utf-8") as dump:
                subprocess.run([synfix, "dump", directory + "/ipfix", "--format", "json"], check=True, stdout=dump)
            some = compare(directory, errors)
            count, compared = count + some[0], compared + some[1]
    print(f"{count} records in {len(captures)} captures, {compared} values compared, {len(errors)} differences"
          f" (Zeek logs read by {'parsezeeklogs' if parsezeeklogs else 'their header'})")
    for error in errors[:20]:
        print(" ", error)
    return 1 if errors or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
