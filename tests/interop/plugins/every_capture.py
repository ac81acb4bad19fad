#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""every_capture.py PROGRAM SOURCE suricata ROOT | zeek BUILD DIRECTORY [EVERY]: each capture below DIRECTORY (each EVERY-th)
through the plug-in and through `synfix read`. Prints the captures that differ, each with the causes of the page that apply to it
(causes.py). Exit code 1 if a capture differs without a cause. For a run by hand: a directory of captures is not part of the project."""
import collections
import importlib
import os
import sys

sys.dont_write_bytecode = True
from causes import causes_of


def captures_below(directory, every):
    paths = sorted(os.path.join(folder, name) for folder, _, names in os.walk(directory) for name in names)
    return paths[::every]


def difference(found, expected):
    missing, extra = expected - found, found - expected
    return sum(missing.values()), sum(extra.values())


def main(program, source, host, place, directory, every="1"):
    compared = importlib.import_module(f"every_capture_{host}").Compared(program, source, place)
    totals, causes = collections.Counter(), collections.Counter()
    for path, found, expected, facts in compared.results(captures_below(directory, int(every))):
        missing, extra = difference(found, expected)
        totals.update(captures=1, expected=sum(expected.values()), missing=missing, extra=extra)
        if missing or extra:
            named = causes_of(host, path, facts)
            causes.update(named or ["no cause"])
            print(f"{os.path.relpath(path, directory)}: {missing} missing, {extra} extra of {sum(expected.values())}: {', '.join(named) or 'NO CAUSE'}")
    print(f"{totals['captures']} captures: {totals['expected'] - totals['missing']} of {totals['expected']} equal, {totals['extra']} extra; "
          f"causes: {dict(causes)}")
    return causes["no cause"] > 0 or totals["expected"] == 0 or compared.failures > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
