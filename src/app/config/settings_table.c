/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/config/settings.h"

#include "hosts/host_model.h"
#include <stddef.h>
#include <synfix/engine.h>

#define BOTH        (SETTING_READ | SETTING_CAPTURE)
#define AT(field)   offsetof(settings_t, field)
#define TEXT(field) .kind = SETTING_TEXT, .offset = AT(field)
#define LIST(field) .kind = SETTING_LIST, .offset = AT(field)
#define FLAG(field) .kind = SETTING_FLAG, .offset = AT(field)
#define NUMBER(field, low, high)                                                                             \
    .kind = SETTING_NUMBER, .offset = AT(field), .minimum = (low), .maximum = (high)
#define DURATION(field, low, high)                                                                           \
    .kind = SETTING_DURATION, .offset = AT(field), .minimum = (low), .maximum = (high)
#define SETTING(label, section, who, text, ...)                                                              \
    {                                                                                                        \
        .name = label, .group = section, .commands = who, .help = text, __VA_ARGS__                          \
    }
#define PORTS(label, index, short, text)                                                                     \
    {                                                                                                        \
        .name = label "ports", .group = "filter", LIST(ports[index]), .commands = BOTH, .argument = "LIST",  \
        .letter = short, .help = text, .reloadable = TRUE                                                    \
    }
#define ADDRESSES(label, index, short, text)                                                                 \
    {                                                                                                        \
        .name = label "addresses", .group = "filter", LIST(addresses[index]), .commands = BOTH,              \
        .argument = "LIST", .letter = short, .help = text, .reloadable = TRUE                                \
    }

