# SPDX-License-Identifier: MIT OR Apache-2.0
# Events have the record of the log; the policy hook decides about lines.
# @TEST-EXEC: $ZEEK -r $DATA/web.pcap %INPUT >output
# @TEST-EXEC: test "$(grep -c '^syn Linux' output)" = 13
# @TEST-EXEC: test "$(grep -c '^uptime 8359$' output)" = 1
# @TEST-EXEC: test "$(grep -c '^ends Linux 70$' output)" = 13
# @TEST-EXEC: test "$(zeek-cut kind <tcp_fp.log | sort -u)" = uptime
event Synfix::fingerprint(c: connection, info: Synfix::Info)
    {
    if ( ! info$is_resp && info?$os_family )
        print fmt("%s %s", info$kind, info$os_family);
    }

event connection_state_remove(c: connection)
    {
    if ( c?$synfix && c$synfix?$client && c$synfix?$server )
        print fmt("ends %s %s", c$synfix$client$os_family, c$synfix$server$quality);
    }

event Synfix::uptime(c: connection, info: Synfix::Info)
    {
    print fmt("uptime %s", info$uptime);
    }

hook Synfix::log_policy(rec: Synfix::Info, id: Log::ID, filter: Log::Filter)
    {
    if ( rec$kind != "uptime" )
        break;
    }
