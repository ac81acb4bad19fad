#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Truncated, damaged and foreign files as input of dump: counted by reason.
. "$(dirname "$0")/common.sh"
command -v python3 >/dev/null || skip "no python3; install the package python3"
python3 "$here/archive_problems.py" "$synfix" "$data" "$here/test.fp" "$work" || complain "problems of archives"
exit $((failures > 0))
