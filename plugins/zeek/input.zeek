# SPDX-License-Identifier: MIT OR Apache-2.0
##! Without the plug-in: Zeek reads the log that synfix writes, and adds the OS of client and server to conn.log.
##!
##!     synfix capture -i eth0 --enrich community-id --to 'zeek:/var/lib/synfix/tcp_fp.log?append=yes'
##!     zeek -i eth0 input.zeek
##!
##! community_id joins both (the same seed in both). With a capture, the log is read completely before the first packet;
##! live, it is followed while it grows. Zeek keeps a followed file open, so synfix must not rotate it.
@load base/frameworks/input
@load policy/protocols/conn/community-id-logging

module Synfix;

export {
    ## The log of the sink `zeek:`, tab-separated.
    const log_file = "/var/lib/synfix/tcp_fp.log" &redef;

    ## How long a line waits for its connection in a live capture.
    const wait = 1min &redef;

    ## The columns that are read.
    type Line: record {
        ts: time;
        community_id: string &optional;
        is_resp: bool;
        os: string &optional;
        quality: count &optional;
    };

    ## Lines of one connection.
    type Lines: record {
        client: vector of Line &default=vector();
        server: vector of Line &default=vector();
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

global expire: function(all: table[string] of Lines, id: string): interval;

# By community_id. Connections that follow each other with the same ports share one entry.
global lines: table[string] of Lines = table() &create_expire=wait &expire_func=expire;
# Connections that Zeek knows; their lines remain.
global active: table[string] of count &default=0;
global warned = F;

# With a capture, all lines are read first and remain.
function expire(all: table[string] of Lines, id: string): interval
    {
    return ( reading_traces() || id in active ) ? wait : 0sec;
    }

event Synfix::line(description: Input::EventDescription, kind: Input::Event, line: Synfix::Line)
    {
    if ( ! line?$community_id )
        {
        if ( ! warned )
            Reporter::warning(fmt("%s has no community_id: start synfix with --enrich community-id", log_file));
        warned = T;
        return;
        }
    if ( ! line?$os )
        return;
    if ( line$community_id !in lines )
        lines[line$community_id] = Lines();
    if ( line$is_resp )
        lines[line$community_id]$server += line;
    else
        lines[line$community_id]$client += line;
    }

# Processing is suspended until the log is read, so a log that cannot be read must end Zeek.
event Synfix::trouble(description: Input::EventDescription, message: string, level: Reporter::Level)
    {
    if ( level == Reporter::ERROR && reading_traces() )
        Reporter::fatal(fmt("synfix: %s: set Synfix::log_file to a log of synfix's sink zeek:", message));
    }

event zeek_init()
    {
    local whole = reading_traces();
    Input::add_event([$source=log_file, $name="synfix", $fields=Line, $want_record=T, $ev=Synfix::line,
        $error_ev=Synfix::trouble, $mode=whole ? Input::MANUAL : Input::STREAM,
        $config=table(["fail_on_file_problem"] = whole ? "T" : "F")]);
    if ( whole )
        suspend_processing();
    }

event Input::end_of_data(name: string, source: string)
    {
    if ( name == "synfix" && reading_traces() )
        continue_processing();
    }

# The first line of the time of the connection. With live traffic, synfix and Zeek each timestamp a packet in their own
# socket.
function line_of(c: connection, all: vector of Line): Line
    {
    local tolerance = 100msec;
    for ( i in all )
        {
        if ( all[i]$ts >= c$start_time - tolerance && all[i]$ts <= c$start_time + c$duration + tolerance )
            return all[i];
        }
    return Line($ts=c$start_time, $is_resp=F);
    }

event new_connection(c: connection)
    {
    if ( c$conn?$community_id && get_port_transport_proto(c$id$resp_p) == tcp )
        active[c$conn$community_id] += 1;
    }

# base/protocols/conn writes c$conn with priority -5.
event connection_state_remove(c: connection)
    {
    if ( ! c?$conn || ! c$conn?$community_id )
        return;
    local id = c$conn$community_id;
    if ( id in active )
        {
        active[id] -= 1;
        if ( active[id] == 0 )
            delete active[id];
        }
    if ( id !in lines )
        return;
    local client = line_of(c, lines[id]$client);
    local server = line_of(c, lines[id]$server);
    if ( client?$os )
        {
        c$conn$client_os = client$os;
        if ( client?$quality )
            c$conn$client_os_quality = client$quality;
        }
    if ( server?$os )
        {
        c$conn$server_os = server$os;
        if ( server?$quality )
            c$conn$server_os_quality = server$quality;
        }
    }
