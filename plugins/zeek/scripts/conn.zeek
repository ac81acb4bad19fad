# SPDX-License-Identifier: MIT OR Apache-2.0
##! The OS of client and server in conn.log. The client is the originator of Zeek's connection.
@load base/protocols/conn
@load ./main

module Synfix;

export {
    ## The fingerprint of a SYN or SYN+ACK. A connection keeps only these fields, because a whole Synfix::Info needs as
    ## much memory as the connection.
    type Host: record {
        signature: string;
        os: string &optional;
        os_family: string &optional;
        ## Percent.
        quality: count;
        ## Routers between the sender and the capture point.
        distance: count &optional;
    };

    ## Both ends of a connection.
    type Sides: record {
        client: Host &optional;
        server: Host &optional;
    };

    redef record connection += {
        synfix: Synfix::Sides &optional;
    };

    redef record Conn::Info += {
        client_os: string &log &optional;
        ## Percent.
        client_os_quality: count &log &optional;
        server_os: string &log &optional;
        ## Percent.
        server_os_quality: count &log &optional;
    };
}

function host_of(info: Synfix::Info): Host
    {
    local host = Host($signature=info$signature, $quality=info$quality);
    if ( info?$os )
        host$os = info$os;
    if ( info?$os_family )
        host$os_family = info$os_family;
    if ( info?$distance )
        host$distance = info$distance;
    return host;
    }

# A later fingerprint replaces one without a label.
event Synfix::fingerprint(c: connection, info: Synfix::Info) &priority=5
    {
    if ( ! c?$synfix )
        c$synfix = Sides();
    local s = c$synfix;
    if ( info$is_resp )
        {
        if ( ! s?$server || ( info?$os && ! s$server?$os ) )
            s$server = host_of(info);
        }
    else if ( ! s?$client || ( info?$os && ! s$client?$os ) )
        s$client = host_of(info);
    }

event connection_flipped(c: connection) &priority=5
    {
    if ( ! c?$synfix )
        return;
    local flipped = Sides();
    if ( c$synfix?$client )
        flipped$server = c$synfix$client;
    if ( c$synfix?$server )
        flipped$client = c$synfix$server;
    c$synfix = flipped;
    }

# base/protocols/conn fills in c$conn with priority 5 and writes it with -5.
event connection_state_remove(c: connection)
    {
    if ( ! c?$conn || ! c?$synfix )
        return;
    if ( c$synfix?$client && c$synfix$client?$os )
        {
        c$conn$client_os = c$synfix$client$os;
        c$conn$client_os_quality = c$synfix$client$quality;
        }
    if ( c$synfix?$server && c$synfix$server?$os )
        {
        c$conn$server_os = c$synfix$server$os;
        c$conn$server_os_quality = c$synfix$server$quality;
        }
    }
