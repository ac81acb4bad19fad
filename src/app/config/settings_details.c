/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Explanations for synfix.conf(5), in the order of settings_table. */
#include "app/config/settings.h"

#include <string.h>

typedef struct detail {
    const char *name;
    const char *text;
} detail_t;

static const detail_t groups[] = {
    {"capture", "Where packets come from. Only `synfix capture` uses this section."},
    {"engine", "How packets are analysed."},
    {"filter", "Which packets are analysed. A packet must match every list that is set, and none of the "
               "lists whose name "
               "begins with not-. Port and address lists apply to the innermost headers."},
    {"export", "Where records go. Each sink has its own queue and thread."},
    {"process", "The process itself."},
    {"metrics", "Counters for monitoring. Only `synfix capture` uses this section."},
    {"hosts", "Hosts in memory, for records of changes and for queries. These functions are off by default."},
};

static const detail_t details[] = {
    {"interface",
     "An optical tap consists of two interfaces, one for each direction. `any` captures from all interfaces, "
     "including the loopback interface. `sflow://:6343` receives sFlow on a UDP port instead of capturing; "
     "it "
     "needs `workers = 1`."},
    {"buffer", "Memory of the ring between the kernel and a worker, from 64k to 2047M. A larger ring "
               "can store longer bursts."},
    {"read-timeout",
     "The kernel delivers packets when a block of the ring is full, or after this time (1ms to 10s)."},
    {"snaplen", "From 96 to 256k. The default is sufficient for all headers except those of deep tunnels."},
    {"promiscuous", "Promiscuous mode is required on taps and mirror ports."},
    {"kernel-filter", "This includes packets inside tags and tunnels. `synfix capture "
                      "--print-filter` prints the program. Write no only for comparison."},
    {"fanout",
     "`inner` distributes packets by their innermost headers. `hash` uses the hash of the kernel, which "
     "ignores the headers inside VXLAN, Geneve and GTP-U. `auto` selects inner if the kernel supports it. "
     "synfix tests the "
     "distribution at the start and logs the result."},
    {"cpus", "Worker 0 runs on the first CPU of the list, worker 1 on the second, and so on. Without it, "
             "workers run on "
             "any CPU."},
    {"user",
     "All capabilities are dropped at the same time. Files and sockets of sinks are opened as this user."},
    {"seccomp", "The kernel ends the process with SIGSYS at any other system call."},
    {"landlock",
     "With `yes`, files are written only in the directories of sinks, spools, state, metrics file and query "
     "socket; "
     "files are read only there, in system directories, and in the directories of the configuration, the "
     "database "
     "and the options of modules; TCP connections go only to the ports of sinks. A reload that needs another "
     "directory or port is refused. With `load` or the sink kafka, reading and ports are not restricted. "
     "`auto` is "
     "`yes` without a configuration file. With one, a reload may name any file and port, so `auto` only "
     "forbids writing "
     "below /bin, /boot, /etc, /lib, /opt, /sbin and /usr. Kernels older than 5.13 do not support this, and "
     "kernels "
     "older than 6.7 do not restrict ports; the log states this at the level info."},
    {"log-level", "Messages go to standard error; under systemd they go to the journal with their priority."},
    {"metrics-listen",
     "The counters are at http://HOST:PORT/metrics. Use the loopback or an internal address. If the "
     "address is not available yet, synfix retries every second."},
    {"metrics-file", "The file is replaced as a whole. It suits the textfile collector of node_exporter."},
    {"metrics-interval", "From 1s to 1h."},
    {"metrics-hosts",
     "Each client that can connect to metrics-listen can query the hosts. Needs metrics-listen."},
    {"host-changes",
     "A record contains the labels before and after, the kind of the change, and the sharing score with its "
     "reasons. With this setting, files are read by one worker, so the records depend only on the packets. "
     "With several capture workers, observations of one host in one batch of different workers may be "
     "compared in either order."},
    {"host-table", "Each host needs about 300 bytes, and another 1 KiB while its sharing score is computed. "
                   "Beyond N, the oldest hosts are evicted."},
    {"query-socket",
     "`synfix query` and clients of p0f 3.09b use it. A socket that no process serves is replaced; "
     "any other file is not."},
    {"query-socket-mode", "0600: the user that starts synfix. 0660: also its group. 0666: all users."},
    {"to", "A sink is SCHEME:TARGET?OPTION=VALUE&...; several sinks are separated by semicolons. `synfix "
           "modules` lists "
           "the sinks, `synfix modules NAME` the options of one. A sink may also have a separate section, "
           "see below."},
    {"domain", "Use a different number for each sensor that sends to the same collector."},
    {"flush", "From 1ms to 1h. A record is sent after this time even if its message is not full."},
    {"sink-timeout",
     "From 0 to 24h. The "
     "option sink-timeout of a sink takes precedence. `capture` tries again without a limit."},
    {"queue", "From 64k to 2G. `capture` drops and counts records when a queue is full."},
    {"overflow", "From 0 to 1024G for each sink. When files are read into several sinks, an unnamed file in "
                 "$TMPDIR (or /var/tmp) stores the data for a slow sink. If this file is full, reading waits "
                 "for the sink."},
    {"drop", "`capture` always drops."},
    {"sigdb", "Default: the installed database."},
    {"min-quality", "From 0 to 100. A label whose quality is below N is shortened to its generation, "
                    "family or class if that quality is at least N. Otherwise the packet gets no label."},
    {"uptime",
     "`regression` estimates the uptime and its reliability from several connections. `p0f` uses the method "
     "of "
     "p0f, which needs every packet. With `off`, the kernel drops all packets except SYN and SYN+ACK."},
    {"signatures",
     "`p0f` reproduces the quirks ack+ and opt+ and large window multiples of p0f 3.09b, for comparison with "
     "its logs and for databases made with it."},
    {"workers",
     "A number from 1 to 64, or auto for one worker per CPU. Each worker tracks its own part of the flows."},
    {"fingerprint-slots", "From 64 to 1M. An entry takes about 850 bytes."},
    {"handshakes", "From 1k to 16M. Raise it when the summary reports evicted handshakes."},
    {"hosts", "From 1k to 16M. Raise it when the summary reports evicted hosts."},
    {"enrich", "Enrichers run in the given order. An enricher may also have a separate section, see below."},
    {"load", "Modules are loaded at the start only."},
    {"filter", "The expression applies to the outermost headers, see pcap-filter(7)."},
    {"encapsulations",
     "Tags and tunnels that packets may have; packets with others are ignored and counted. Every "
     "encapsulation of a packet must be listed. Names: vlan (one tag), qinq (several tags), mpls, pppoe, "
     "pbb, macsec, nsh, fabric (VN-tag, E-tag, security group tags, HSR, 802.1CB, FabricPath, TRILL), gre, "
     "ip-in-ip, 6in4, 4in6, "
     "vxlan, vxlan-gpe, geneve, gtp-u, teredo, erspan, ah, capwap, l2tp, lisp, ethernet-in-ip, "
     "mpls-in-ip, tzsp, ayiya, sflow; all, none; -NAME excludes one."},
};

static const char *find(const detail_t *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].name, name) == 0) {
            return list[i].text;
        }
    }
    return NULL;
}

const char *settings_detail(const char *name)
{
    return find(details, G_N_ELEMENTS(details), name);
}

const char *settings_group_text(const char *group)
{
    return find(groups, G_N_ELEMENTS(groups), group);
}
