#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""zeek.py PROGRAM SOURCE BUILD: builds the plug-in of plugins/zeek with the headers that zeek-config names, runs its btests,
and compares tcp_fp.log with the log of the program's sink `zeek:` over tests/data. Skipped (77) without Zeek."""
import collections
import glob
import os
import shutil
import subprocess
import sys
import tempfile

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
for words in (["cmake", "-S", SOURCE, "-B", BUILD, "-DSYNFIX_PROGRAM=OFF", "-DSYNFIX_TESTS=OFF", f"-DSYNFIX_ZEEK={include}"],
              ["cmake", "--build", BUILD, "--target", "zeek_synfix"]):
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout[-3000:], done.stderr[-3000:])
        sys.exit("FAILED: the plug-in does not build")
plugins = f"{BUILD}/plugins/zeek"
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
print(f"{total} lines are equal, {failures} failures")
sys.exit(failures > 0)
