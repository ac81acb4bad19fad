# SPDX-License-Identifier: MIT OR Apache-2.0
# The same connection in two VXLAN segments and without a tunnel; an IPv6 atomic fragment.
# @TEST-EXEC: $ZEEK -r $DATA/vxlan.pcap %INPUT
# @TEST-EXEC: zeek-cut tunnel tunnel_id <tcp_fp.log | sort -u | tr '\t\n' ' ;' | grep -x -- '- -;vxlan 4242;vxlan 4711;'
# @TEST-EXEC: rm -f *.log; $ZEEK -r $DATA/ipv6-extension.pcap %INPUT
# @TEST-EXEC: test "$(zeek-cut kind <tcp_fp.log | grep -c syn)" -ge 7
