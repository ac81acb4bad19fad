# SPDX-License-Identifier: MIT OR Apache-2.0
"""Zeek on a live interface: one process, and a cluster."""
import collections
import contextlib
import os
import subprocess
import tempfile

import fragments
from wire import Wire
from zeek_host import ZEEK, maps

WORKERS = ("worker-1", "worker-2")
NODES = ("manager", "logger", "proxy", *WORKERS)

LAYOUT = "redef Cluster::nodes = {\n" + "".join(
    f'    ["{name}"] = [$node_type=Cluster::{name.split("-")[0].upper()}, $ip=127.0.0.1, $p={27760 + number}/tcp'
    + (', $manager="manager"' if name != "manager" else "") + "],\n" for number, name in enumerate(NODES)) + "};\nredef Cluster::manager_is_logger = F;\n"

# A change of an option on the manager reaches the workers.
LOCAL = """@load frameworks/cluster/backend/broker
redef Log::default_rotation_interval = 0secs;
global workers = 0;
event Cluster::node_up(name: string, id: string)
    {
    if ( Cluster::local_node_type() == Cluster::MANAGER && Cluster::nodes[name]$node_type == Cluster::WORKER && ++workers == 2 )
        Config::set_value("Synfix::min_quality", 75);
    }
"""


@contextlib.contextmanager
def zeek(host, wire, work, *arguments, **environment):
    """A process of Zeek in the namespace that must end with exit code 0. Its messages are in the file `messages`."""
    os.makedirs(work, exist_ok=True)
    with open(f"{work}/messages", "w", encoding="utf-8") as messages:
        process = subprocess.Popen([*wire.inside, *ZEEK, *arguments], cwd=work, stderr=messages, stdout=messages,
                                   env={**host.environment, **environment})
    try:
        yield process
    finally:
        process.terminate()
        host.check(process.wait(120) == 0, f"{arguments}: exit code {process.returncode}: {messages_of(work)[-500:]}")


def messages_of(work):
    with open(f"{work}/messages", encoding="utf-8") as file:
        return file.read()


def from_the_wire(path):
    """Lines without connections of the cluster: before a packet socket is bound, it receives packets of all
    interfaces."""
    return [line for line in maps(path) if line["id.orig_h"] != "127.0.0.1"]


def prints(work):
    return [line for line in from_the_wire(f"{work}/tcp_fp.log") if line["kind"] != "uptime"]


def interface(host, name):
    """AF_PACKET removes VLAN tags from frames."""
    with Wire() as wire, tempfile.TemporaryDirectory() as work:
        fragments.tagged(f"{host.source}/tests/data/vlan.pcap", f"{work}/tagged.pcap", 42)
        with zeek(host, wire, work, "-i", name):
            host.wait_until(lambda: "listening on" in messages_of(work), "Zeek listens")
            for capture in (f"{host.source}/tests/data/web.pcap", f"{work}/tagged.pcap"):
                wire.send(capture)
            host.wait_until(lambda: len(prints(work)) >= 28, "28 lines")
        lines = prints(work)
        tags = collections.Counter(line["vlan"] for line in lines)
        host.check(tags == {"-": 26, "42": 2}, f"{name}: VLANs {tags}")
        known = {line["uid"] for line in maps(f"{work}/conn.log")}
        host.check({line["uid"] for line in lines} <= known, f"{name}: uids that conn.log does not have")


def answers(lines):
    return collections.Counter((line["kind"], line["match"], line["os"], line["quality"]) for line in lines)


def cluster(host, name):
    """The log of the logger has the lines of both workers, with the option that the manager set."""
    capture = f"{host.source}/tests/data/web.pcap"
    with Wire() as wire, tempfile.TemporaryDirectory() as work, contextlib.ExitStack() as nodes:
        for file, text in (("cluster-layout.zeek", LAYOUT), ("local.zeek", LOCAL)):
            with open(f"{work}/{file}", "w", encoding="utf-8") as out:
                out.write(text)
        path = subprocess.run(["zeek-config", "--zeekpath"], capture_output=True, text=True, check=True).stdout.strip()
        for node in NODES:
            nodes.enter_context(zeek(host, wire, f"{work}/{node}", *(("-i", name) if node in WORKERS else ()), f"{work}/local.zeek",
                                     ZEEKPATH=f"{path}:{work}", CLUSTER_NODE=node))
        log = f"{work}/logger"
        present = lambda: {line["message"].split()[3] for line in maps(f"{log}/cluster.log") if "got hello from" in line["message"]}
        host.wait_until(lambda: set(NODES) <= present(), "the cluster is complete")
        host.wait_until(lambda: any(line["id"] == "Synfix::min_quality" for line in maps(f"{log}/config.log")), "the option is set")
        wire.send(capture)
        host.wait_until(lambda: len(prints(log)) >= 26, "26 lines at the logger")
        nodes.close()
        own, lines = f"{work}/own.log", prints(log)
        host.read(capture, own, "--min-quality", "75")
        host.check(answers(lines) == answers(line for line in maps(own) if line["kind"] != "uptime"), f"cluster: {answers(lines)}")
        connections = [line for line in from_the_wire(f"{log}/conn.log") if line["proto"] == "tcp"]
        host.check(len(connections) == 13 and {line["uid"] for line in lines} == {line["uid"] for line in connections},
                   f"cluster: {len(connections)} connections")
        for line in connections:
            host.check({line["client_os"], line["server_os"]} <= {line["os"] for line in lines}, f"cluster: {line}")
        for node in set(NODES) - {"logger"}:
            host.check(not os.path.exists(f"{work}/{node}/tcp_fp.log"), f"{node} writes a separate log")
