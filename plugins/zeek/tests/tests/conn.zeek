# SPDX-License-Identifier: MIT OR Apache-2.0
# conn.log has the OS of both sides.
# @TEST-EXEC: $ZEEK -r $DATA/web.pcap %INPUT
# @TEST-EXEC: zeek-cut client_os client_os_quality server_os server_os_quality <conn.log | sort -u >os
# @TEST-EXEC: test "$(wc -l <os)" = 1
# @TEST-EXEC: grep -E '^Linux [^	]*	[0-9]+	[^	]{2,}	[0-9]+$' os
