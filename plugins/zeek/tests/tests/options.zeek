# SPDX-License-Identifier: MIT OR Apache-2.0
# A wrong option ends Zeek with a message. A change of an option while Zeek runs applies from the next packet on.
# @TEST-EXEC-FAIL: $ZEEK -r $DATA/web.pcap Synfix::database=/missing.fp 2>message
# @TEST-EXEC: grep -q '/missing.fp' message
# @TEST-EXEC-FAIL: $ZEEK -r $DATA/web.pcap Synfix::uptime_mode=fast 2>message
# @TEST-EXEC: grep -q 'uptime' message
# @TEST-EXEC: rm -f *.log; $ZEEK -r $DATA/web.pcap Synfix::uptime_mode=off && ! zeek-cut kind <tcp_fp.log | grep uptime
# @TEST-EXEC: printf 'classes = other\n[tcp:request]\nlabel = s:other:Renamed:1\nsig = *:64:0:*:*,*:mss,sok,ts,nop,ws:df,id+:0\n' >own.fp
# @TEST-EXEC: rm -f *.log; $ZEEK -r $DATA/web.pcap %INPUT
# @TEST-EXEC: test "$(zeek-cut kind os <tcp_fp.log | awk -F'\t' '$1 == "syn" { print $2 }' | uniq | tail -n 1)" = "Renamed 1"
# @TEST-EXEC: test "$(zeek-cut kind os <tcp_fp.log | awk -F'\t' '$1 == "syn" { print $2 }' | uniq | wc -l)" = 2
global seen = 0;

event Synfix::fingerprint(c: connection, info: Synfix::Info)
    {
    if ( ++seen == 4 )
        Config::set_value("Synfix::database", "own.fp");
    }
