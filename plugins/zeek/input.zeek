# SPDX-License-Identifier: MIT OR Apache-2.0
# Without a plugin: Zeek reads what synfix writes beside it, and adds the client's operating system to conn.log.
#
#     synfix capture -i eth0 --enrich community-id --to 'zeek:/var/lib/synfix/tcp_fp.log?append=yes'
#     zeek -i eth0 policy/protocols/conn/community-id-logging input.zeek
#
# community_id is the same number on both sides (the same seed given).
module Synfix;

export {
    const log_file = "/var/lib/synfix/tcp_fp.log" &redef;

    type Key: record {
        community_id: string;
        is_resp: bool;
    };
    type Value: record {
        os: string &optional;
        signature: string;
    };

    ## What was read of late; an entry is forgotten ten minutes after it was written.
    global seen: table[string, bool] of Value = table() &create_expire=10min;

    redef record Conn::Info += {
        client_os: string &log &optional;
        server_os: string &log &optional;
    };
}

event Synfix::line(description: Input::TableDescription, kind: Input::Event, left: Key, right: Value)
    {
    seen[left$community_id, left$is_resp] = right;
    }

event zeek_init()
    {
    Input::add_table([$source=log_file, $name="synfix", $idx=Key, $val=Value, $destination=seen,
        $reader=Input::READER_ASCII, $mode=Input::STREAM, $ev=Synfix::line]);
    }

hook Conn::log_policy(record_: Conn::Info, id: Log::ID, filter: Log::Filter)
    {
    if ( ! record_?$community_id )
        return;
    if ( [record_$community_id, F] in seen && seen[record_$community_id, F]?$os )
        record_$client_os = seen[record_$community_id, F]$os;
    if ( [record_$community_id, T] in seen && seen[record_$community_id, T]?$os )
        record_$server_os = seen[record_$community_id, T]$os;
    }
