#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""host_rows.py --synfix PROGRAM --collection NAME CAPTURE... > hosts.jsonl

Labelled hosts with several observations. extract.py gives the label: all evidence of an address must agree on one
family. A row contains the SYNs and SYN+ACKs of the address in order: times, signatures, IP IDs, timestamps, numbers
of peers. A row contains no addresses.
"""
import argparse
import collections
import datetime
import json
import os
import subprocess
import sys

import extract

PACKETS_MAX = 40  # packets of one host; half of them are SYNs if the host sent both kinds
LEAST = 2


def milliseconds(record):
    moment = datetime.datetime.strptime(record["timestamp"], "%Y-%m-%dT%H:%M:%S.%f%z")
    return round(moment.timestamp() * 1000)


class Host:
    """The observations and the claims of one address."""

    def __init__(self):
        self.observations = []
        self.claims = set()
        self.doubtful = False

    def add(self, record, offered, claim, contradicted):
        fingerprint = record["tcp_fp"]
        self.doubtful = self.doubtful or contradicted
        if claim:
            self.claims.add(claim)
            self.doubtful = self.doubtful or extract.implausible(claim, fingerprint)
        self.observations.append((milliseconds(record), record, offered))

    def label(self):
        """The claim with a version, or None if the evidence does not agree."""
        families = {extract.family(claim) for claim in self.claims}
        if self.doubtful or len(families) != 1:
            return None
        return max(self.claims, key=lambda claim: (claim.trust == "high", len(claim.version), claim))


def hosts_of(synfix, capture):
    """{address: Host} of a capture."""
    records = list(extract.observations(synfix, capture))
    hosts = collections.defaultdict(Host)
    senders = collections.Counter(record["src_ip"] for record in records)
    if not senders or max(senders.values()) < LEAST:
        return hosts
    found, frames = extract.frames_of(capture, records)
    for record, offered, _row, claim, contradicted in extract.claimed_records(records, frames, found):
        hosts[record["src_ip"]].add(record, offered, claim, contradicted)
    return hosts


def kept(observations):
    """The first observations of both directions."""
    by_kind = collections.defaultdict(list)
    for one in sorted(observations, key=lambda one: one[0]):
        by_kind[one[1]["tcp_fp"]["kind"]].append(one)
    share = PACKETS_MAX // max(1, len(by_kind))
    return sorted((one for kind in by_kind.values() for one in kind[:share]), key=lambda one: one[0])


def packets_of(observations):
    """(signatures, packets): [ms, number of the signature, IP ID, timestamp, peer, source port, destination port]."""
    signatures, peers, packets = {}, {}, []
    start = observations[0][0]
    for time, record, offered in observations:
        fingerprint = record["tcp_fp"]
        flags = 18 if fingerprint["kind"] == "syn+ack" else 2
        signature = (flags, fingerprint["signature"], fingerprint["window"], offered or "")
        packets.append([time - start, signatures.setdefault(signature, len(signatures)), fingerprint.get("ip_id", 0),
                        fingerprint.get("ts_value", 0), peers.setdefault(record["dest_ip"], len(peers)),
                        record["src_port"], record["dest_port"]])
    return [list(one) for one in signatures], packets


def to_row(host, claim, source):
    signatures, packets = packets_of(kept(host.observations))
    return {"source": source, "os": claim.os, "os_version": claim.version, "label_src": claim.source,
            "trust": claim.trust, "signatures": signatures, "packets": packets}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--synfix", required=True)
    parser.add_argument("--collection", required=True)
    parser.add_argument("captures", nargs="+")
    arguments = parser.parse_args()
    for capture in arguments.captures:
        try:
            hosts = hosts_of(arguments.synfix, capture)
        except (subprocess.TimeoutExpired, ValueError) as error:
            print(f"{capture}: {error}", file=sys.stderr)
            continue
        for host in hosts.values():
            claim = host.label()
            if claim and len(host.observations) >= LEAST:
                row = to_row(host, claim, f"{arguments.collection}/{os.path.basename(capture)}")
                sys.stdout.write(json.dumps(row, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
