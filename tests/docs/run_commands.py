#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""run_commands.py PAGE PROGRAM SOURCE: runs the ```sh blocks of a page in order, in one shell session.

The session runs in an empty directory with these files: capture.pcap (tests/data/web.pcap), captures/ (copies of all
captures of tests/data), and, as in a source tree, tests/data and build/synfix. The session has a separate network
namespace: loopback is up, and eth0 receives capture.pcap in a loop. A block that cannot run has the line `<!-- not
run: reason -->` directly above. The test fails if a block fails. Background jobs end with the session.

A ```text block with the line `<!-- output -->` above is compared with the standard output of the block before it. A
line `...` matches any lines. --show prints the blocks of the page with their output instead."""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

SKIPPED = 77
FENCE = re.compile(r"^( *)```(\S*)")
NOT_RUN = re.compile(r"^ *<!-- not run: \S.* -->$")
OUTPUT = re.compile(r"^ *<!-- output -->$")


def fences(page):
    """Yields (line number, language, text, mark above) of each fenced block."""
    with open(page, encoding="utf-8") as lines:
        previous, language, text, start, mark, indent = "", None, [], 0, "", 0
        for number, line in enumerate(lines, 1):
            fence = FENCE.match(line)
            if fence and language is None:
                language, text, start, mark, indent = fence[2], [], number, previous, len(fence[1])
            elif fence:
                yield start, language, "".join(text), mark
                language = None
            elif language is not None:
                text.append(line[min(indent, len(line) - 1):])
            if line.strip():
                previous = line.rstrip("\n")


def blocks(page):
    """[line number, commands, expected output or None] of each block that runs."""
    found = []
    for number, language, text, mark in fences(page):
        if language == "sh" and not NOT_RUN.match(mark):
            found.append([number, text, None])
        elif found and OUTPUT.match(mark):
            found[-1][2] = text
    return found


def script(page):
    """Groups, not subshells: variables, functions and the current directory remain for the whole page."""
    parts = [f"trap 'echo \"{page}:$LINE: the block failed\" >&2' ERR\n"]
    parts += [f"LINE={number}\n{{\n{text}}} >$OUTPUT/{number}\n" for number, text, _ in blocks(page)]
    return "".join(parts)


def same(expected, found):
    parts = re.split(r"^[ \t]*\.\.\.[ \t]*\n", expected, flags=re.M)
    return re.fullmatch("(?:.*\n)*?".join(re.escape(part) for part in parts), found) is not None


def compare(page, output, show):
    """Number of blocks with an output that differs from the page."""
    wrong = 0
    for number, text, expected in blocks(page):
        path = os.path.join(output, str(number))
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8", errors="replace") as file:
            found = file.read()
        if show:
            print(f"--- {page}:{number}\n{text}{found}", end="")
        elif expected is not None and not same(expected, found):
            wrong += 1
            print(f"{page}:{number}: the output differs from the page. The block printed:\n{found}", end="")
    return wrong


def prepare(work, program, source):
    data = os.path.join(source, "tests/data")
    os.mkdir(os.path.join(work, "captures"))
    for name in sorted(os.listdir(data)):
        if name.endswith((".pcap", ".pcapng")):
            shutil.copy(os.path.join(data, name), os.path.join(work, "captures"))
    shutil.copy(os.path.join(data, "web.pcap"), os.path.join(work, "capture.pcap"))
    for directory in ("tests", "build", ".bin"):
        os.mkdir(os.path.join(work, directory))
    os.symlink("../captures", os.path.join(work, "tests/data"))
    os.symlink(program, os.path.join(work, "build/synfix"))
    os.symlink(program, os.path.join(work, ".bin/synfix"))


def start_network(work):
    """Loopback, and eth0 with traffic. Without tcpreplay eth0 stays silent."""
    for command in ("link set lo up", "link add eth0 type veth peer name wire", "link set eth0 up", "link set wire up"):
        subprocess.run(["ip", *command.split()], check=True)
    if shutil.which("tcpreplay"):
        subprocess.Popen(["tcpreplay", "-q", "-i", "wire", "--loop=0", "--pps=200", os.path.join(work, "capture.pcap")],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def run(page, program, source, show):
    work, output = tempfile.mkdtemp(prefix="synfix-docs-"), tempfile.mkdtemp(prefix="synfix-docs-output-")
    try:
        prepare(work, program, source)
        start_network(work)
        environment = dict(os.environ, PATH=f"{work}/.bin:{os.environ['PATH']}", HOME=work, TERM="dumb", OUTPUT=output)
        environment.pop("COLUMNS", None)
        done = subprocess.run(["bash", "-e", "-E", "-u", "-o", "pipefail", "-c", script(page)], cwd=work,
                              env=environment, stdin=subprocess.DEVNULL, check=False)
        wrong = compare(page, output, show)
        return 1 if done.returncode or wrong else 0
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(0, signal.SIGTERM)  # tcpreplay, and background jobs of the page
        shutil.rmtree(work)
        shutil.rmtree(output)


def main():
    page, program, source = (os.path.abspath(path) for path in sys.argv[1:4])
    if not list(blocks(page)):
        print(f"skipped: no block of {page} can run; the page states the reasons (<!-- not run: ... -->)")
        return SKIPPED
    show = "--show" in sys.argv
    if "--inside" in sys.argv:
        os.setpgid(0, 0)
        return run(page, program, source, show)
    if subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode != 0:
        print("skipped: a network namespace needs root; run as root")
        return SKIPPED
    return subprocess.run(["unshare", "--net", sys.executable, *sys.argv, "--inside"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
