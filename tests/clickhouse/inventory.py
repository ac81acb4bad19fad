#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""inventory.py PROGRAM SOURCE: the tables of conf/clickhouse in ClickHouse (chdb, in this process) with the JSON
lines of the captures of tests/data as input. The view synfix.inventory equals `synfix hosts`; the other views equal
results that are computed from the JSON lines."""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    from chdb import session
except ImportError:
    print("skipped: no chdb; pip install chdb")
    sys.exit(77)

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
CAPTURES = sorted(path for path in (SOURCE / "tests/data").iterdir() if ".pcap" in path.name)
problems = 0


def complain(text):
    global problems
    print("FAILED:", text)
    problems += 1


def run(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def statements(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("--")]
    return [text for text in "\n".join(lines).split(";\n") if text.strip(" ;\n")]


def rows(database, query):
    return [json.loads(line) for line in str(database.query(query, "JSONEachRow")).splitlines()]


def load(database, lines):
    for path in sorted((SOURCE / "conf/clickhouse").glob("0*.sql")):
        for text in statements(path):
            database.query(text)
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.writelines(lines)
        file.flush()
        database.query("INSERT INTO synfix.lines SELECT line FROM "
                       f"file('{file.name}', 'LineAsString', 'line String')")


def key_of_host(host):
    vlan = tuple(host[name] for name in ("vlan", "customer_vlan") if name in host)
    return host["address"], host["role"], vlan, host.get("tunnel", ""), host.get("tunnel_id", 0)


def key_of_row(row):
    return row["address"], row["role"], tuple(row["vlan"]), row["tunnel"], int(row["tunnel_id"])


def most_observed(counts):
    return min(counts, key=lambda label: (-counts[label], "" if label == "?" else label), default="?")


def compare_inventory(database):
    ours = {}
    for line in run("hosts", "--format", "json", *CAPTURES).splitlines():
        host = json.loads(line)
        ours[key_of_host(host)] = host
    theirs = {key_of_row(row): row for row in rows(database, "SELECT * FROM synfix.inventory")}
    if ours.keys() != theirs.keys():
        complain(f"hosts differ: {sorted(ours.keys() ^ theirs.keys())}")
    if len(ours) < 10:
        complain(f"only {len(ours)} hosts to compare")
    for name in ours.keys() & theirs.keys():
        host, row = ours[name], theirs[name]
        counts = {label or "?": int(count) for label, count in row["label_counts"].items()}
        pairs = [("observations", host["observations"], int(row["seen"])),
                 ("labels", host["labels"], counts),
                 ("label", most_observed(host["labels"]), row["label"] or "?"),
                 ("first_seen", host["first_seen"], row["first"][:19]),
                 ("last_seen", host["last_seen"], row["last"][:19]),
                 ("tool", host["tool"], bool(row["is_tool"]))]
        for what, left, right in pairs:
            if left != right:
                complain(f"{name}: {what}: synfix hosts {left!r}, the view {right!r}")


def compare_events(database, events):
    wanted = [event for event in events if event["event_type"] in ("tcp_fp", "tcp_uptime")]
    found = rows(database, "SELECT * FROM synfix.events ORDER BY time, address, port, kind")
    if len(found) != len(wanted):
        complain(f"{len(found)} rows of {len(wanted)} events")
    left = collections.Counter((e["src_ip"], e["src_port"], e.get("tcp_fp", {}).get("signature", ""),
                                e.get("tcp_uptime", {}).get("uptime")) for e in wanted)
    right = collections.Counter((r["address"], r["port"], r["signature"],
                                 None if r["uptime"] is None else int(r["uptime"])) for r in found)
    if left != right:
        complain(f"events differ: {list((left - right).items())[:3]} {list((right - left).items())[:3]}")


def compare_families(database, events):
    wanted = collections.Counter()
    hosts = collections.defaultdict(set)
    for event in events:
        fp = event.get("tcp_fp")
        if fp:
            name = (event["timestamp"][:13].replace("T", " ") + ":00:00",
                    "unknown" if fp["match"] == "none" else fp["family"],
                    "client" if fp["kind"] == "syn" else "server")
            wanted[name] += 1
            hosts[name].add(event["src_ip"])
    found = {(r["hour"], r["family"], r["role"]): (int(r["seen"]), int(r["distinct_hosts"]))
             for r in rows(database, "SELECT * FROM synfix.families_per_hour")}
    if found != {name: (count, len(hosts[name])) for name, count in wanted.items()}:
        complain(f"families per hour: {found} {wanted}")


def compare_changes(database, events):
    last, wanted = {}, []
    for event in sorted((e for e in events if "tcp_fp" in e), key=lambda e: (e["timestamp"], e["pcap_cnt"])):
        fp = event["tcp_fp"]
        name = (event["src_ip"], fp["kind"], tuple(fp.get("vlan", ())), fp.get("tunnel", {}).get("kind", ""))
        if fp["match"] != "none":
            if last.get(name, fp["os"]) != fp["os"]:
                wanted.append((event["src_ip"], last[name], fp["os"]))
            last[name] = fp["os"]
    found = [(r["address"], r["before"], r["after"]) for r in rows(database, "SELECT * FROM synfix.changes")]
    if sorted(found) != sorted(wanted):
        complain(f"changes: {sorted(found)} {sorted(wanted)}")
    return len(wanted)


# a host with a change: one address, another system in a later capture
def changed_lines(lines):
    made = []
    for line in lines[:40]:
        event = json.loads(line)
        if "tcp_fp" in event and event["tcp_fp"]["match"] != "none":
            event["src_ip"] = "198.51.100.7"
            made.append(json.dumps(event) + "\n")
    return made


def compare_host_changes(database, events):
    wanted = sorted(e["src_ip"] for e in events if e["event_type"] == "tcp_host_change")
    found = sorted(r["address"] for r in rows(database, "SELECT * FROM synfix.host_changes"))
    if found != wanted:
        complain(f"records of changes: {found} {wanted}")
    return len(wanted)


def main():
    # one run for all captures: hosts keep their clocks from one capture to the next
    lines = run("read", "--quiet", "--host-changes", *CAPTURES, "--to", "json:-").splitlines(keepends=True)
    with tempfile.TemporaryDirectory() as directory:
        database = session.Session(directory + "/one")
        load(database, lines + ["no json\n", '{"event_type":"flow"}\n'])
        events = [json.loads(line) for line in lines]
        compare_inventory(database)
        compare_events(database, events)
        compare_families(database, events)
        compare_changes(database, events)
        more = changed_lines(lines)
        database.query("INSERT INTO synfix.lines FORMAT JSONAsString " + "".join(more))
        if compare_changes(database, events + [json.loads(line) for line in more]) == 0:
            complain("no change to compare")
        compare_host_changes(database, events)
        database.close()
    sys.exit(1 if problems else 0)


main()
