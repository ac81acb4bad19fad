#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Labelled observations from captures that contain evidence of their systems. See README.md.

extract.py --synfix PROGRAM --collection NAME CAPTURE... > labelled.jsonl

tshark dissects the evidence, synfix computes the signatures. Each distinct observation is written once with its
count. An observation with contradictory evidence goes to --contradictions instead.
"""
import argparse
import collections
import json
import os
import re
import subprocess
import sys

import announcements
import capture_system
import client_hints
import evidence
import option_order
import service_names

SYN = "tcp.flags.syn==1"
THIRD = "(tcp.flags==0x10 && tcp.seq==1 && tcp.ack==1 && tcp.len==0)"
FIELDS = {
    "frame": "frame.number", "stream": "tcp.stream", "time": "frame.time_epoch",
    "mac": "eth.src", "maker": "eth.src.oui_resolved",
    "ip4": "ip.src", "ip6": "ipv6.src", "sport": "tcp.srcport", "flags": "tcp.flags",
    "major": "ntlmssp.version.major", "minor": "ntlmssp.version.minor", "build": "ntlmssp.version.build_number",
    "native": "smb.native_os", "dhcp": "dhcp.option.vendor_class_id", "dhcp_mac": "dhcp.hw.mac_addr",
    "agent": "http.user_agent", "server": "http.server", "ssh": "ssh.protocol",
    "browser_major": "browser.os_major", "browser_minor": "browser.os_minor",
    "cdp": "cdp.platform", "ftp": "ftp.response.arg", "smtp": "smtp.rsp.parameter",
    "enip": "enip.lir.name", "cip": "cip.id.product_name", "modbus": "modbus.object_str_value",
    "s7": "s7comm.header.rosctr", "query": "dns.qry.name", "response": "dns.flags.response",
    "sni": "tls.handshake.extensions_server_name",
    "lines": "http.request.line", "names": "http2.header.name", "values": "http2.header.value",
    **announcements.FIELDS,
}
LISTS = ("lines", "names", "values", *announcements.LISTS)  # all occurrences; other fields: the last occurrence
AGGREGATOR = "\x1f"
EVIDENCE = ("ntlmssp.version || smb.native_os || dhcp.option.vendor_class_id || http.user_agent || http.server || "
            "ssh.protocol || browser.os_major || cdp.platform || ftp.response.arg || smtp.rsp.parameter || "
            "enip.lir.name || cip.id.product_name || modbus.object_str_value || s7comm.header.rosctr==3 || "
            "(dns.qry.name && !mdns) || tls.handshake.extensions_server_name || http2.header.name || "
            f"{announcements.FILTER}")


def tshark_rows(capture):
    """One dictionary for each frame that is a SYN or contains evidence."""
    command = ["tshark", "-n", "-Nm", "-r", capture, "-Y", f"{SYN} || {THIRD} || {EVIDENCE}", "-T", "fields",
               "-E", "separator=/t", "-E", "occurrence=a", "-E", f"aggregator={AGGREGATOR}"]
    for field in FIELDS.values():
        command += ["-e", field]
    output = subprocess.run(command, capture_output=True, timeout=600).stdout.decode("utf-8", "replace")
    for line in output.splitlines():
        values = line.split("\t")
        if len(values) == len(FIELDS):
            yield {name: value.split(AGGREGATOR) if name in LISTS else value.split(AGGREGATOR)[-1]
                   for name, value in zip(FIELDS, values)}


def number(text):
    try:
        return int(text, 0)
    except ValueError:
        return -1


def frames_of(capture, records):
    """(evidence, rows of tshark by frame) of a capture."""
    found, frames = Evidence(), {}
    for row in tshark_rows(capture):
        found.add(row)
        if number(row["flags"]) & 2:
            frames[int(row["frame"])] = row
    found.add_capturing_system(capture, records)
    return found, frames


def claims_of(row):
    """The claims of a frame about its sender."""
    if row["build"]:
        yield evidence.windows_build(number(row["major"]), number(row["minor"]), number(row["build"]), "NTLM")
    if row["native"]:
        yield evidence.native_os(row["native"])
    if row["agent"]:
        yield evidence.user_agent(row["agent"])
    yield from client_hints.claims_of(row)
    yield from announcements.claims_of(row)
    if row["browser_major"]:
        yield evidence.browser_version(number(row["browser_major"]), number(row["browser_minor"]))
    for name in ("server", "ssh", "ftp", "smtp"):
        if row[name]:
            yield evidence.banner(row[name], f"{name} banner")
    for name in ("enip", "cip", "modbus"):
        if row[name]:
            yield evidence.Claim("embedded", row[name][:40], f"{name} identity", "medium")
    if row["sni"]:
        yield service_names.claim_of(row["sni"])
    if row["query"] and row["response"] in ("0", "False"):
        yield service_names.claim_of(row["query"])
    if row["s7"] and row["sport"] == "102":
        yield evidence.Claim("embedded", "S7 protocol", "S7 server", "medium")


FAMILIES = {"Android": "Linux", "macOS": "Apple", "iOS": "Apple", "ChromeOS": "Linux"}


def family(claim):
    return FAMILIES.get(claim.os, claim.os)


def real_mac(mac):
    """Whether a vendor assigned the address: neither empty nor synthetic (RFC 7042 2.1). Programs that rewrite
    captures count from 00:00:00:00:00:01, in the ten blocks that Xerox has held since before the registry existed."""
    return bool(mac) and not re.match(r"00:00:00:00|00:00:0\d", mac) and not int(mac[:2], 16) & 3


class Evidence:
    """The claims of one capture: by flow and sender, by address, and by MAC address."""

    def __init__(self):
        self.flows = collections.defaultdict(set)
        self.ports = collections.defaultdict(set)
        self.hosts = collections.defaultdict(set)
        self.macs = collections.defaultdict(set)
        self.neighbours = collections.defaultdict(set)
        self.addresses = collections.defaultdict(set)
        self.completed = set()
        self.resolvers = set()

    def add(self, row):
        sender = row["ip4"] or row["ip6"]
        if number(row["flags"]) & 0x12 == 0x10:
            self.completed.add(row["stream"])
        if row["dhcp"] and row["dhcp_mac"]:
            claim = evidence.dhcp_vendor_class(row["dhcp"])
            if claim:
                self.macs[row["dhcp_mac"]].add(claim)
        if row["response"] in ("1", "True"):
            self.resolvers.add(sender)
        claim = announcements.neighbour(row)
        if claim and row["mac"]:
            self.neighbours[row["mac"]].add(claim)
        for claim in claims_of(row):
            if claim is None or not sender:
                continue
            self.flows[row["stream"], sender].add(claim)
            self.ports[sender, row["sport"]].add(claim)
            self.hosts[sender].add(claim)
        if row["mac"] and row["ip4"] and not re.match(r"0\.0\.0\.0$|169\.254\.", row["ip4"]):
            self.addresses[row["mac"]].add(sender)

    def add_capturing_system(self, capture, records):
        """The system that made the capture, if its address is unambiguous."""
        claim = capture_system.claim_of(capture)
        if claim:
            for address in capture_system.local_addresses(records, TTL_CLASS[claim.os]):
                self.hosts[address].add(claim)

    def judge(self, row, fingerprint):
        """settle() for a SYN or SYN+ACK. An incomplete connection may come from a scanner."""
        near, claims = self.of(row, direct(fingerprint))
        if fingerprint["kind"] == "syn" and row["stream"] not in self.completed:
            claims = near
        best, contradicted = settle(near, claims)
        return best, contradicted or capture_system.speaks_for_another(best, row["maker"])

    def of(self, row, direct):
        """Claims for a SYN or SYN+ACK, from the closest known source: flow, port, host, MAC address."""
        sender = row["ip4"] or row["ip6"]
        near = self.flows.get((row["stream"], sender)) or self.ports.get((sender, row["sport"])) or set()
        claims = set(near) | set(self.hosts.get(sender, ()))
        if direct:
            claims |= self.neighbours.get(row["mac"], set())
            claims |= {claim for claim in [announcements.exchanges_routes(row)] if claim}
        if direct and real_mac(row["mac"]) and len(self.addresses[row["mac"]]) <= 1:
            claims |= self.macs.get(row["mac"], set())
            made_by = evidence.maker(row["maker"]) if row["maker"] else None
            if made_by:
                claims.add(made_by)
        if sender in self.resolvers:
            near = {claim for claim in near if not service_names.is_source(claim)}
            claims = {claim for claim in claims if not service_names.is_source(claim)}
        return near, claims


def settle(near, claims):
    """(claim, contradiction): the accepted claim or None, and whether other claims contradict it."""
    systems = {claim for claim in claims if claim.os != "embedded"}
    for group in ([c for c in systems if c.trust == "high"], [c for c in near if c in systems], list(systems),
                  list(claims)):
        families = {family(claim) for claim in group}
        if len(families) == 1:
            best = max(group, key=lambda claim: (claim.trust == "high", len(claim.version), claim))
            against = {family(claim) for claim in systems} - families
            return best, bool(against)
        if len(families) > 1:
            return None, True
    return None, False


def observations(synfix, capture):
    output = subprocess.run([synfix, "read", capture, "--to", "json:-"], capture_output=True, timeout=600).stdout
    for line in output.decode("utf-8", "replace").splitlines():
        record = json.loads(line)
        if record.get("tcp_fp", {}).get("signature"):
            yield record


def direct(fingerprint):
    """Whether no router is in between, so that the MAC address is the sender's. BGP uses a TTL of 1 between
    neighbours."""
    return fingerprint["ttl"] in (1, 30, 32, 64, 128, 255)


# The initial TTL of systems with rarely changed settings. With another TTL, another device on the path answers for
# the system, or the text with the name of the system is wrong.
TTL_CLASS = {"Windows": 128, "Linux": 64, "Android": 64, "macOS": 64, "iOS": 64, "Apple": 64, "FreeBSD": 64,
             "OpenBSD": 64, "NetBSD": 64, "PlayStation": 64}


SCAPY_WINDOW = 8192  # window of scapy's SYN without options, frequent in test captures


def implausible(claim, fingerprint):
    """Whether the packet contradicts the claim: a program generated it, or another device on the path sent it."""
    if not fingerprint["options"] and (claim.os in TTL_CLASS or fingerprint.get("window") == SCAPY_WINDOW):
        return True
    if not option_order.possible(claim.os, fingerprint["signature"]):
        return True
    initial = next(limit for limit in (32, 64, 128, 255) if fingerprint["ttl"] <= limit)
    return initial != TTL_CLASS.get(claim.os, initial)


def to_row(record, offered, claim, row, collection, capture):
    fingerprint = record["tcp_fp"]
    return {
        "source": f"{collection}/{os.path.basename(capture)}", "year": int(float(row["time"] or 0)) // 31556952 + 1970,
        "os": claim.os, "os_version": claim.version, "label_src": claim.source, "trust": claim.trust,
        "flags": 18 if fingerprint["kind"] == "syn+ack" else 2,
        "p0f_raw": fingerprint["signature"], "win": fingerprint["window"],
        "syn_layout": offered, "ts_val": fingerprint.get("ts_value"), "maker": row["maker"],
    }


def claimed_records(records, frames, found):
    """(record, options of its SYN, frame, claim, whether the evidence is contradictory), for records with a frame."""
    offers = {}
    for record in records:
        ends = (record["src_ip"], record["src_port"], record["dest_ip"], record["dest_port"])
        fingerprint = record["tcp_fp"]
        offered = None
        if fingerprint["kind"] == "syn":
            offers[ends] = fingerprint["options"]
        else:
            offered = offers.get(ends[2:] + ends[:2])
        row = frames.get(record["pcap_cnt"])
        if row is None:
            continue
        gateway = evidence.gateway(row["mac"])
        claim, contradicted = (gateway, False) if gateway else found.judge(row, fingerprint)
        yield record, offered, row, claim, contradicted


def read_capture(arguments, capture):
    """Rows and contradictions of one capture."""
    records = list(observations(arguments.synfix, capture))
    if not records:
        return
    found, frames = frames_of(capture, records)
    for record, offered, row, claim, contradicted in claimed_records(records, frames, found):
        if claim and implausible(claim, record["tcp_fp"]):
            contradicted = True
        if contradicted or claim:
            made = to_row(record, offered, claim or evidence.Claim("?", "", "", ""), row, arguments.collection, capture)
            yield made, contradicted


def key_of(row):
    return tuple(str(row[name]) for name in ("os", "os_version", "flags", "p0f_raw", "syn_layout"))


def write(path_or_stream, rows):
    for row in rows:
        path_or_stream.write(json.dumps(row) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--synfix", required=True)
    parser.add_argument("--collection", required=True)
    parser.add_argument("--contradictions")
    parser.add_argument("captures", nargs="+")
    arguments = parser.parse_args()
    good, bad = {}, {}
    for capture in arguments.captures:
        try:
            for row, contradicted in read_capture(arguments, capture):
                known = (bad if contradicted else good).setdefault(key_of(row), row)
                known["count"] = known.get("count", 0) + 1
        except (subprocess.TimeoutExpired, ValueError) as error:
            print(f"{capture}: {error}", file=sys.stderr)
    write(sys.stdout, good.values())
    if arguments.contradictions:
        with open(arguments.contradictions, "w", encoding="utf-8") as stream:
            write(stream, bad.values())


if __name__ == "__main__":
    main()
