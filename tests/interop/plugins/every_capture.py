#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""every_capture.py PROGRAM SOURCE suricata ROOT | zeek BUILD DIRECTORY [EVERY]: runs each (each EVERY-th) capture
below DIRECTORY through the plug-in and through `synfix read`. Prints the captures that differ, with the causes of
each missing event or line (causes.py). Exit code 1 if one has no cause. For manual runs: a directory of captures is
not part of the project."""
import collections
import importlib
import os
import sys

sys.dont_write_bytecode = True
from causes import causes_of


def captures_below(directory, every):
    paths = sorted(os.path.join(parent, name) for parent, _, names in os.walk(directory) for name in names)
    return paths[::every]


def main(program, source, host, place, directory, every="1"):
    compared = importlib.import_module(f"every_capture_{host}").Compared(program, source, place)
    totals, causes = collections.Counter(), collections.Counter()
    for path, found, expected, facts in compared.results(captures_below(directory, int(every))):
        missing, extra = expected - found, found - expected
        counts = {"expected": expected.total(), "missing": missing.total(), "extra": extra.total()}
        totals.update(captures=1, **counts)
        if missing or extra:
            named, unexplained = causes_of(host, path, missing, extra, facts)
            without = unexplained + (not missing)  # additional lines without missing ones have no cause
            named += ["NO CAUSE"] if without else []
            causes.update(named)
            totals["without a cause"] += without
            print(f"{os.path.relpath(path, directory)}: {counts['missing']} missing, {counts['extra']} extra of {counts['expected']}: "
                  f"{', '.join(named)}", flush=True)
    print(f"{totals['captures']} captures: {totals['expected'] - totals['missing']} of {totals['expected']} equal, {totals['extra']} extra; "
          f"captures by cause: {dict(causes)}")
    return totals["without a cause"] > 0 or totals["expected"] == 0 or compared.failures > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
