#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# html.sh SOURCE OUTPUT: builds the HTML documentation. A broken link is an error.
command -v mkdocs >/dev/null || { echo "skipped: no mkdocs; install the package mkdocs"; exit 77; }
exec mkdocs --quiet build --strict --config-file "$1/mkdocs.yml" --site-dir "$2"
