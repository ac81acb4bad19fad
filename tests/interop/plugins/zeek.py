#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""zeek.py PROGRAM SOURCE BUILD: builds the plug-in of plugins/zeek with the headers that zeek-config names, runs its btests,
compares tcp_fp.log with the log of the program's sink `zeek:` over tests/data, and reads a live interface. Skipped (77)
without Zeek."""
import collections
import glob
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import fragments
from wire import Wire

PROGRAM, SOURCE, BUILD = sys.argv[1:4]
failures = 0


def check(condition, what):
    global failures
    if not condition:
        failures += 1
        print(f"FAILED: {what}")


for tool in ("zeek-config", "zeek", "zeek-cut"):
    if not shutil.which(tool):
        print(f"skipped: no {tool} here")
        sys.exit(77)

include = subprocess.run(["zeek-config", "--include_dir"], capture_output=True, text=True, check=True).stdout.strip()
for words in (["cmake", "-S", SOURCE, "-B", BUILD, "-DSYNFIX_PROGRAM=OFF", "-DSYNFIX_TESTS=OFF", f"-DSYNFIX_ZEEK={include}",
               f"-DSYNFIX_ZEEK_PLUGIN_DIR={BUILD}/installed"],
              ["cmake", "--build", BUILD, "--target", "zeek_synfix"], ["cmake", "--install", BUILD, "--component", "zeek"]):
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout[-3000:], done.stderr[-3000:])
        sys.exit("FAILED: the plug-in does not build")
plugins = f"{BUILD}/installed"
if shutil.which("btest"):
    shutil.rmtree(f"{BUILD}/btest", ignore_errors=True)
    shutil.copytree(f"{SOURCE}/plugins/zeek/tests", f"{BUILD}/btest")
    done = subprocess.run(["btest", "-c", "btest.cfg", "-d"], cwd=f"{BUILD}/btest", capture_output=True, text=True, timeout=300,
                          env={**os.environ, "SYNFIX_ZEEK_PLUGINS": plugins, "SYNFIX_SOURCE": SOURCE})
    check(done.returncode == 0, f"btest: {done.stdout[-2000:]} {done.stderr[-2000:]}")


# Zeek remarks that a capture has no data, which is true of these.
ZEEK = ["zeek", "-C", "FilteredTraceDetection::enable=F"]


def table(path):
    """Lines as maps of column to value. Zeek has its own uids, and may differ about the client of a connection whose handshake is
    not in the capture, so the ends are compared as the described host and its peer."""
    names, lines = [], collections.Counter()
    if not os.path.exists(path):
        return names, lines
    with open(path, encoding="utf-8") as file:
        for line in file:
            words = line.rstrip("\n").split("\t")
            if words[0] == "#fields":
                names = words[1:]
            elif not line.startswith("#"):
                values = {name: value for name, value in zip(names, words) if not name.startswith("id.ctx")}
                ends = [f"{values.pop(f'id.{end}_h')} {values.pop(f'id.{end}_p')}" for end in ("orig", "resp")]
                values["host"], values["peer"] = reversed(ends) if values.pop("is_resp") == "T" else ends
                del values["uid"]
                if values["frequency_measured"] != "-":
                    values["frequency_measured"] = str(float(values["frequency_measured"]))
                for name in ("quirks", "flags"):  # sets have no order
                    values[name] = ",".join(sorted(values[name].split(",")))
                lines[tuple(sorted(values.items()))] += 1
    return [name for name in names if not name.startswith("id.ctx")], lines


total = 0
for capture in sorted(glob.glob(f"{SOURCE}/tests/data/*.pcap*")):
    with tempfile.TemporaryDirectory() as work:
        name = os.path.basename(capture)
        subprocess.run([PROGRAM, "read", "--quiet", "--sigdb", f"{SOURCE}/sigdb/synfix.fp", capture, "--to", f"zeek:{work}/own.log"],
                       check=True)
        done = subprocess.run([*ZEEK, "-r", capture], cwd=work, capture_output=True, text=True, timeout=120,
                              env={**os.environ, "ZEEK_PLUGIN_PATH": plugins})
        check(done.returncode == 0 and not done.stderr, f"{name}: zeek: {done.stderr[-500:]}")
        own_names, own = table(f"{work}/own.log")
        names, lines = table(f"{work}/tcp_fp.log")
        check(not lines or names == own_names, f"{name}: columns {set(names) ^ set(own_names)}")
        missing, extra = own - lines, lines - own
        check(not missing and not extra, f"{name}: {sum(missing.values())} missing, {sum(extra.values())} extra of {sum(own.values())}"
              + "".join(f"\n  {sign} {dict(line)}" for sign, found in (("-", missing), ("+", extra)) for line in list(found)[:2]))
        total += sum((own & lines).values())


def zeek_log(work, *arguments):
    """Lines of tcp_fp.log as maps."""
    done = subprocess.run([*ZEEK, *arguments], cwd=work, capture_output=True, text=True, timeout=120,
                          env={**os.environ, "ZEEK_PLUGIN_PATH": plugins})
    check(done.returncode == 0, f"{arguments}: {done.stderr[-500:]}")
    return maps(f"{work}/tcp_fp.log")


def maps(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file]
    names = next(words[1:] for words in lines if words[0] == "#fields")
    return [dict(zip(names, words)) for words in lines if not words[0].startswith("#")]


def fragments_are_whole():
    with tempfile.TemporaryDirectory() as work:
        lengths = fragments.capture(f"{work}/fragments.pcap")
        found = {int(line["id.orig_p"]): line for line in zeek_log(work, "-r", f"{work}/fragments.pcap")}
        check({port: int(line["ip_len"]) for port, line in found.items()} == lengths, f"fragments: {found}")
        for port, line in found.items():
            check(line["options"] == fragments.SIGNATURE_OPTIONS, f"{port}: options {line['options']}")
            check(("fragment" in line["flags"].split(",")) == (port != 1005), f"{port}: flags {line['flags']}")
        check(found[1007]["tunnel"] == "ip-in-ip", f"1007: tunnel {found[1007]['tunnel']}")


def live(interface):
    """AF_PACKET removes VLAN tags from frames."""
    with Wire() as wire, tempfile.TemporaryDirectory() as work:
        fragments.tagged(f"{SOURCE}/tests/data/vlan.pcap", f"{work}/tagged.pcap", 42)
        with open(f"{work}/messages", "w", encoding="utf-8") as messages:
            process = subprocess.Popen([*wire.inside, *ZEEK, "-i", interface], cwd=work,
                                       stderr=messages, env={**os.environ, "ZEEK_PLUGIN_PATH": plugins})
        try:
            wait_for(lambda: "listening on" in open(f"{work}/messages", encoding="utf-8").read(), "Zeek listens")
            time.sleep(1)
            for capture in (f"{SOURCE}/tests/data/web.pcap", f"{work}/tagged.pcap"):
                wire.send(capture)
            wait_for(lambda: len([line for line in maps(f"{work}/tcp_fp.log") if line["kind"] != "uptime"]) >= 28, "28 lines")
        finally:
            process.terminate()
            check(process.wait(60) == 0, f"{interface}: exit code {process.returncode}")
        lines = [line for line in maps(f"{work}/tcp_fp.log") if line["kind"] != "uptime"]
        tags = collections.Counter(line["vlan"] for line in lines)
        check(tags == {"-": 26, "42": 2}, f"{interface}: VLANs {tags}")
        known = {line["uid"] for line in maps(f"{work}/conn.log")}
        check({line["uid"] for line in lines} <= known, f"{interface}: uids that conn.log does not have")


def wait_for(condition, what):
    end = time.time() + 60
    while time.time() < end:
        if condition():
            return
        time.sleep(0.2)
    check(False, f"not within 60 s: {what}")


def package_manager():
    """zkg installs the repository; then one @load is enough."""
    with tempfile.TemporaryDirectory() as work:
        repository = f"{work}/synfix"
        shutil.copytree(SOURCE, repository, ignore=shutil.ignore_patterns(".git", "build*", "roots"))
        git = ["git", "-C", repository, "-c", "user.name=test", "-c", "user.email=test@example.com"]
        for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "copy"]):
            subprocess.run([*git, *words], check=True, capture_output=True)
        with open(f"{work}/config", "w", encoding="utf-8") as file:
            file.write("[sources]\n[paths]\n" + "".join(f"{name} = {work}/{name}\n" for name in
                                                         ("state_dir", "script_dir", "plugin_dir", "bin_dir")))
        done = subprocess.run(["zkg", "--configfile", f"{work}/config", "install", "--force", "--skiptests", repository],
                              capture_output=True, text=True, timeout=400)
        check(done.returncode == 0, f"zkg: {done.stdout[-1000:]} {done.stderr[-1000:]}")
        script = f'eval "$(zkg --configfile {work}/config env)" && {" ".join(ZEEK)} -r {SOURCE}/tests/data/web.pcap packages'
        subprocess.run(["sh", "-c", script], cwd=work, timeout=120, check=False)
        lines = maps(f"{work}/conn.log")
        check(lines and all(line.get("client_os", "-") != "-" and line["server_os"] != "-" for line in lines),
              f"zkg: conn.log: {lines[:1]}")


fragments_are_whole()
if shutil.which("zkg") and shutil.which("git"):
    package_manager()
if os.geteuid() == 0 and shutil.which("ip"):
    has_af_packet = "AF_Packet" in subprocess.run(["zeek", "-N"], capture_output=True, text=True).stdout
    live("af_packet::vb" if has_af_packet else "vb")
print(f"{total} lines are equal, {failures} failures")
sys.exit(failures > 0)
