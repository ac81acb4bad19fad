#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# package.sh PROGRAM DIRECTORY DIRECTORY PYTHON: runs the tests of python/ with the libraries of the two directories.
set -u
here=$(realpath "$(dirname "$0")/../..")
export SYNFIX_PROGRAM=$1 SYNFIX_TEST_DATA=$here/tests/data PYTHONDONTWRITEBYTECODE=1
export SYNFIX_LIBRARY_PATH=$2:$3 PYTHONPATH=$here/python
command -v "$4" >/dev/null || { echo "skipped: no $4; install the package python3"; exit 77; }
nm -D "$2/libsynfix.so" | grep -q '__[at]san_init' && { echo "skipped: a build with sanitizers; build without SYNFIX_SANITIZE"; exit 77; }
exec "$4" "$here/python/tests/test_synfix.py"
