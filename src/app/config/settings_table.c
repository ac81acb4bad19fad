/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/config/settings.h"

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
#define PORTS(label, index, text)                                                                            \
    {                                                                                                        \
        .name = label "ports", .group = "filter", LIST(ports[index]), .commands = BOTH, .argument = "LIST",  \
        .help = text " ports, as in 22,80,1024-2047", .reloadable = TRUE                                     \
    }
#define ADDRESSES(label, index, text)                                                                        \
    {                                                                                                        \
        .name = label "addresses", .group = "filter", LIST(addresses[index]), .commands = BOTH,              \
        .argument = "LIST", .help = text " addresses, as in 192.0.2.1,2001:db8::/32", .reloadable = TRUE     \
    }

const setting_t settings_table[] = {
    SETTING("interface", "capture", SETTING_CAPTURE, "Capture from NAME (any: all)", LIST(interface),
            .argument = "NAME"),
    SETTING("buffer", "capture", SETTING_CAPTURE, "Kernel buffer of an interface and worker",
            NUMBER(buffer, 65536, INT32_MAX), .argument = "SIZE", .fallback = "16M"),
    SETTING("read-timeout", "capture", SETTING_CAPTURE,
            "Let the kernel collect packets for so long; 0: 250ms, and 100ms with several interfaces",
            DURATION(read_timeout, 0, 10000), .argument = "TIME", .fallback = "0"),
    SETTING("snaplen", "capture", SETTING_CAPTURE, "Take so much of a packet", NUMBER(snaplen, 96, 262144),
            .argument = "OCTETS", .fallback = "256"),
    SETTING("promiscuous", "capture", SETTING_CAPTURE, "See packets that are not for this host",
            FLAG(promiscuous), .fallback = "yes", .reloadable = TRUE),
    SETTING("kernel-filter", "capture", SETTING_CAPTURE, "Let the kernel drop what no analysis needs",
            FLAG(kernel_filter), .fallback = "yes", .reloadable = TRUE),
    SETTING("fanout", "capture", SETTING_CAPTURE, "Share packets between workers by auto, hash or inner",
            TEXT(fanout), .argument = "HOW", .fallback = "auto"),
    SETTING("cpus", "capture", SETTING_CAPTURE, "Run worker 0, 1, ... on these CPUs", TEXT(cpus),
            .argument = "LIST", .reloadable = TRUE),
    SETTING("user", "process", SETTING_CAPTURE, "Become this user once everything is open", TEXT(user),
            .argument = "NAME"),
    SETTING("group", "process", SETTING_CAPTURE, "And this group (default: the user's)", TEXT(group),
            .argument = "NAME"),
    SETTING("seccomp", "process", SETTING_CAPTURE, "Allow only the system calls that capturing needs",
            FLAG(seccomp), .fallback = "yes"),
    SETTING("log-level", "process", BOTH, "error, warning, notice, information or debug", TEXT(log_level),
            .argument = "LEVEL", .fallback = "notice", .reloadable = TRUE),
    SETTING("metrics-listen", "metrics", SETTING_CAPTURE, "Serve OpenMetrics text over HTTP",
            TEXT(metrics_listen), .argument = "HOST:PORT", .reloadable = TRUE),
    SETTING("metrics-file", "metrics", SETTING_CAPTURE, "Write the same into FILE", TEXT(metrics_file),
            .argument = "FILE", .reloadable = TRUE),
    SETTING("metrics-interval", "metrics", SETTING_CAPTURE, "How often FILE is written",
            DURATION(metrics_interval, 1000, 3600000), .argument = "TIME", .fallback = "15s",
            .reloadable = TRUE),
    SETTING("to", "export", BOTH, "Send records to SINK (may be repeated; see synfix modules)", LIST(to),
            .argument = "SINK", .reloadable = TRUE),
    SETTING("domain", "export", BOTH, "Observation domain", NUMBER(domain, 1, UINT32_MAX),
            .argument = "NUMBER", .fallback = "1", .reloadable = TRUE),
    SETTING("flush", "export", BOTH, "Send a record after TIME at the latest", DURATION(flush, 1, 3600000),
            .argument = "TIME", .fallback = "1s", .reloadable = TRUE),
    SETTING("sink-timeout", "export", SETTING_READ,
            "Wait so long for a collector that went away, or a sink that takes nothing",
            DURATION(sink_timeout, 0, 86400000), .argument = "TIME", .fallback = "60s"),
    SETTING("queue", "export", BOTH, "Memory for what waits for a sink, for each worker",
            NUMBER(queue, 65536, 1ll << 31), .argument = "SIZE", .fallback = "1M"),
    SETTING("overflow", "export", SETTING_READ, "Disk for what waits for a sink that is slower than others",
            NUMBER(overflow, 0, 1ll << 40), .argument = "SIZE", .fallback = "256M"),
    SETTING("drop", "export", SETTING_READ, "A full queue drops (and counts): nothing waits for a sink",
            FLAG(drop), .fallback = "no"),
    SETTING("sigdb", "engine", BOTH, "Signature database (may be repeated, the first wins)", LIST(sigdb),
            .argument = "FILE", .reloadable = TRUE),
    SETTING("uptime", "engine", BOTH, "off, lines or p0f", TEXT(uptime), .argument = "MODE",
            .fallback = "regression", .reloadable = TRUE),
    SETTING("signatures", "engine", BOTH, "exact, or formed as p0f 3.09b does", TEXT(signatures),
            .argument = "MODE", .fallback = "packet", .reloadable = TRUE),
    SETTING("workers", "engine", BOTH, "Threads that work on packets", TEXT(workers), .argument = "N|auto",
            .fallback = "1"),
    SETTING("fingerprint-slots", "engine", BOTH, "Signatures remembered",
            NUMBER(fingerprint_slots, SYNFIX_FINGERPRINT_SLOTS_MIN, SYNFIX_FINGERPRINT_SLOTS_MAX),
            .argument = "N", .fallback = "8192"),
    SETTING("handshakes", "engine", BOTH, "Open handshakes remembered",
            NUMBER(handshakes, SYNFIX_HANDSHAKES_MIN, SYNFIX_HANDSHAKES_MAX), .argument = "N",
            .fallback = "65536"),
    SETTING("hosts", "engine", BOTH, "Hosts remembered for their uptime",
            NUMBER(hosts, SYNFIX_HOSTS_MIN, SYNFIX_HOSTS_MAX), .argument = "N", .fallback = "131072"),
    SETTING("enrich", "engine", BOTH, "Add facts, as in community-id (may be repeated)", LIST(enrich),
            .argument = "MODULE", .reloadable = TRUE),
    SETTING("load", "engine", BOTH, "Load modules from a shared object or a directory of them", LIST(load),
            .argument = "FILE"),
    SETTING("filter", "filter", BOTH, "Only packets that match this libpcap expression", TEXT(filter),
            .argument = "BPF", .reloadable = TRUE),
    PORTS("source-", 0, "Only from these"),
    PORTS("destination-", 1, "Only to these"),
    PORTS("", 2, "Only from or to these"),
    PORTS("not-source-", 3, "Not from these"),
    PORTS("not-destination-", 4, "Not to these"),
    PORTS("not-", 5, "Neither from nor to these"),
    ADDRESSES("source-", 0, "Only from these"),
    ADDRESSES("destination-", 1, "Only to these"),
    ADDRESSES("", 2, "Only from or to these"),
    ADDRESSES("not-source-", 3, "Not from these"),
    ADDRESSES("not-destination-", 4, "Not to these"),
    ADDRESSES("not-", 5, "Neither from nor to these"),
    SETTING("encapsulations", "filter", BOTH,
            "Only packets that are in nothing but these tags and tunnels [all]", LIST(encapsulations),
            .argument = "LIST", .reloadable = TRUE),
    SETTING("ordered", NULL, SETTING_READ, "Records in packet order (takes one worker)", FLAG(ordered)),
    SETTING("dry-run", NULL, SETTING_READ, "Print the pipeline and count, but send nothing", FLAG(dry_run)),
    SETTING("quiet", NULL, BOTH, "No summary at the end", FLAG(quiet)),
    SETTING("config", NULL, BOTH, "Read settings from FILE first", TEXT(config), .argument = "FILE"),
    SETTING("check-config", NULL, SETTING_CAPTURE, "Check all settings, then end", FLAG(check_config)),
    SETTING("print-filter", NULL, SETTING_CAPTURE, "Print the kernel's filter, then end", FLAG(print_filter)),
    {.name = NULL},
};
