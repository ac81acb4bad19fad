#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# The made captures are what they should be: made.sh SYNFIX CAPTURE
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
