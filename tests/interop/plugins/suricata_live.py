# SPDX-License-Identifier: MIT OR Apache-2.0
"""Suricata as a long-running process: unix-socket mode, Redis, a live interface."""
import collections
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import fragments
from suricata_host import counted
from wire import Wire


def unix_socket_mode(host, captures):
    """Many captures in one process with several threads. One capture has the same connection inside and outside of
    tunnels, which Suricata assigns to different threads: retransmissions and uptimes across threads are not
    detected."""
    host.configuration("socket.yaml", more=f"unix-command: {{enabled: yes, filename: {host.work}/command}}\nrunmode: autofp")
    process = subprocess.Popen(host.command("--unix-socket", config="socket.yaml"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        connection = connect(process, host.inside("command"))
        for index, capture in enumerate(captures * 2):
            os.makedirs(host.inside(f"log/{index}"))
            command(connection, "pcap-file", {"filename": f"{host.work}/{os.path.basename(capture)}", "output-dir": f"{host.work}/log/{index}"})
        host.wait_until(lambda: command(connection, "pcap-file-number")["message"] == 0
                        and command(connection, "pcap-current")["message"] in ("None", None), "all captures are read", 60)
        for index, capture in enumerate(captures * 2):
            found, expected = host.events(f"log/{index}/eve.json"), host.of_program(capture)
            if os.path.basename(capture) == "vxlan.pcap":
                found, expected = counted(map(without_order, found)), counted(map(without_order, host.program_events(capture)))
                expected = collections.Counter({text: count for text, count in expected.items() if "tcp_uptime" not in text})
                found = collections.Counter({text: count for text, count in found.items() if "tcp_uptime" not in text})
            else:
                found = counted(found)
            host.compare(f"unix-socket {index} {os.path.basename(capture)}", found, expected)
        command(connection, "shutdown")
        host.check(process.wait(20) == 0, "unix-socket mode: exit code")
    finally:
        process.kill()
        for index in range(len(captures) * 2):
            shutil.rmtree(host.inside(f"log/{index}"), ignore_errors=True)


def without_order(event):
    """Without the fields that depend on earlier packets."""
    inner = dict(event[event["event_type"]])
    inner["flags"] = [flag for flag in inner.get("flags", []) if flag not in ("retransmission", "syn_not_seen")]
    return {**event, event["event_type"]: inner}


def connect(process, path):
    for _ in range(300):
        if process.poll() is not None:
            sys.exit("FAILED: Suricata ended instead of opening its socket")
        try:
            connection = socket.socket(socket.AF_UNIX)
            connection.connect(path)
            connection.sendall(b'{"version": "0.2"}\n')
            connection.recv(4096)
            return connection
        except OSError:
            time.sleep(0.1)
    sys.exit("FAILED: Suricata does not open its socket")


def command(connection, name, arguments=None):
    connection.sendall((json.dumps({"command": name, **({"arguments": arguments} if arguments else {})}) + "\n").encode())
    answer = b""
    while not answer.endswith(b"\n"):
        answer += connection.recv(65536)
    return json.loads(answer)


def redis(host):
    """The events of a capture arrive in a Redis list."""
    if not shutil.which("redis-server") or not shutil.which("redis-cli"):
        print("not checked: Redis (no redis-server or redis-cli)")
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    host.configuration("redis.yaml", types=("tcp_fp", "tcp_uptime"), output=f"filetype: redis\n      redis: {{server: 127.0.0.1, port: {port}, "
                       "mode: rpush, key: eve}")
    client = ["redis-cli", "-p", str(port)]
    server = subprocess.Popen(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""], stdout=subprocess.DEVNULL)
    try:
        host.wait_until(lambda: subprocess.run([*client, "ping"], capture_output=True, text=True).stdout == "PONG\n", "Redis answers", 20)
        host.read("web.pcap", config="redis.yaml")
        lines = subprocess.run([*client, "--raw", "lrange", "eve", "0", "-1"], capture_output=True, text=True).stdout.splitlines()
        host.compare("Redis", counted(map(json.loads, lines)), host.of_program(host.inside("web.pcap")))
    finally:
        server.terminate()
        server.wait(20)


def interface(host):
    """af-packet with two workers in a network namespace: the same events as `synfix read`, HUP, reload of the
    database."""
    host.configuration("live.yaml", more=f"rule-files: [{host.work}/test.rules]\n"
                       f"unix-command: {{enabled: yes, filename: {host.work}/live-command}}\n"
                       "af-packet:\n  - interface: vb\n    threads: 2\n    cluster-id: 99\n    cluster-type: cluster_flow")
    command_line = host.command("--af-packet", "--runmode", "workers", rules=None, config="live.yaml")
    with Wire() as wire, open(host.inside("live.log"), "w", encoding="utf-8") as log:
        process = subprocess.Popen([*wire.inside, *command_line], stdout=log, stderr=subprocess.STDOUT)
        try:
            connection = connect(process, host.inside("live-command"))
            host.wait_until(lambda: command(connection, "iface-list")["message"]["count"] == 1, "the interface is open", 20)
            time.sleep(1)
            same_events(host, wire)
            vlan_tags(host, wire)
            before = rotation(host, process)
            reload_of_the_database(host, wire, connection)
            host.check(len(inner(host, "log/eve.json.1")) == before, "events went into the renamed file")
            command(connection, "shutdown")
            host.check(process.wait(30) == 0, "live: exit code")
            stats = host.events("log/eve.json", ("stats",))
            host.check(stats and stats[-1]["stats"]["synfix"]["syn"] == 27, f"stats: {stats[-1]['stats']['synfix'] if stats else None}")
        finally:
            process.kill()
            shutil.copy(f"{host.source}/sigdb/synfix.fp", host.inside("test.fp"))


def inner(host, path="log/eve.json"):
    return [json.dumps(event["tcp_fp"], sort_keys=True) for event in host.events(path, ("tcp_fp",))]


def same_events(host, wire):
    capture = host.inside("web.pcap")
    wire.send(capture)
    host.wait_until(lambda: len(inner(host)) >= 26, "26 events", 20)
    expected = collections.Counter(json.dumps(event["tcp_fp"], sort_keys=True) for event in host.program_events(capture)
                                   if event["event_type"] == "tcp_fp")
    found = collections.Counter(inner(host))
    host.check(found == expected, f"live: {sum((found & expected).values())} of {sum(expected.values())} equal")
    host.check(all(event["in_iface"] == "vb" for event in host.events()), "in_iface")


def vlan_tags(host, wire):
    fragments.tagged(host.inside("vlan.pcap"), host.inside("tagged.pcap"), 42)
    wire.send(host.inside("tagged.pcap"))
    tags = lambda: [(event.get("vlan"), event["tcp_fp"].get("vlan")) for event in host.events(kinds=("tcp_fp",)) if event.get("vlan")]
    host.wait_until(lambda: len(tags()) >= 2, "two events with tags", 20)
    host.check(tags() == [([42], [42])] * 2, f"VLANs: {tags()}")


def rotation(host, process):
    os.rename(host.inside("log/eve.json"), host.inside("log/eve.json.1"))
    process.send_signal(signal.SIGHUP)
    host.wait_until(lambda: os.path.exists(host.inside("log/eve.json")), "a new file after SIGHUP", 20)
    return len(inner(host, "log/eve.json.1"))


def reload_of_the_database(host, wire, connection):
    log = lambda: open(host.inside("live.log"), encoding="utf-8").read()
    with open(host.inside("test.fp"), "w", encoding="utf-8") as file:  # every Linux has another label
        file.write("classes = other\n[tcp:request]\nlabel = s:other:Renamed:1\nsig = *:64:0:*:*,*:mss,sok,ts,nop,ws:df,id+:0\n"
                   "[tcp:response]\nlabel = s:other:Renamed:1\nsig = *:64:0:*:*,*:mss::0\n")
    answer = command(connection, "reload-rules")
    host.check(answer["return"] == "OK", f"reload-rules: {answer}")
    host.wait_until(lambda: "synfix: test.fp: 1 signatures" in log(), "the database is reloaded", 20)
    wire.send(host.inside("web.pcap"))
    host.wait_until(lambda: len(inner(host)) >= 26, "26 events after the reload", 20)
    host.check(any(json.loads(text)["os"] == "Renamed 1" for text in inner(host)), "the database was not reloaded")
    with open(host.inside("test.fp"), "w", encoding="utf-8") as file:
        file.write("nonsense\n")
    command(connection, "reload-rules")
    host.wait_until(lambda: "stays in use" in log(), "a wrong database is refused", 20)
