# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs many captures, one Zeek process for each, several at a time, for every_capture.py."""
import os
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from zeek_host import ZEEK, Host, maps, table

SHORT = {"GTPv1 payload length", "Teredo payload length", "inner_IP_payload_length_mismatch"}  # in analyzer.log and weird.log
AT_ONCE = 2 * (os.cpu_count() or 1)


class Compared(Host):
    def results(self, paths):
        """Path, lines of the plug-in, lines of the program, and the facts of causes.ZeekCauses."""
        self.tunnels = encapsulations(self.source)
        with ThreadPoolExecutor(AT_ONCE) as threads:
            yield from threads.map(self.one, paths)

    def one(self, path):
        with tempfile.TemporaryDirectory() as work:
            own, code = self.own(path, work), 0
            if own:
                code = subprocess.run([*ZEEK, "-r", os.path.abspath(path)], cwd=work, capture_output=True, timeout=600,
                                      env=self.environment).returncode
            return path, table(f"{work}/tcp_fp.log")[1], own, (code, short_in(work), partial(self.without, path))

    def own(self, path, work, *options):
        """A damaged capture gives the lines before the damaged part."""
        subprocess.run([self.program, "read", "--quiet", "--sigdb", f"{self.source}/sigdb/synfix.fp", *options, path, "--to",
                        f"zeek:{work}/own.log"], capture_output=True, check=False)
        return table(f"{work}/own.log")[1]

    def without(self, path, tunnel):
        with tempfile.TemporaryDirectory() as work:
            return self.own(path, work, f"--encapsulations={','.join(self.tunnels - {tunnel})}")


def short_in(work):
    """Times of packets that Zeek drops because the IP packet in a tunnel is shorter than the tunnel header states."""
    return {line["ts"] for name in ("analyzer", "weird") for line in maps(f"{work}/{name}.log") if SHORT & set(line.values())}


def encapsulations(source):
    """Names of all tunnels and tags."""
    with open(f"{source}/include/synfix/headers.h", encoding="utf-8") as file:
        return set(re.findall(r'^ *X\(\w+, \d+, "([^"]+)"\)', file.read(), re.MULTILINE)) - {"none"}
