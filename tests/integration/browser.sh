#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The report in headless Chromium (browser.py).
. "$(dirname "$0")/common.sh"
for name in chromium chromium-browser google-chrome; do
    command -v $name >/dev/null && chromium=$name && break
done
[ -n "${chromium-}" ] || skip "no chromium; install the package chromium"
command -v python3 >/dev/null || skip "no python3; install the package python3"
PYTHONDONTWRITEBYTECODE=1 timeout 110 python3 "$here/browser.py" "$synfix" "$chromium" "$work"
