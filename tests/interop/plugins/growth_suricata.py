# SPDX-License-Identifier: MIT OR Apache-2.0
"""Suricata with and without the plug-in, for growth.py. Rules and signature database are reloaded four times."""
import ipaddress
import itertools
import json
import os
import subprocess
import time

import suricata_live
from suricata_host import Host

WITH, WITHOUT = "Suricata with the plug-in", "Suricata without"
ACROSS_THREADS = ("retransmission", "syn_not_seen")  # tunnels: see docs/how-to/suricata.md
VALUES = ('family:"Windows"', 'os:"Linux*"', "quality:>=95")
PLACES = ("", "flow:established;", 'content:"GET";')
RULES = "".join(f'alert tcp any any -> any any (msg:"x"; synfix.{value}; {place} sid:{sid};)\n'
                for sid, (value, place) in enumerate(itertools.product(VALUES, PLACES), 1))
SETTINGS = """rule-files: [{rules}]
flow-timeouts:
  tcp: {{new: 5, established: 5, closed: 0, bypassed: 5, emergency-new: 5, emergency-established: 5, emergency-closed: 0}}
  udp: {{new: 5, established: 5}}
unix-command: {{enabled: yes, filename: {command}}}
af-packet:
  - {{interface: vb, threads: 2, cluster-id: {cluster}, cluster-type: cluster_flow}}
"""


class Growth(Host):
    sink, WITH, WITHOUT = "json", WITH, WITHOUT

    def __init__(self, program, source, root, table):
        super().__init__(program, source, root)
        self.processes, self.connections = {}, {}
        with open(self.inside("growth.rules"), "w", encoding="utf-8") as file:
            file.write(RULES)
        for number, name in enumerate((WITH, WITHOUT)):
            os.makedirs(self.inside(f"log{number}"))
            more = SETTINGS.format(rules="/dev/null" if number else f"{self.work}/growth.rules", command=f"{self.work}/command{number}",
                                   cluster=90 + number)
            types = ("flow", "stats") if number else ("alert", "flow", "http", "stats", "tcp_fp", "tcp_uptime")
            self.configuration(f"growth{number}.yaml", f"  hosts: {table}\n  handshakes: {table}", types=types, more=more)
        self.leave_out_the_plugin(self.inside("growth1.yaml"))

    @staticmethod
    def leave_out_the_plugin(path):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text[:text.index("plugins:")] + text[text.index("stats:"):])

    def start(self, wire, work):
        for number, name in enumerate((WITH, WITHOUT)):
            command = [*self.chroot, "suricata", "-c", f"{self.work}/growth{number}.yaml", "-l", f"{self.work}/log{number}", "-k", "none",
                       "--af-packet", "--runmode", "workers"]
            with open(self.inside(f"growth{number}.log"), "w", encoding="utf-8") as log:
                self.processes[name] = subprocess.Popen([*wire.inside, *command], stdout=log, stderr=subprocess.STDOUT)
        return self.processes

    def wait_until_ready(self):
        for number, (name, process) in enumerate(self.processes.items()):
            self.connections[name] = suricata_live.connect(process, self.inside(f"command{number}"))
            self.wait_until(lambda: self.command_to(name, "iface-list")["message"]["count"] == 1, f"{name}: the interface is open", 60)
        time.sleep(2)

    def command_to(self, name, words):
        return suricata_live.command(self.connections[name], words)

    def change(self, number):
        if number % 2:
            for name in self.processes:
                answer = self.command_to(name, "reload-rules")
                self.check(answer["return"] == "OK", f"{name}: reload-rules: {answer}")

    def stop(self):
        for name, process in self.processes.items():
            process.terminate()
        for name, process in self.processes.items():
            try:
                self.check(process.wait(120) == 0, f"{name}: exit code {process.returncode}")
            except subprocess.TimeoutExpired:
                process.kill()
                self.check(False, f"{name} does not end")

    def version(self):
        return subprocess.run([*self.chroot, "suricata", "-V"], capture_output=True, text=True, check=True).stdout.strip()

    def last_stats(self, number):
        return self.events(f"log{number}/eve.json", ("stats",))[-1]["stats"]

    def packets(self):
        """Received and dropped."""
        found = {name: self.last_stats(number)["capture"] for number, name in enumerate((WITH, WITHOUT))}
        return {name: (capture["kernel_packets"], capture["kernel_drops"]) for name, capture in found.items()}

    def changes(self):
        """Number of reloads of the signature database."""
        with open(self.inside("growth0.log"), encoding="utf-8") as file:
            return file.read().count("synfix: test.fp:") - 1

    def all_events(self):
        matched = {(alert["alert"]["signature_id"] - 1) // len(PLACES) for alert in self.events("log0/eve.json", ("alert",))}
        self.check(len(matched) == len(VALUES), f"only {len(matched)} of the keywords {VALUES} match")
        return list(map(event, self.events("log0/eve.json")))

    def own_events(self, path):
        with open(path, encoding="utf-8") as file:
            return [event(json.loads(line)) for line in file]


def event(event):
    """Kind, described host, ports and the whole inner object except flags that depend on the thread."""
    inner = dict(event[event["event_type"]])
    inner["flags"] = [flag for flag in inner.get("flags", ()) if flag not in ACROSS_THREADS]
    kind = "uptime" if event["event_type"] == "tcp_uptime" else inner["kind"]
    return kind, str(ipaddress.ip_address(event["src_ip"])), json.dumps([event["src_port"], event["dest_port"], inner], sort_keys=True)
