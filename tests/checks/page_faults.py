#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""page_faults.py PROGRAM CAPTURE: the number of page faults at the start is limited.

Counts the page faults of `read CAPTURE` (50 packets) to text and to an IPFIX file, minus those of `--version` (the
dynamic linker). Prefaulted pages count as well. One page costs about a microsecond.
"""
import os
import sys
import tempfile

LIMITS = {"text": 400, "IPFIX file": 650}


def page_faults(command):
    """Page faults of COMMAND. The output of COMMAND is discarded."""
    null = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    process = os.posix_spawn(command[0], command, os.environ, file_actions=null)
    _, status, usage = os.wait4(process, 0)
    if status != 0:
        sys.exit(f"page_faults: {' '.join(command)}: status {status}")
    return usage.ru_minflt


def main():
    synfix, capture = sys.argv[1:]
    failed = False
    with tempfile.TemporaryDirectory(prefix="synfix-start-") as scratch:
        outputs = {"text": [], "IPFIX file": ["--to", f"file:{scratch}/out.ipfix"]}
        linker = page_faults([synfix, "--version"])
        for output, options in outputs.items():
            faults = page_faults([synfix, "read", capture, *options]) - linker
            failed |= faults > LIMITS[output]
            print(f"{output}: {faults} page faults, at most {LIMITS[output]} allowed; {linker} more of the dynamic linker")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
