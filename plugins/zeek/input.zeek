# SPDX-License-Identifier: MIT OR Apache-2.0
##! Without the plug-in: Zeek reads the log that synfix writes, and adds the OS of client and server to conn.log.
##!
##!     synfix capture -i eth0 --enrich community-id --to 'zeek:/var/lib/synfix/tcp_fp.log?append=yes'
##!     zeek -i eth0 input.zeek
##!
##! community_id joins both (the same seed in both). A finished log is read completely before the first packet of a
##! capture; a growing log is followed.
@load base/frameworks/input
@load policy/protocols/conn/community-id-logging

module Synfix;

export {
    ## The log of the sink `zeek:`, tab-separated.
    const log_file = "/var/lib/synfix/tcp_fp.log" &redef;

    ## The columns that are read.
    type Line: record {
        community_id: string &optional;
        is_resp: bool;
        os: string &optional;
        quality: count &optional;
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

# Live, a line is of use until its connection ends; with a capture, all lines are read first.
function keep(t: table[string, bool] of Line, index: any): interval
    {
    return reading_traces() ? 10min : 0sec;
    }

global seen: table[string, bool] of Line = table() &create_expire=10min &expire_func=keep;
global warned = F;

event Synfix::line(description: Input::EventDescription, kind: Input::Event, line: Synfix::Line)
    {
    if ( line?$os && line?$community_id )
        seen[line$community_id, line$is_resp] = line;
    if ( ! line?$community_id && ! warned )
        {
        warned = T;
        Reporter::warning(fmt("%s has no community_id: start synfix with --enrich community-id", log_file));
        }
    }

event zeek_init()
    {
    if ( file_size(log_file) < 0 )
        Reporter::fatal(fmt("%s does not exist: set Synfix::log_file to the log of synfix", log_file));
    Input::add_event([$source=log_file, $name="synfix", $fields=Line, $want_record=T, $ev=Synfix::line,
        $mode=reading_traces() ? Input::MANUAL : Input::STREAM]);
    if ( reading_traces() )
        suspend_processing();
    }

event Input::end_of_data(name: string, source: string)
    {
    if ( name == "synfix" && reading_traces() )
        continue_processing();
    }

hook Conn::log_policy(rec: Conn::Info, id: Log::ID, filter: Log::Filter)
    {
    if ( ! rec?$community_id )
        return;
    if ( [rec$community_id, F] in seen )
        {
        rec$client_os = seen[rec$community_id, F]$os;
        if ( seen[rec$community_id, F]?$quality )
            rec$client_os_quality = seen[rec$community_id, F]$quality;
        }
    if ( [rec$community_id, T] in seen )
        {
        rec$server_os = seen[rec$community_id, T]$os;
        if ( seen[rec$community_id, T]?$quality )
            rec$server_os_quality = seen[rec$community_id, T]$quality;
        }
    }
