#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# libfixbuf reads files of all profiles without a message; checks the values of the first packet of a capture.
. "$(dirname "$0")/../common.sh"
need ipfixDump

for profile in full compact iana; do
    for compat in "" "&compat=cert"; do
        file=$work/$profile.ipfix
        send "$data/mixed.pcap" --to "file:$file?profile=$profile$compat"
        ipfixDump --in "$file" --rfc5610 --yaf >"$work/out" 2>"$work/err" ||
            complain "ipfixDump fails on $profile$compat"
        [ -s "$work/err" ] && complain "ipfixDump reports an error on $profile$compat: $(head -1 "$work/err")"
        sed 's/  */ /g' "$work/out" >"$work/$profile$compat.txt"
    done
done
full=$work/full.txt
expect '(152) flowStartMilliseconds : 2004-08-26 12:12:06.102' "$full"
expect '(8) sourceIPv4Address : 10.0.0.9' "$full"
expect '(11) destinationTransportPort : 502' "$full"
expect '(32473/14) tcpMaximumSegmentSize : 1460' "$full"
expect '(32473/1) tcpSignature : (len: 48) 4:128+0:0:1460:mss*44,0:mss,nop,nop,sok:df,id+:0' "$full"
expect '(32473/2) osLabel : (len: 10) Windows XP' "$full"
expect '(32473/20) timestampFrequency : ' "$full"
expect 'osLabel : (len: 10) Windows XP' "$work/compact.txt"
expect '(6871/36) osName : (len: 7) Windows' "$work/full&compat=cert.txt"
grep -q 32473/ "$work/iana.txt" && complain "iana has enterprise elements"
exit $((failures > 0))
