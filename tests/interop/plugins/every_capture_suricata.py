# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs many captures in one Suricata (unix-socket mode, one thread), for every_capture.py."""
import collections
import json
import os
import shutil
import subprocess

import suricata_live
from suricata_host import Host, comparable

AT_ONCE = 50


class Compared(Host):
    def results(self, paths):
        """Path, events of the plug-in, events of the program. causes.SuricataCauses needs no further facts."""
        self.configuration("every.yaml", types=("tcp_fp", "tcp_uptime"),
                           more=f"unix-command: {{enabled: yes, filename: {self.work}/command}}\nrunmode: single")
        process = subprocess.Popen(self.command("--unix-socket", config="every.yaml"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            connection = suricata_live.connect(process, self.inside("command"))
            for first in range(0, len(paths), AT_ONCE):
                yield from self.some(connection, paths[first:first + AT_ONCE])
            suricata_live.command(connection, "shutdown")
            self.check(process.wait(60) == 0, "exit code of Suricata")
        finally:
            process.kill()

    def some(self, connection, paths):
        for number, path in enumerate(paths):
            os.makedirs(self.inside(f"every/{number}"))
            shutil.copy(path, self.inside(f"every/{number}.pcap"))
            suricata_live.command(connection, "pcap-file", {"filename": f"{self.work}/every/{number}.pcap",
                                                            "output-dir": f"{self.work}/every/{number}"})
        self.wait_until(lambda: suricata_live.command(connection, "pcap-file-number")["message"] == 0
                        and suricata_live.command(connection, "pcap-current")["message"] in ("None", None), "captures are read", 600)
        for number, path in enumerate(paths):
            expected = self.own(path)
            found = self.events(f"every/{number}/eve.json")
            yield path, collections.Counter(map(comparable, found)), collections.Counter(map(comparable, expected)), None
        shutil.rmtree(self.inside("every"))

    def own(self, path):
        """A damaged capture gives the events before the damaged part."""
        done = subprocess.run([self.program, "read", "--quiet", "--sigdb", self.inside("test.fp"), "--enrich", "community-id", path, "--to",
                               "json:-"], capture_output=True, text=True)
        return list(map(json.loads, done.stdout.splitlines()))
