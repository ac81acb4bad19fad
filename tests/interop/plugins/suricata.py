#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""suricata.py PROGRAM SOURCE ROOT: the plug-in of plugins/suricata in Suricata 8 (suricata_host.py).

Compares every field of tcp_fp and tcp_uptime with the program; then checks rules, records, settings, Redis,
unix-socket mode, and a live interface with rotation and reload. Skipped (77) without Suricata;
SYNFIX_INTEROP_ROOTS=yes makes ROOT first."""
import collections
import glob
import os
import re
import shutil
import sys

sys.dont_write_bytecode = True
import fragments
import handshakes
import suricata_differences
import suricata_layout
import suricata_live
from suricata_host import Host, counted

RULES = """alert tcp any any -> any any (msg:"os"; synfix.os:"Linux*"; sid:1;)
alert tcp any any -> any any (msg:"family"; synfix.family:"linux"; synfix.quality:>=50; sid:2;)
alert tcp any any -> any any (msg:"quality"; synfix.quality:>=101; sid:3;)
alert tcp any any -> any any (msg:"distance"; synfix.dist:<10; sid:4;)
alert tcp any any -> any any (msg:"signature"; synfix.signature; content:"mss,sok,ts"; sid:5;)
alert http any any -> any any (msg:"http"; http.method; content:"GET"; synfix.family:"Linux"; sid:6;)
alert tcp any any -> any any (msg:"not"; synfix.family:!"Linux"; sid:7;)
alert tcp any any -> any any (msg:"server"; flow:established,to_server; synfix.os:server,"Linux*"; content:"GET"; sid:8;)
alert tcp any any -> any any (msg:"side not"; flow:established,to_server; synfix.os: client , !"*\\;*"; content:"GET"; sid:9;)
alert tcp any any -> any any (msg:"no set"; synfix.family:"[L]inux"; sid:10;)
"""

# Invalid values, and the message about each.
WRONG_RULES = (
    ("tcp", "synfix.quality:high", "synfix.quality: 'high'"), ("tcp", "synfix.quality:>255", "some values fail"),
    ("tcp", "synfix.quality:server,", "synfix.quality: 'server,'"), ("tcp", "synfix.dist:-1", "synfix.dist: '-1'"),
    ("tcp", "synfix.dist:300", "0 to 255"), ("tcp", "synfix.os", "synfix.os"), ("tcp", 'synfix.os:""', "synfix.os"),
    ("tcp", "synfix.os:client,", "the name is empty"), ("tcp", 'synfix.os:"Linux', "synfix.os"),
    ("tcp", 'synfix.os:server,"Linux', "quotation mark"), ("tcp", 'synfix.family:"Linux\\"', "backslash"),
    ("udp", 'synfix.os:"Linux"', "not about TCP"), ("udp", "synfix.quality:1", "not about TCP"),
    ("udp", 'synfix.signature; content:"x"', "not about TCP"), ("tcp", 'synfix.signature:"x"', "synfix.signature"),
    ("tcp", 'synfix.name:"x"', "unknown rule keyword"),
)


def every_field_is_that_of_the_program(host, captures):
    total = 0
    for capture in captures:
        found = host.read(os.path.basename(capture))
        host.agrees_with_schema(found)
        total += host.compare(f"single {os.path.basename(capture)}", counted(found), host.of_program(capture))
    host.check(total > 90, f"only {total} events were compared")
    return total


def types_with_options(host):
    """A type with options is a key of suricata.yaml, in which Suricata reads `_` as `-`."""
    expected = host.of_program(host.inside("web.pcap"))
    for on, off in (("tcp_fp", "tcp_uptime"), ("tcp-uptime", "tcp-fp")):
        host.configuration("types.yaml", types=(f"{on}: {{enabled: yes}}", f"{off}: {{enabled: no}}"))
        kind = f'"event_type": "{on.replace("-", "_")}"'
        host.compare(f"{on} as a key", counted(host.read("web.pcap", config="types.yaml")),
                     collections.Counter({text: count for text, count in expected.items() if kind in text}))


def tls_records(host):
    if not shutil.which("openssl"):
        print("not checked: tls records (no openssl)")
        return
    handshakes.tls_capture(host.inside("tls.pcap"))
    host.configuration("tls.yaml", types=("tls", "tcp_fp"))
    host.read("tls.pcap", config="tls.yaml")
    records = host.events(kinds=("tls",))
    host.check(len(records) == 1, f"tls: {len(records)} records")
    for record in records:
        host.check(record["tcp_fp"]["client"]["family"] == "Linux" and "server" in record["tcp_fp"], f"tls: {record['tcp_fp']}")


def rules_and_records(host):
    handshakes.http_capture(host.inside("http.pcap"))
    with open(host.inside("test.rules"), "w", encoding="utf-8") as file:
        file.write(RULES)
    host.read("http.pcap", rules=f"{host.work}/test.rules")
    alerts = collections.Counter(event["alert"]["signature"] for event in host.events(kinds=("alert",)))
    host.check(alerts == {"os": 2, "family": 2, "distance": 2, "signature": 2, "http": 1, "server": 1, "side not": 1}, f"alerts: {dict(alerts)}")
    for kind in ("flow", "http", "alert"):
        records = host.events(kinds=(kind,))
        host.check(records and all(set(record["tcp_fp"]) <= {"client", "server"} for record in records), f"{kind}: no tcp_fp")
        host.agrees_with_schema([record["tcp_fp"] for record in records], "senders")
    flow = host.events(kinds=("flow",))[0]["tcp_fp"]
    prints = {event["tcp_fp"]["kind"]: event for event in host.events(kinds=("tcp_fp",))}
    for side, kind in (("client", "syn"), ("server", "syn+ack")):
        host.check(flow[side]["family"] == "Linux" and flow[side]["quality"] > 0, f"flow: {flow}")
        inner = prints[kind]["tcp_fp"]
        host.check(all(inner[key] == value for key, value in flow[side].items()), f"{side}: {flow[side]} is not {inner}")
    host.check(len({event["flow_id"] for event in host.events(kinds=("flow", "tcp_fp", "http", "alert"))}) == 1, "flow_id differs")
    stats = host.events(kinds=("stats",))[-1]["stats"]["synfix"]
    host.check(stats["syn"] == 1 and stats["syn_ack"] == 1 and stats["matched"] == 2, f"stats: {stats}")


def windows_with_a_quality(host):
    """One alert for each SYN and SYN+ACK that the program matches with this quality."""
    is_match = lambda inner: inner.get("family") == "Windows" and inner["quality"] >= 80
    expected = sorted(event["src_port"] for event in host.program_events(host.inside("mixed.pcap")) if is_match(event.get("tcp_fp", {})))
    with open(host.inside("windows.rules"), "w", encoding="utf-8") as file:
        file.write('alert tcp any any -> any any (msg:"x"; synfix.family:"Windows"; synfix.quality:>=80; sid:1;)\n')
    host.read("mixed.pcap", rules=f"{host.work}/windows.rules")
    alerts = host.events(kinds=("alert",))
    host.check(expected and sorted(event["src_port"] for event in alerts) == expected, f"Windows: {len(alerts)} alerts, not {len(expected)}")
    matching = all(any(map(is_match, event["tcp_fp"].values())) for event in alerts)
    host.check(matching, "Windows: an alert has another sender")


def evictions_are_counted(host):
    """Evictions are counted, also of the clocks that the threads of autofp share. In that mode, the samples of
    additional hosts come before the end of the capture."""
    host.configuration("small.yaml", "  hosts: 1024\n  handshakes: 1024")
    for mode, waiting in (("single", 0), ("autofp", 65536)):
        fragments.many_hosts(host.inside("hosts.pcap"), waiting + 6000)
        done = host.suricata("-r", f"{host.work}/hosts.pcap", "--runmode", mode, config="small.yaml")
        stats = host.events(kinds=("stats",))[-1]["stats"]["synfix"]
        host.check(done.returncode == 0 and 3000 < stats["hosts_evicted"] < 6000 and stats["handshakes_evicted"] > 0,
                   f"{mode}: evictions: {stats}")


def wrong_configuration(host, settings):
    host.configuration("wrong.yaml")
    with open(host.inside("wrong.yaml"), encoding="utf-8") as file:
        text = re.sub(r"(?m)^  database: .*\n", settings + "\n", file.read())
    with open(host.inside("wrong.yaml"), "w", encoding="utf-8") as file:
        file.write(text)


def mistakes_are_refused(host):
    table = ((f"  database: {host.work}/missing.fp", "No such file"), ("  uptime: fast", "uptime"), ("  hosts: 3", "1024"),
             ("  hots: 3", "no such setting"), ("  records: maybe", "records"), (f"  database: {host.work}/suricata.yaml", "suricata.yaml:1"))
    for settings, message in table:
        wrong_configuration(host, settings)
        for arguments in (("-T",), ("-r", f"{host.work}/http.pcap")):
            done = host.suricata(*arguments, config="wrong.yaml")
            host.check(done.returncode == 1 and message in done.stderr + done.stdout,
                       f"{settings} {arguments}: {done.returncode} {done.stderr[-200:]}")
    for protocol, value, message in WRONG_RULES:
        with open(host.inside("wrong.rules"), "w", encoding="utf-8") as file:
            file.write(f'alert {protocol} any any -> any any (msg:"x"; {value}; sid:1;)\n')
        done = host.suricata("-T", rules=f"{host.work}/wrong.rules")
        host.check(done.returncode == 1 and message in done.stderr + done.stdout, f"-T, {value}: {done.returncode} {done.stderr[-300:]}")
    host.check(host.suricata("-T", rules=f"{host.work}/test.rules").returncode == 0, "-T refuses valid rules")


def main(program, source, root):
    host = Host(program, source, root)
    captures = sorted(glob.glob(f"{source}/tests/data/*.pcap*"))
    for file in captures:
        shutil.copy(file, host.inside())
    compared = every_field_is_that_of_the_program(host, captures)
    rules_and_records(host)
    types_with_options(host)
    tls_records(host)
    windows_with_a_quality(host)
    evictions_are_counted(host)
    mistakes_are_refused(host)
    suricata_layout.other_features(host)
    suricata_differences.check(host)
    suricata_live.redis(host)
    suricata_live.unix_socket_mode(host, captures)
    if os.geteuid() == 0 and shutil.which("ip"):
        suricata_live.interface(host)
    else:
        print("not checked: a live interface (only root, with ip)")
    print(f"{compared} events compared field by field, {host.failures} failures")
    return host.failures > 0


sys.exit(main(*sys.argv[1:4]))