const setting_t settings_table[] = {
    SETTING("interface", "capture", SETTING_CAPTURE, "Capture from NAME; 'any': all interfaces (repeatable)",
            LIST(interface), .argument = "NAME", .letter = 'i'),
    SETTING("buffer", "capture", SETTING_CAPTURE, "Kernel buffer of each interface and worker",
            NUMBER(buffer, 65536, 2047 << 20), .argument = "SIZE", .fallback = "16M"),
    SETTING("read-timeout", "capture", SETTING_CAPTURE,
            "Kernel buffer timeout; 0: automatic (250ms, or 100ms with several interfaces)",
            DURATION(read_timeout, 0, 10000), .argument = "TIME", .fallback = "0"),
    SETTING("snaplen", "capture", SETTING_CAPTURE, "Capture at most BYTES of each packet",
            NUMBER(snaplen, 96, 262144), .argument = "BYTES", .fallback = "256"),
    SETTING("promiscuous", "capture", SETTING_CAPTURE, "Put interfaces into promiscuous mode",
            FLAG(promiscuous), .off = "Do not put interfaces into promiscuous mode", .fallback = "yes",
            .reloadable = TRUE),
    SETTING("kernel-filter", "capture", SETTING_CAPTURE, "Let the kernel drop packets that no analysis needs",
            FLAG(kernel_filter),
            .off = "Receive all packets from the kernel, also those that no analysis needs",
            .fallback = "yes", .reloadable = TRUE),
    SETTING("fanout", "capture", SETTING_CAPTURE, "Distribution of packets to workers: auto, hash or inner",
            TEXT(fanout), .argument = "METHOD", .choices = "auto hash inner", .fallback = "auto"),
    SETTING("cpus", "capture", SETTING_CAPTURE, "Run worker 0, 1, ... on these CPUs, as in 2,3", TEXT(cpus),
            .argument = "LIST", .reloadable = TRUE),
    SETTING("user", "process", SETTING_CAPTURE, "Change to this user once the interfaces are open",
            TEXT(user), .argument = "NAME"),
    SETTING("group", "process", SETTING_CAPTURE, "Change to this group (default: the group of the user)",
            TEXT(group), .argument = "NAME"),
    SETTING("seccomp", "process", SETTING_CAPTURE, "Allow only the system calls that capturing needs",
            FLAG(seccomp), .off = "Do not restrict system calls", .fallback = "yes"),
    SETTING("landlock", "process", SETTING_CAPTURE,
            "Restrict files and TCP ports if the kernel supports it: yes, no, or auto", TEXT(landlock),
            .argument = "MODE", .choices = "auto yes no", .fallback = "auto"),
    SETTING("log-level", "process", BOTH, "Log messages up to LEVEL: error, warn, notice, info or debug",
            TEXT(log_level), .argument = "LEVEL", .letter = 'l',
            .choices = "error warn notice info debug warning information", .fallback = "notice",
            .reloadable = TRUE),
    SETTING("metrics-listen", "metrics", SETTING_CAPTURE, "Serve OpenMetrics text over HTTP",
            TEXT(metrics_listen), .argument = "HOST:PORT", .reloadable = TRUE),
    SETTING("metrics-file", "metrics", SETTING_CAPTURE, "Write OpenMetrics text to FILE", TEXT(metrics_file),
            .argument = "FILE", .reloadable = TRUE),
    SETTING("metrics-interval", "metrics", SETTING_CAPTURE, "Interval between writes of the metrics file",
            DURATION(metrics_interval, 1000, 3600000), .argument = "TIME", .fallback = "15s",
            .reloadable = TRUE),
    SETTING("metrics-hosts", "metrics", SETTING_CAPTURE,
            "Serve the hosts at /hosts/ADDRESS of the metrics listener as JSON", FLAG(metrics_hosts),
            .fallback = "no"),
    SETTING("host-changes", "hosts", BOTH,
            "Write a record when a host changes, or is shared by several hosts", FLAG(host_changes),
            .fallback = "no"),
    SETTING("host-table", "hosts", BOTH, "Hosts kept in memory for host changes and queries",
            NUMBER(host_table, HOST_MODEL_HOSTS_MIN, HOST_MODEL_HOSTS_MAX), .argument = "N",
            .fallback = "262144"),
    SETTING("query-socket", "hosts", SETTING_CAPTURE, "Answer queries of p0f's API on the Unix socket FILE",
            TEXT(query_socket), .argument = "FILE"),
    SETTING("query-socket-mode", "hosts", SETTING_CAPTURE, "Permissions of the query socket, octal",
            TEXT(query_socket_mode), .argument = "MODE", .fallback = "0600"),
    SETTING("to", "export", BOTH, "Send records to SINK (repeatable; see 'synfix modules')", LIST(to),
            .argument = "SINK", .letter = 't', .reloadable = TRUE),
    SETTING("domain", "export", BOTH, "IPFIX observation domain", NUMBER(domain, 1, UINT32_MAX),
            .argument = "NUMBER", .fallback = "1", .reloadable = TRUE),
    SETTING("flush", "export", BOTH, "Send a record after TIME at the latest", DURATION(flush, 1, 3600000),
            .argument = "TIME", .fallback = "1s", .reloadable = TRUE),
    SETTING("sink-timeout", "export", SETTING_READ,
            "Abandon an unreachable collector or a stalled sink after TIME",
            DURATION(sink_timeout, 0, 86400000), .argument = "TIME", .fallback = "60s"),
    SETTING("queue", "export", BOTH, "Memory of the queue from each worker to each sink",
            NUMBER(queue, 65536, 1ll << 31), .argument = "SIZE", .fallback = "1M"),
    SETTING("overflow", "export", SETTING_READ, "Disk space that extends the queue of a slow sink",
            NUMBER(overflow, 0, 1ll << 40), .argument = "SIZE", .fallback = "256M"),
    SETTING("drop", "export", SETTING_READ,
            "Drop records (counted) when the queue of a sink is full, instead of waiting", FLAG(drop),
            .fallback = "no"),
    SETTING("sigdb", "engine", BOTH, "Signature database (repeatable; the first match wins)", LIST(sigdb),
            .argument = "FILE", .letter = 'd', .reloadable = TRUE),
    SETTING("min-quality", "engine", BOTH,
            "State only the part of a label that has at least quality N, or no label",
            NUMBER(min_quality, 0, 100), .argument = "N", .fallback = "0", .reloadable = TRUE),
    SETTING("uptime", "engine", BOTH, "Uptime estimate: off, regression or p0f", TEXT(uptime),
            .argument = "MODE", .choices = "off regression p0f", .fallback = "regression",
            .reloadable = TRUE),
    SETTING("signatures", "engine", BOTH, "Raw signature: packet, or p0f (exactly as p0f 3.09b forms it)",
            TEXT(signatures), .argument = "MODE", .choices = "packet p0f", .fallback = "packet",
            .reloadable = TRUE),
    SETTING("workers", "engine", BOTH, "Number of worker threads", TEXT(workers), .argument = "N|auto",
            .letter = 'j', .fallback = "1"),
    SETTING("fingerprint-slots", "engine", BOTH, "Signatures cached by each worker",
            NUMBER(fingerprint_slots, SYNFIX_FINGERPRINT_SLOTS_MIN, SYNFIX_FINGERPRINT_SLOTS_MAX),
            .argument = "N", .fallback = "8192"),
    SETTING("handshakes", "engine", BOTH, "Open handshakes tracked by each worker",
            NUMBER(handshakes, SYNFIX_HANDSHAKES_MIN, SYNFIX_HANDSHAKES_MAX), .argument = "N",
            .fallback = "65536"),
    SETTING("hosts", "engine", BOTH, "Hosts tracked for their uptime",
            NUMBER(hosts, SYNFIX_HOSTS_MIN, SYNFIX_HOSTS_MAX), .argument = "N", .fallback = "131072"),
    SETTING("enrich", "engine", BOTH, "Add the facts of an enricher, as in community-id (repeatable)",
            LIST(enrich), .argument = "MODULE", .letter = 'e', .reloadable = TRUE),
    SETTING("load", "engine", BOTH, "Load modules from a shared object or a directory (repeatable)",
            LIST(load), .argument = "FILE"),
    SETTING("filter", "filter", BOTH, "Process only packets that match a libpcap expression", TEXT(filter),
            .argument = "BPF", .letter = 'f', .reloadable = TRUE),
    PORTS("", 2, 'p', "Source or destination port is in LIST, as in 22,80,1024-2047"),
    PORTS("source-", 0, 0, "Source port is in LIST"),
    PORTS("destination-", 1, 0, "Destination port is in LIST"),
    PORTS("not-", 5, 0, "Neither port is in LIST"),
    PORTS("not-source-", 3, 0, "Source port is not in LIST"),
    PORTS("not-destination-", 4, 0, "Destination port is not in LIST"),
    ADDRESSES("", 2, 'a', "Source or destination address is in LIST, as in 192.0.2.1,2001:db8::/32"),
    ADDRESSES("source-", 0, 0, "Source address is in LIST"),
    ADDRESSES("destination-", 1, 0, "Destination address is in LIST"),
    ADDRESSES("not-", 5, 0, "Neither address is in LIST"),
    ADDRESSES("not-source-", 3, 0, "Source address is not in LIST"),
    ADDRESSES("not-destination-", 4, 0, "Destination address is not in LIST"),
    SETTING("encapsulations", "filter", BOTH,
            "Process only packets whose encapsulations are all in LIST [all]", LIST(encapsulations),
            .argument = "LIST", .reloadable = TRUE),
    SETTING("ordered", NULL, SETTING_READ, "Write records in packet order (uses one worker)", FLAG(ordered)),
    SETTING(
        "follow", NULL, SETTING_READ,
        "Process the captures of DIRECTORY as they complete, until a signal; remembers them across restarts",
        TEXT(follow), .argument = "DIRECTORY", .letter = 'F'),
    SETTING("follow-state", NULL, SETTING_READ,
            "File for the list of processed captures [DIRECTORY/.synfix-followed]", TEXT(follow_state),
            .argument = "FILE"),
    SETTING("dry-run", NULL, SETTING_READ, "Print the pipeline and count packets, but send nothing",
            FLAG(dry_run), .letter = 'n'),
    SETTING("quiet", NULL, BOTH, "Do not print a summary at the end", FLAG(quiet), .letter = 'q'),
    SETTING("config", NULL, BOTH, "Read settings from FILE; options take precedence", TEXT(config),
            .argument = "FILE", .letter = 'c'),
    SETTING("check-config", NULL, SETTING_CAPTURE, "Check all settings, then exit", FLAG(check_config)),
    SETTING("print-filter", NULL, SETTING_CAPTURE, "Print the kernel filter, then exit", FLAG(print_filter)),
    SETTING("list-interfaces", NULL, SETTING_CAPTURE, "List the interfaces, then exit", FLAG(list_interfaces),
            .letter = 'D'),
    {.name = NULL},
};
