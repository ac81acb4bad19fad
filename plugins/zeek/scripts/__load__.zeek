# SPDX-License-Identifier: MIT OR Apache-2.0
# The log tcp_fp: each fingerprint with Zeek's own uid and connection.
module Synfix;

export {
    ## The signature database.
    const database = "/usr/local/share/synfix/sigdb/synfix.fp" &redef;

    redef enum Log::ID += { LOG };

    type Info: record {
        ts: time &log;
        uid: string &log;
        id: conn_id &log;
        is_resp: bool &log;
        signature: string &log;
        os: string &log &optional;
        quality: count &log;
        distance: count &log;
        mtu: count &log &optional;
    };

    ## Raised by the plugin for each SYN (from_server F) and SYN+ACK (T). os is "?" without a match, mtu 0 when unknown.
    global fingerprint: event(c: connection, from_server: bool, signature: string, os: string, quality: count,
        distance: count, mtu: count);
}

event zeek_init()
    {
    Log::create_stream(Synfix::LOG, [$columns=Info, $path="tcp_fp"]);
    }

event Synfix::fingerprint(c: connection, from_server: bool, signature: string, os: string, quality: count,
    distance: count, mtu: count)
    {
    local info = Info($ts=network_time(), $uid=c$uid, $id=c$id, $is_resp=from_server, $signature=signature,
        $quality=quality, $distance=distance);
    if ( os != "?" )
        info$os = os;
    if ( mtu != 0 )
        info$mtu = mtu;
    Log::write(Synfix::LOG, info);
    }
