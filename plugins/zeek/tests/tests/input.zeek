# SPDX-License-Identifier: MIT OR Apache-2.0
# Without the plug-in: a finished log is read before the capture, without warnings, uptime lines included.
# @TEST-EXEC: zeek -C -r $DATA/web.pcap policy/protocols/conn/community-id-logging && zeek-cut community_id <conn.log >ids
# @TEST-EXEC: printf '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\ttcp_fp\n#fields\tcommunity_id\tis_resp\tos\tquality\n#types\tstring\tbool\tstring\tcount\n' >lines
# @TEST-EXEC: while read -r id; do printf '%s\tF\tClient\t90\n%s\tT\tServer\t80\n%s\tF\t-\t-\n' "$id" "$id" "$id"; done <ids >>lines
# @TEST-EXEC: rm -f *.log; mv lines tcp_fp.in; env -u ZEEK_PLUGIN_PATH zeek -C -r $DATA/web.pcap $SOURCE/plugins/zeek/input.zeek %INPUT 2>errors
# @TEST-EXEC: test ! -s errors -a ! -e reporter.log
# @TEST-EXEC: test "$(zeek-cut client_os client_os_quality server_os server_os_quality <conn.log | sort -u | tr '\t' ' ')" = "Client 90 Server 80"
redef Synfix::log_file = "tcp_fp.in";
