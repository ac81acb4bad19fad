# SPDX-License-Identifier: MIT OR Apache-2.0
"""Command lines with their inputs and outputs. sweep.py makes their system calls fail."""
import contextlib
import os
import re
import shutil
import socket
import subprocess
import threading
import time

HERE = os.path.dirname(os.path.realpath(__file__))
DATA = os.path.join(HERE, "..", "data")
SIGDB = os.path.join(HERE, "..", "integration", "test.fp")


class Case:
    """words: the arguments. outputs: name -> format for the comparison (lines, ipfix, size, out)."""

    def __init__(self, name, words, outputs, code=0, inputs=("web.pcap",), before=(), company=None, sink=None, bounded=False):
        self.name, self.words, self.outputs, self.code = name, words.split(), outputs, code
        self.inputs, self.before, self.helper = inputs, before, company
        self.sinks = sink or {}
        self.bounded = bounded  # omits hosts or details if memory is short, and reports this

    def prepare(self, directory, program):
        for name in self.inputs:
            shutil.copy(os.path.join(DATA, name), directory)
        shutil.copy(SIGDB, os.path.join(directory, "test.fp"))
        for line in self.before:
            if isinstance(line, tuple):
                os.rename(*(os.path.join(directory, name) for name in line))
                continue
            subprocess.run([program] + line.split(), cwd=directory, check=False, timeout=60,
                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @contextlib.contextmanager
    def company(self, directory, program):
        if self.helper is None:
            yield None
            return
        helper = self.helper(directory, program)
        try:
            yield helper
        finally:
            helper.end()

    def content(self, run, program):
        made = {}
        for name, form in self.outputs.items():
            path = os.path.join(run.directory, name)
            if not os.path.exists(path) and os.path.exists(path + ".part"):
                path += ".part" # the next run or `synfix recover` completes this file
            if form == "out":
                made[name] = plain(run.out)
            elif form == "received":
                made[name] = run.received
            elif form == "spool":
                made[name] = records_of(path, program)
            elif not os.path.exists(path):
                made[name] = None
            elif form == "ipfix":
                made[name] = records_of(path, program)
            elif form == "hosts":
                made[name] = subprocess.run([program, "hosts", "--format", "csv", path], capture_output=True, check=False,
                                            timeout=60).stdout.decode().splitlines()
            else:
                with open(path, encoding="utf-8", errors="replace") as file:
                    made[name] = plain(file.read())
        return made

    def records(self, sink, content):
        """Records of the output of a sink in the summary; None: unknown."""
        name = self.sinks.get(sink, sink.partition(":")[2].partition("?")[0])
        lines = content.get(name)
        if name not in content or self.outputs[name] not in ("json", "ipfix", "received"):
            return None
        return len(lines or [])


def plain(text):
    """The lines in sorted order, because the order of several workers varies, and without the time of the run."""
    today = time.strftime("%Y-%m-%d", time.gmtime())
    return sorted(line for line in text.splitlines() if not re.match(r"#(open|close)", line) and today not in line)


def records_of(path, program):
    """Data records, independent of the message boundaries; also of an unfinished file."""
    paths = [path] if os.path.exists(path) and not os.path.isdir(path) else []
    if os.path.isdir(path):
        paths = sorted(os.path.join(path, name) for name in os.listdir(path) if name.endswith(".ipfix"))
    lines = []
    for one in paths:
        done = subprocess.run([program, "dump", "--format", "json", one], capture_output=True, check=False, timeout=60)
        lines += sorted(re.sub(r'"observationTime[^,]*,', "", line) for line in done.stdout.decode().splitlines()
                        if '"optionsTemplate"' not in line)
    return lines


class Collector:
    """Reads the messages of a TCP sink and counts the bytes of complete messages."""

    def __init__(self, directory, _program):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.data = []
        self.directory = directory
        with open(os.path.join(directory, "port"), "w", encoding="utf-8") as file:
            file.write(str(self.listener.getsockname()[1]))
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                received = b""
                with contextlib.suppress(OSError):
                    while chunk := connection.recv(65536):
                        received += chunk
                self.data.append(received)

    def received(self):
        return self.data

    def end(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)


READ = "read --sigdb test.fp --sink-timeout 1 web.pcap "
LINES = ("json", "csv", "ecs", "eve", "p0f", "text", "zeek")
ALL = [Case("read-" + name, READ + f"--to {name}:o", {"o": "json" if name in ("json", "eve", "ecs") else "lines"}) for name in LINES]
ALL += [
    Case("read-stdout", READ + "--to json:-", {"stdout": "out"}),
    Case("read-append", READ + "--to json:o?append=yes", {"o": "json"}),
    Case("read-rotated-lines", READ + "--to json:o?rotate-size=4k", {"o": "json"}),
    Case("read-file", READ + "--to file:o.ipfix", {"o.ipfix": "ipfix"}),
    Case("read-file-zstd", READ + "--to file:o.ipfix?compress=zstd", {"o.ipfix": "ipfix"}),
    Case("read-state", READ + "--to file:o.ipfix?state=state", {"o.ipfix": "ipfix", "state/templates": "lines"}),
    Case("read-inventory", READ + "--to inventory:hosts.db", {"hosts.db": "hosts"}),
    Case("read-several", READ + "--workers 2 mixed.pcap --to json:o --to csv:c --to file:o.ipfix",
         {"o": "json", "c": "lines", "o.ipfix": "ipfix"}, inputs=("web.pcap", "mixed.pcap")),
    Case("read-spool", READ + "--to tcp://127.0.0.1:9?spool=spool", {"spool": "spool"}),
    Case("dump-json", "dump --format json a.ipfix", {"stdout": "out"}, before=(READ + "--to file:a.ipfix",)),
    Case("dump-to", "dump a.ipfix --to json:o --to csv:c", {"o": "json", "c": "lines"}, before=(READ + "--to file:a.ipfix",)),
    Case("dump-file", "dump a.ipfix --to file:o.ipfix", {"o.ipfix": "ipfix"}, before=(READ + "--to file:a.ipfix",)),
    Case("hosts-capture", "hosts --sigdb test.fp web.pcap", {"stdout": "out"}, bounded=True),
    Case("hosts-archive", "hosts a.ipfix", {"stdout": "out"}, before=(READ + "--to file:a.ipfix",)),
    Case("hosts-inventory", "hosts hosts.db", {"stdout": "out"}, before=(READ + "--to inventory:hosts.db",)),
    Case("report", "report --sigdb test.fp web.pcap --output r.md --format md", {"r.md": "lines"}, bounded=True),
    Case("recover", "recover a.ipfix.part", {"a.ipfix": "ipfix"}, before=(READ + "--to file:a.ipfix", ("a.ipfix", "a.ipfix.part"))),
    Case("sigdb-lint", "sigdb lint test.fp", {"stdout": "out"}),
    Case("sigdb-learn", "sigdb learn --sigdb test.fp web.pcap --label s:other:A:", {"stdout": "out"}),
]
