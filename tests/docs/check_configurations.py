#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""check_configurations.py SOURCE PROGRAM: `synfix capture --check-config` finds no error in the ```ini blocks of the
pages.

Files and interfaces of the examples may be missing. Blocks for other programs (systemd, tmpfiles) do not begin with a
section of synfix.conf."""
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from run_commands import fences  # noqa: E402, in this directory

OURS = re.compile(r"^\[(capture|engine|filter|export|process|metrics|hosts|sink \S+|enricher \S+)\]$", re.M)
ABSENT = re.compile(r"No such file or directory|no signature database|no interface named|no such interface at present")


def mistakes(program, text, work):
    path = work / "example.conf"
    path.write_text(text, encoding="utf-8")
    done = subprocess.run([program, "capture", "--config", path, "--check-config"], capture_output=True, text=True, check=False)
    found = [line for line in done.stderr.splitlines() if line.startswith("synfix:") and not ABSENT.search(line)]
    return found if done.returncode in (0, 2, 4) else found + [f"exit code {done.returncode}"]


def reloadable(program):
    """{section: {setting: whether SIGHUP applies it}} from the manual page."""
    page = subprocess.run([program, "help", "--man", "synfix.conf"], capture_output=True, text=True, check=True).stdout
    settings = {}
    for section, text in re.findall(r"^\.SS \[(\w+)\]\n(.*?)(?=^\.S[SH] )", page, re.M | re.S):
        for name, detail in re.findall(r"^\.TP\n(.*?)\n(.*?)(?=^\.TP$|\Z)", text, re.M | re.S):
            name = re.sub(r"\\f.|^\.\w+ ", "", name).replace("\\", "").split(" ")[0].strip('"')
            if not re.search(r"Used by \S*read\S* only", detail):
                settings.setdefault(section, {})[name] = "Reloadable" in detail
    return settings


def marked(text):
    """{section: {setting: no mark (restart)}} of the shipped configuration file."""
    settings, section, comment, previous_is_setting = {}, None, "", False
    for line in text.splitlines():
        header, setting = re.match(r"#?\[(.+)\]$", line), re.match(r"#?([a-z-]+) = ", line)
        if header:
            section, comment = header[1], ""
        elif section and setting:
            settings.setdefault(section, {})[setting[1]] = "(restart)" not in comment
        elif line.startswith("# "):
            comment = line if previous_is_setting else comment + line
        previous_is_setting = bool(setting)
    return settings


def reload_mistakes(program, source):
    """Compares the marks of the shipped file and the table of the page about operation with the program."""
    known = reloadable(program)
    if not known or not any(any(names.values()) for names in known.values()):
        return ["the manual page lists no setting that can be reloaded"]
    found = []
    for section, names in marked((source / "conf" / "synfix.conf").read_text(encoding="utf-8")).items():
        for name, applied in names.items():
            if name in known.get(section, {}) and known[section][name] != applied:
                found.append(f"conf/synfix.conf: [{section}] {name}: the mark (restart) is {'missing' if applied else 'wrong'}")
    page = (source / "docs" / "reference" / "operation.md").read_text(encoding="utf-8")
    rows = [(row[0] == "immediate", row[1]) for row in re.findall(r"^\| (immediate|restart)[^|]*\| (.*) \|$", page, re.M)]
    for section, names in known.items():
        for name, applied in names.items():
            stated = {effect for effect, text in rows if f"`{name}`" in text or f"all of `[{section}]`" in text}
            if applied not in stated:
                found.append(f"docs/reference/operation.md: [{section}] {name}: {'' if applied else 'not '}applied by HUP")
    return found


def main():
    source, program = pathlib.Path(sys.argv[1]), sys.argv[2]
    checked = wrong = 0
    with tempfile.TemporaryDirectory() as work:
        for page in [source / "README.md", *sorted(source.glob("docs/**/*.md"))]:
            for line, language, text, _ in fences(page):
                if language != "ini" or not OURS.search(text):
                    continue
                checked += 1
                for mistake in mistakes(program, text, pathlib.Path(work)):
                    wrong += 1
                    print(f"{page}:{line}: {mistake}")
    for mistake in reload_mistakes(program, source):
        wrong += 1
        print(mistake)
    if checked == 0:
        print("no configuration was found")
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
