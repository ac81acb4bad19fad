# SPDX-License-Identifier: MIT OR Apache-2.0
# The log has one line for each SYN, SYN+ACK and uptime, with the packet's time and Zeek's uid.
# @TEST-EXEC: $ZEEK -r $DATA/web.pcap %INPUT
# @TEST-EXEC: test "$(zeek-cut kind <tcp_fp.log | sort | uniq -c | awk '{print $1, $2}' | tr '\n' ';')" = "13 syn;13 syn+ack;1 uptime;"
# @TEST-EXEC: test "$(zeek-cut ts <tcp_fp.log | head -n 1)" = "1389719041.819644"
# @TEST-EXEC: zeek-cut uid <conn.log | sort -u >known; zeek-cut uid <tcp_fp.log | sort -u | comm -23 - known >strangers; test ! -s strangers
# @TEST-EXEC: test ! -e reporter.log
