#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""paths.py SYNFIX: `capture --check-config` and the start of `capture` agree about each path in a configuration file:
the same lines with file and line number, and the same exit code.

Each setting and each module option for a file or directory is set to a path with a missing directory, a directory, a
path below a file, a path in a directory without write permission, a file without write permission, and a named pipe.
The test fails if a text option is in neither PATHS nor OTHERS: add the option to one of them."""
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

MADE = "a directory that the module makes"
# Setting or option: section of the file, its lines. {} is the path.
PATHS = {
    "metrics-file": ("metrics", "metrics-file = {}"),
    "query-socket": ("hosts", "query-socket = {}"),
    "sigdb": ("engine", "sigdb = {}"),
    "load": ("engine", "load = {}"),
    "csv:": ("sink a", "to = csv:{}"),
    "ecs:": ("sink a", "to = ecs:{}"),
    "eve:": ("sink a", "to = eve:{}"),
    "json:": ("sink a", "to = json:{}"),
    "p0f:": ("sink a", "to = p0f:{}"),
    "text:": ("sink a", "to = text:{}"),
    "zeek:": ("sink a", "to = zeek:{}"),
    "json:, rotates": ("sink a", "to = json:{}\nrotate-size = 1M"),
    "json:, append=no": ("sink a", "to = json:{}\nappend = no"),
    "json:, socket": ("sink a", "to = json:{}\ntype = unix_stream"),
    "file:": ("sink a", "to = file:{}"),
    "file:, rotates": ("sink a", "to = file:{}-%Y%m%d\nrotate-time = 1h"),
    "inventory:": ("sink a", "to = inventory:{}"),
    "state": ("sink a", "to = tcp://127.0.0.1:9\nstate = {}"),
    "spool": ("sink a", "to = tcp://127.0.0.1:9\nspool = {}"),
    "profile": ("sink a", "to = tcp://127.0.0.1:9\nprofile = {}"),
    "annotations": ("sink a", "to = tcp://127.0.0.1:9\nannotations = {}"),
    "templates": ("sink a", "to = tcp://127.0.0.1:9\ntemplates = {}"),
    "ca": ("sink a", "to = tls://127.0.0.1:9\nanonymous = yes\nca = {}"),
    "cert": ("sink a", "to = tls://127.0.0.1:9\ncert = {}"),
    "key": ("sink a", "to = tls://127.0.0.1:9\ncert = {}\nkey = {}"),
    "password-file": ("sink a", "to = eve:127.0.0.1:9\ntype = redis\npassword-file = {}"),
    "set-file": ("sink a", "to = kafka://127.0.0.1:9\nset-file = {}"),
    "kafka password-file": ("sink a", "to = kafka://127.0.0.1:9\npassword-file = {}"),
    "country": ("enricher geoip", "country = {}"),
    "asn": ("enricher geoip", "asn = {}"),
}
# Text options of modules that are not file names, and text options of sources for `read` only.
OTHERS = set("""
    app-name append change-severity ciphers colour compat compress facility failover fanout filter format
    hostname mode name options prefix set severity source topic transport type username
    """.split())
FAULTS = ("missing", "directory", "below a file", "no permission", "read-only file", "pipe")


def text_options(synfix):
    """Names of the text options without a list of choices, of all modules, from `modules`."""
    names = [line.split()[1] for line in subprocess.check_output([synfix, "modules"], text=True).splitlines()
             if line.startswith(("sink", "enricher", "source"))]
    for name in names:
        text = subprocess.run([synfix, "modules", name], text=True, capture_output=True, check=True).stdout
        for match in re.finditer(r"^    (\S+) .*\(text\)$", text, re.M):
            yield name, match[1]


def make_places(root):
    places = {fault: os.path.join(root, fault.replace(" ", "-")) for fault in FAULTS}
    places["missing"] = os.path.join(root, "none", "x")
    places["below a file"] = os.path.join(root, "plain", "x")
    places["no permission"] = os.path.join(root, "closed", "x")
    places["read-only file"] = os.path.join(root, "closed", "file")
    os.mkdir(places["directory"], 0o755)
    os.mkdir(os.path.join(root, "closed"))
    for path in ("plain", "closed/file"):
        with open(os.path.join(root, path), "w", encoding="utf-8"):
            pass
    os.chmod(os.path.join(root, "closed", "file"), 0o444)
    os.chmod(os.path.join(root, "closed"), 0o555)
    os.mkfifo(places["pipe"], 0o666)
    if os.geteuid() == 0:  # then the program runs as this user, see write_configuration()
        user = pwd.getpwnam("nobody")
        for path, directories, names in os.walk(root):
            for name in [".", *directories, *names]:
                os.chown(os.path.join(path, name), user.pw_uid, user.pw_gid)
    return places


def unused_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_configuration(path, section, lines):
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"[capture]\ninterface = sflow://127.0.0.1:{unused_port()}\n[{section}]\n{lines}\n")
        if os.geteuid() == 0:  # permissions do not apply to root
            out.write("[process]\nuser = nobody\n")
        if not section.startswith("sink"):
            out.write("[export]\nto = json:/dev/null\n")


def run(synfix, configuration, *more):
    """Exit code and lines. None instead of the code: the capture started, and the test ended it."""
    command = [synfix, "capture", "--config", configuration, "--quiet", "--no-seccomp", "--log-level=notice", *more]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True) as process:
        watchdog = threading.Timer(LIMIT_S, process.kill)
        watchdog.start()
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "capturing with" in line:
                process.kill()
                watchdog.cancel()
                return None, ""
        watchdog.cancel()
        return process.wait(), "".join(lines)


# Neither a check nor a start waits for an event: only a defect reaches this limit.
LIMIT_S = 60


def differs(synfix, root, name, path):
    """The difference between check and start; None: they agree."""
    section, lines = PATHS[name]
    configuration = os.path.join(root, "synfix.conf")
    write_configuration(configuration, section, lines.replace("{}", path))
    check, messages = run(synfix, configuration, "--check-config")
    start, found = run(synfix, configuration)
    if check == 0:
        pipe = "a pipe; start the reader" in messages
        return None if start is None or (pipe and start == 3) else f"valid, and the start ends with {start}: {found}"
    if (check, messages) != (start, found):
        return f"check {check}: {messages}  start {start}: {found}"
    wrong = [line for line in messages.splitlines() if not re.match(rf"synfix: {re.escape(configuration)}:\d+: ", line)]
    return f"no file and line: {wrong}" if wrong else None


def main():
    synfix = os.path.abspath(sys.argv[1])
    wrong = [f"{module}: {option}: a text option that is unknown to this test"
             for module, option in text_options(synfix)
             if option not in OTHERS and not any(option == name.split()[-1] for name in PATHS)]
    agreed = 0
    for name in PATHS:
        for fault in FAULTS:
            root = tempfile.mkdtemp(prefix="synfix-paths-")
            path = make_places(root)[fault]
            difference = differs(synfix, root, name, path)
            if difference:
                wrong.append(f"{name}, {fault}: {difference}")
            agreed += difference is None
            os.chmod(os.path.join(root, "closed"), 0o755)
            shutil.rmtree(root)
    print("\n".join(wrong))
    print(f"{agreed} of {len(PATHS) * len(FAULTS)} agree")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
