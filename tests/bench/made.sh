#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# made.sh SYNFIX CAPTURE: make-mixed and repeat write the expected number of packets.
set -eu
here=$(dirname "$0")
synfix=$1
capture=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

packets() { "$synfix" read "$1" --to csv:/dev/null 2>&1 | sed -n 's/^\([0-9]*\) packets.*/\1/p'; }

"$here/make-mixed" "$capture" "$work/mixed.pcap" 5000 3
[ "$(packets "$work/mixed.pcap")" = 5000 ]
"$here/repeat" "$capture" 3 "$work/three.pcap"
[ "$(packets "$work/three.pcap")" = $((3 * $(packets "$capture"))) ]
