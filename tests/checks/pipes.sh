#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# pipes.sh: no script with `pipefail` ends a pipe with `grep -q` (see tests/support/contains.sh).
mapfile -t scripts < <(for shared in $(grep -rl 'pipefail' tests --include='*.sh'); do ls "$(dirname "$shared")"/*.sh; done | sort -u | grep -v '^tests/checks/')
[ "${#scripts[@]}" -gt 20 ] || { echo "FAILED: only ${#scripts[@]} scripts found"; exit 1; }
! grep -nE '[^|]\|[[:space:]]*grep -[A-Za-z]*q' "${scripts[@]}"
