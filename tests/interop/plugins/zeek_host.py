# SPDX-License-Identifier: MIT OR Apache-2.0
"""Zeek with the plug-in of plugins/zeek, built with the headers from zeek-config, also without the program zeek."""
import collections
import os
import shutil
import subprocess
import sys

from checks import Checks, commands_of

# Zeek warns about captures without data, such as those of the tests.
ZEEK = ["zeek", "-C", "FilteredTraceDetection::enable=F"]

LOADED = "zeek -N Synfix::Fingerprint"


class Host(Checks):
    def __init__(self, program, source, build):
        self.program, self.source, self.build = program, source, build
        self.need("zeek-config")
        self.plugins = f"{build}/installed"
        self.environment = {**os.environ, "ZEEK_PLUGIN_PATH": self.plugins}
        commands = commands_of(f"{source}/docs/how-to/zeek.md", "cmake -B build-zeek",
                               {"build-zeek": build, "$(zeek-config --plugin_dir)": self.plugins, LOADED: f"command -v zeek >/dev/null || exit 0; {LOADED}"})
        done = subprocess.run(["sh", "-e", "-c", commands], cwd=source, capture_output=True, text=True, env=self.environment)
        if done.returncode:
            print(done.stdout[-3000:], done.stderr[-3000:])
            sys.exit("FAILED: the commands of docs/how-to/zeek.md")
        self.need("zeek", "zeek-cut")

    @staticmethod
    def need(*tools):
        for tool in tools:
            if not shutil.which(tool):
                print(f"skipped: no {tool}; install Zeek (zeek.org), or make its root with SYNFIX_INTEROP_ROOTS")
                sys.exit(77)

    def read(self, capture, log, *options, code=0):
        """`synfix read` writes the reference log of a capture and ends with this exit code."""
        done = subprocess.run([self.program, "read", "--quiet", "--sigdb", f"{self.source}/sigdb/synfix.fp", *options, capture, "--to",
                               f"zeek:{log}"], capture_output=True, text=True)
        self.check(done.returncode == code, f"synfix read {capture}: exit code {done.returncode}: {done.stderr[-300:]}")

    def run(self, work, *arguments):
        """Runs Zeek to its end. Returns its messages."""
        done = subprocess.run([*ZEEK, *arguments], cwd=work, capture_output=True, text=True, timeout=120, env=self.environment)
        self.check(done.returncode == 0, f"{arguments}: exit code {done.returncode}: {done.stderr[-500:]}")
        return done.stderr

    def log_of(self, work, *arguments):
        """Runs Zeek to its end. Returns the lines of tcp_fp.log as maps."""
        self.run(work, *arguments)
        return maps(f"{work}/tcp_fp.log")


def read_log(path):
    """Names of columns, and lines as maps of name to text."""
    if not os.path.exists(path):
        return [], []
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    names = next((words[1:] for words in rows if words[0] == "#fields"), [])
    return names, [dict(zip(names, words)) for words in rows if not words[0].startswith("#")]


def maps(path):
    return read_log(path)[1]


def comparable(line):
    """Zeek has its own uids and may choose the other endpoint as client if the handshake is not in the capture.
    Therefore the endpoints are compared as described host and peer."""
    values = {name: value for name, value in line.items() if not name.startswith("id.ctx")}
    ends = [f"{values.pop(f'id.{end}_h')} {values.pop(f'id.{end}_p')}" for end in ("orig", "resp")]
    values["host"], values["peer"] = reversed(ends) if values.pop("is_resp") == "T" else ends
    del values["uid"]
    if values["frequency_measured"] != "-":
        values["frequency_measured"] = str(float(values["frequency_measured"]))
    for name in ("quirks", "flags"):  # sets have no order
        values[name] = ",".join(sorted(values[name].split(",")))
    return tuple(sorted(values.items()))


def table(path):
    names, lines = read_log(path)
    return [name for name in names if not name.startswith("id.ctx")], collections.Counter(map(comparable, lines))
