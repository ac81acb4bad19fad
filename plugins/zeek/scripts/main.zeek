# SPDX-License-Identifier: MIT OR Apache-2.0
##! OS fingerprints of TCP connections: the log tcp_fp, with the columns of synfix's sink `zeek:`, and events.
module Synfix;

export {
    redef enum Log::ID += { LOG };

    ## Decides about each line of the log.
    global log_policy: Log::PolicyHook;

    ## The signature database; empty: the one that comes with the plug-in. A new value, also the same path again,
    ## loads the file while Zeek runs.
    option database = "";

    ## Percent: less certain matches are reduced to generation, family, class, or nothing.
    option min_quality: count = 0;

    ## How uptimes of hosts are estimated: regression, off, or p0f (compatible with p0f 3.09b).
    option uptime_mode = "regression";

    ## How signatures are formed: packet, or p0f (compatible with p0f 3.09b).
    option signature_mode = "packet";

    ## Number of hosts with a clock; read at start.
    option hosts: count = 131072;

    ## Number of connections that are being opened; read at start.
    option handshakes: count = 65536;

    ## A line of the log. Which fields are set depends on kind: syn, syn+ack or uptime.
    type Info: record {
        ts: time &log;
        uid: string &log;
        id: conn_id &log;
        proto: transport_proto &log;
        kind: string &log;
        is_resp: bool &log;
        signature: string &log &optional;
        os: string &log &optional;
        os_class: string &log &optional;
        os_family: string &log &optional;
        os_flavor: string &log &optional;
        match: string &log &optional;
        quality: count &log &optional;
        candidates: count &log &optional;
        distance: count &log &optional;
        initial_ttl: count &log &optional;
        params: string &log &optional;
        options: vector of string &log &optional;
        quirks: set[string] &log &optional;
        mtu: count &log &optional;
        link: string &log &optional;
        ttl: count &log &optional;
        tos: count &log &optional;
        ip_len: count &log &optional;
        tcp_flags: count &log &optional;
        window: count &log &optional;
        mss: count &log &optional;
        window_scale: count &log &optional;
        payload_len: count &log &optional;
        ts_value: count &log &optional;
        ts_echo: count &log &optional;
        frequency: count &log &optional;
        frequency_measured: double &log &optional;
        uptime: count &log &optional;
        uptime_modulus: count &log &optional;
        uptime_reliability: count &log &optional;
        flags: set[string] &log &optional;
        vlan: count &log &optional;
        tunnel: string &log &optional;
        tunnel_id: count &log &optional;
        community_id: string &log &optional;
        muonfp: string &log &optional;
        change: set[string] &log &optional;
        os_before: string &log &optional;
        os_after: string &log &optional;
        sharing_score: count &log &optional;
        sharing_reasons: set[string] &log &optional;
    };

    ## A SYN (info$is_resp is F) or SYN+ACK (T).
    global fingerprint: event(c: connection, info: Synfix::Info);

    ## The uptime of a host: of the server if info$is_resp is T, else of the client.
    global uptime: event(c: connection, info: Synfix::Info);

    ## Raised when a line is written.
    global log_tcp_fp: event(rec: Synfix::Info);
}

event zeek_init() &priority=5
    {
    Log::create_stream(Synfix::LOG, [$columns=Info, $ev=log_tcp_fp, $path="tcp_fp", $policy=log_policy]);
    }

event Synfix::fingerprint(c: connection, info: Synfix::Info) &priority=-5
    {
    Log::write(Synfix::LOG, info);
    }

event Synfix::uptime(c: connection, info: Synfix::Info) &priority=-5
    {
    Log::write(Synfix::LOG, info);
    }
