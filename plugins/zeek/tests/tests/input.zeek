# SPDX-License-Identifier: MIT OR Apache-2.0
# Without the plug-in: a finished log is read before the capture, without warnings, uptime lines included. A line counts
# only for the connection of its time. A log that cannot be read ends Zeek.
# @TEST-EXEC: $ZEEK -r $DATA/web.pcap policy/protocols/conn/community-id-logging && zeek-cut ts community_id <conn.log >ids
# @TEST-EXEC: printf '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\ttcp_fp\n#fields\tts\tcommunity_id\tis_resp\tos\tquality\n#types\ttime\tstring\tbool\tstring\tcount\n' >lines
# @TEST-EXEC: while read -r ts id; do printf '100.0\t%s\tF\tEarlier\t99\n' "$id"; printf "$ts\t$id\tF\tClient\t90\n$ts\t$id\tT\tServer\t80\n$ts\t$id\tF\t-\t-\n"; done <ids >>lines
# @TEST-EXEC: rm -f *.log; mv lines tcp_fp.in; env -u ZEEK_PLUGIN_PATH $ZEEK -r $DATA/web.pcap $SOURCE/plugins/zeek/input.zeek %INPUT 2>errors
# @TEST-EXEC: ! grep -h -v '^#\|processing suspended\|processing continued' errors reporter.log
# @TEST-EXEC: test "$(zeek-cut client_os client_os_quality server_os server_os_quality <conn.log | sort -u | tr '\t' ' ')" = "Client 90 Server 80"
# @TEST-EXEC-FAIL: env -u ZEEK_PLUGIN_PATH $ZEEK -r $DATA/web.pcap $SOURCE/plugins/zeek/input.zeek Synfix::log_file=missing 2>errors
# @TEST-EXEC: grep -q 'missing: set Synfix::log_file' errors
# @TEST-EXEC-FAIL: env -u ZEEK_PLUGIN_PATH $ZEEK -r $DATA/web.pcap $SOURCE/plugins/zeek/input.zeek Synfix::log_file=$DATA/web.pcap 2>errors
# @TEST-EXEC: grep -q 'set Synfix::log_file' errors
redef Synfix::log_file = "tcp_fp.in";
