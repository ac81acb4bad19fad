#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""check_configurations.py SOURCE PROGRAM: `synfix capture --check-config` finds no mistake in the ```ini blocks of the pages.

Files and interfaces of the examples need not exist here. Blocks for other programs (systemd, tmpfiles) do not begin with a section
of synfix.conf."""
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from run_commands import fences  # noqa: E402, beside this file

OURS = re.compile(r"^\[(capture|engine|filter|export|process|metrics|hosts|sink \S+|enricher \S+)\]$", re.M)
ABSENT = re.compile(r"No such file or directory|no signature database|no interface named|no such interface at present")


def mistakes(program, text, work):
    path = work / "example.conf"
    path.write_text(text, encoding="utf-8")
    done = subprocess.run([program, "capture", "--config", path, "--check-config"], capture_output=True, text=True, check=False)
    found = [line for line in done.stderr.splitlines() if line.startswith("synfix:") and not ABSENT.search(line)]
    return found if done.returncode in (0, 2, 4) else found + [f"exit code {done.returncode}"]


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
    if checked == 0:
        print("no configuration was found")
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
