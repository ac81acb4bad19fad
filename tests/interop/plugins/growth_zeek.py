# SPDX-License-Identifier: MIT OR Apache-2.0
"""Zeek with and without the plug-in, for growth.py. The configuration framework changes the signature database four
times, between two equal files."""
import collections
import os
import re
import shutil
import subprocess
import time

import zeek_host
from zeek_host import ZEEK, Host, maps

WITH, WITHOUT = "Zeek with the plug-in", "Zeek without"
OF_THE_PROCESS = ("ts",)  # each packet socket has its own time of a packet
SCRIPT = """redef Log::default_rotation_interval = 0secs;
redef tcp_attempt_delay = 5secs;
redef tcp_inactivity_timeout = 5secs;
redef udp_inactivity_timeout = 5secs;
"""
WATCH = """redef Config::config_files += { "options" };
"""


class Growth(Host):
    sink, WITH, WITHOUT = "zeek", WITH, WITHOUT

    def __init__(self, program, source, build, table):
        super().__init__(program, source, build)
        self.processes, self.work = {}, None
        self.options = {WITH: ["-e", SCRIPT + WATCH, f"Synfix::hosts={table}", f"Synfix::handshakes={table}"], WITHOUT: ["-e", SCRIPT]}

    def directory(self, name):
        return f"{self.work}/{name.replace(' ', '-')}"

    def messages(self, name):
        with open(f"{self.directory(name)}/messages", encoding="utf-8") as file:
            return file.read()

    def start(self, wire, work):
        self.work = work
        for number in range(2):
            shutil.copy(f"{self.source}/sigdb/synfix.fp", f"{work}/{number}.fp")
        for name, options in self.options.items():
            os.makedirs(self.directory(name))
            open(f"{self.directory(name)}/options", "w", encoding="utf-8").close()
            with open(f"{self.directory(name)}/messages", "w", encoding="utf-8") as messages:
                self.processes[name] = subprocess.Popen(
                    [*wire.inside, *ZEEK, "-i", "vb", *options], cwd=self.directory(name), stdout=messages,
                    stderr=subprocess.STDOUT, env=self.environment if name == WITH else os.environ)
        return self.processes

    def wait_until_ready(self):
        for name in self.processes:
            self.wait_until(lambda: "listening on" in self.messages(name), f"{name} listens")
        time.sleep(3)

    def change(self, number):
        if number % 2:
            with open(f"{self.directory(WITH)}/options", "w", encoding="utf-8") as file:
                file.write(f"Synfix::database\t{self.work}/{number // 2 % 2}.fp\n")

    def stop(self):
        for process in self.processes.values():
            process.terminate()
        for name, process in self.processes.items():
            try:
                self.check(process.wait(120) == 0, f"{name}: exit code {process.returncode}: {self.messages(name)[-300:]}")
            except subprocess.TimeoutExpired:
                process.kill()
                self.check(False, f"{name} does not end")

    def version(self):
        return subprocess.run(["zeek", "--version"], capture_output=True, text=True, check=True).stdout.strip()

    def packets(self):
        found = {}
        for name in self.processes:
            numbers = re.search(r"(\d+) packets received on interface vb, (\d+) ", self.messages(name))
            found[name] = tuple(map(int, numbers.groups())) if numbers else (0, 0)
        return found

    def changes(self):
        """Number of reloads of the signature database."""
        return sum(line["id"] == "Synfix::database" for line in maps(f"{self.directory(WITH)}/config.log"))

    def all_events(self):
        return list(map(event, maps(f"{self.directory(WITH)}/tcp_fp.log")))

    def own_events(self, path):
        return list(map(event, maps(path)))


def event(line):
    """Kind, described host, and all fields that do not depend on earlier packets."""
    values = dict(zeek_host.comparable(line))
    return line["kind"], values["host"].split()[0], tuple(sorted((name, value) for name, value in values.items() if name not in OF_THE_PROCESS))
