#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# answers.sh SYNFIX: labels of the shipped database that follow from kernel sources. No list has a packet for them.
here=$(cd "$(dirname "$0")" && pwd)
synfix=$1
sigdb=$here/../../sigdb/synfix.fp
. "$here/../support/complain.sh"
# expect KIND SIGNATURE LABEL
expect() {
    local response=()
    [ "$1" = syn+ack ] && response=(--response)
    local chosen
    chosen=$("$synfix" sigdb explain --sigdb "$sigdb" "${response[@]}" "$2" | sed -n 's/^chosen: [^ ]* \(.*\) \[.*/\1/p')
    [ "$chosen" = "$3" ] || complain "$1 $2: ${chosen:-nothing}, not $3"
}
# A Mac and FreeBSD write the same options after a SYN without timestamps or SACK.
both='FreeBSD or macOS without timestamps or SACK'
for version in 4 6; do
    expect syn+ack "$version:64+0:0:1440:65535,6:mss,nop,ws,sok,eol+1:$([ $version = 4 ] && echo df):0" "$both"
    expect syn+ack "$version:64+0:0:1440:65535,6:mss,nop,ws,nop,nop,ts:$([ $version = 4 ] && echo df):0" "$both"
    expect syn+ack "$version:64+0:0:1440:65535,6:mss,nop,ws:$([ $version = 4 ] && echo df):0" "$both"
done
# The MTU of Linux's loopback interface was 16436 bytes before Linux 3.6.
old='Linux 2.4 to 3.5, loopback interface'
expect syn '4:64+0:0:16396:mss*2,7:mss,sok,ts,nop,ws:df,id+:0' "$old"
expect syn '6:64+0:0:16376:mss*2,7:mss,sok,ts,nop,ws:flow:0' "$old"
expect syn+ack '4:64+0:0:16396:mss*2,7:mss,sok,ts,nop,ws:df:0' "$old"
# BGP sends to a neighbour with a TTL of 1.
expect syn '4:1+31:0:1460:16384,0:mss,nop,ws,nop,nop,ts,sok,eol+1:df,id+:0' 'Juniper Junos'
exit $((failures > 0))
