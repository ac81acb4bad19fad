# SPDX-License-Identifier: MIT OR Apache-2.0
##! The OS of client and server in conn.log. The client is the originator of Zeek's connection.
@load base/protocols/conn
@load ./main

module Synfix;

export {
    ## What the SYN and the SYN+ACK of a connection say.
    type Sides: record {
        client: Synfix::Info &optional;
        server: Synfix::Info &optional;
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

# A later fingerprint replaces one without a label.
function is_better(info: Synfix::Info, known: bool, labelled: bool): bool
    {
    return ! known || ( info?$os && ! labelled );
    }

event Synfix::fingerprint(c: connection, info: Synfix::Info) &priority=5
    {
    if ( ! c?$synfix )
        c$synfix = Sides();
    local s = c$synfix;
    if ( info$is_resp )
        {
        if ( is_better(info, s?$server, s?$server && s$server?$os) )
            s$server = info;
        }
    else if ( is_better(info, s?$client, s?$client && s$client?$os) )
        s$client = info;
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
