# SPDX-License-Identifier: MIT OR Apache-2.0
# A wrong value while Zeek runs causes one error, for any number of packets after it, and the previous values stay in
# use. The configuration framework sets options from a file.
# @TEST-EXEC: printf 'classes = other\n[tcp:request]\nlabel = s:other:Renamed:1\nsig = *:64:0:*:*,*:mss,sok,ts,nop,ws:df,id+:0\n' >own.fp
# @TEST-EXEC: printf 'nonsense\n' >wrong.fp
# @TEST-EXEC: printf 'Synfix::database\town.fp\nSynfix::uptime_mode\toff\n' >options
# @TEST-EXEC: $ZEEK -r $DATA/web.pcap %INPUT
# @TEST-EXEC: zeek-cut level message <reporter.log | grep synfix | sed 's/: .*in use$/: x/' >errors; test "$(wc -l <errors)" = 6
# @TEST-EXEC: test "$(grep -c '^Reporter::ERROR' errors)" = 5
# @TEST-EXEC: zeek-cut message <reporter.log | grep -q '/missing.fp.*Synfix::database.*stay in use'
# @TEST-EXEC: zeek-cut message <reporter.log | grep -q 'wrong.fp:1: .*stay in use'
# @TEST-EXEC: zeek-cut message <reporter.log | grep -q "Synfix::uptime_mode: 'fast'.*stay in use"
# @TEST-EXEC: zeek-cut message <reporter.log | grep -q "Synfix::min_quality: '101'.*stay in use"
# @TEST-EXEC: zeek-cut message <reporter.log | grep -q "Synfix::signature_mode: ''.*stay in use"
# @TEST-EXEC: zeek-cut message <reporter.log | grep -q 'only with a restart'
# @TEST-EXEC: test "$(zeek-cut kind <tcp_fp.log | grep -c syn)" = 26
# @TEST-EXEC: test "$(zeek-cut os <tcp_fp.log | grep -c Renamed)" = 0
# @TEST-EXEC: rm -f *.log; $ZEEK -r $DATA/web.pcap config.zeek
# @TEST-EXEC: test "$(zeek-cut kind os <tcp_fp.log | grep -c Renamed)" = 13
# @TEST-EXEC: test "$(zeek-cut kind <tcp_fp.log | grep -c uptime)" = 0
# @TEST-EXEC: test "$(zeek-cut id <config.log | grep -c Synfix)" = 2
global seen = 0;

# Each wrong value is set for some packets; then a right one replaces it.
event Synfix::fingerprint(c: connection, info: Synfix::Info)
    {
    switch ( ++seen )
        {
        case 2: Config::set_value("Synfix::database", "/missing.fp"); break;
        case 5: Config::set_value("Synfix::database", "wrong.fp"); break;
        case 8: Config::set_value("Synfix::database", ""); Config::set_value("Synfix::uptime_mode", "fast"); break;
        case 11: Config::set_value("Synfix::uptime_mode", "regression"); Config::set_value("Synfix::min_quality", 101); break;
        case 14: Config::set_value("Synfix::min_quality", 0); Config::set_value("Synfix::signature_mode", ""); break;
        case 17: Config::set_value("Synfix::signature_mode", "packet"); Config::set_value("Synfix::hosts", 2048); break;
        }
    }

@TEST-START-FILE config.zeek
redef Config::config_files += { "options" };

event zeek_init()
    {
    suspend_processing();
    }

event Input::end_of_data(name: string, source: string)
    {
    continue_processing();
    }
@TEST-END-FILE
