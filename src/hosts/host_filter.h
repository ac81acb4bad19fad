/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_filter.h
 * Which hosts and observations are asked for: the filters that all commands share.
 */
#ifndef HOSTS_HOST_FILTER_H
#define HOSTS_HOST_FILTER_H

#include "hosts/host_row.h"
#include <synfix/status.h>

#define HOST_FILTER_NETS 64u

/** An address prefix. */
typedef struct host_net {
    synfix_address_t address;
    uint8_t ip_version;
    uint8_t length; /* bits */
} host_net_t;

/** All zeros: everything passes. */
typedef struct host_filter {
    int64_t since_ns; /* packet time; 0: no bound */
    int64_t until_ns; /* the first time that is too late; 0: no bound */
    host_net_t nets[HOST_FILTER_NETS];
    size_t net_count; /* any of them; 0: all addresses */
    const char *os;   /* part of a label, case ignored; NULL: all */
    bool changed;     /* only hosts that changed within the time */
    bool shared;      /* only addresses that several hosts share */
    bool tools;       /* only scanners and other tools */
    bool unknown;     /* only hosts that no label fits */
} host_filter_t;

/**
 * A time as `2026-11-29`, `2026-11-29T10:00`, `2026-11-29 10:00:05`, seconds since the epoch with `@` before,
 * or a duration back from @p now_ns (`90s`, `15m`, `2h`, `7d`). Local times are not known here: a time
 * without `Z` is UTC. INVALID with the reason.
 */
synfix_status_t host_time_parse(const char *text, int64_t now_ns, int64_t *time_ns,
                                synfix_error_t *error) SYNFIX_MUST_CHECK;

/** `192.0.2.0/24`, `2001:db8::/32`, or an address; bits behind the prefix must be 0. INVALID with the reason.
 */
synfix_status_t host_net_parse(const char *text, host_net_t *net, synfix_error_t *error) SYNFIX_MUST_CHECK;

bool host_filter_time(const host_filter_t *filter, int64_t time_ns);
bool host_filter_address(const host_filter_t *filter, const synfix_address_t *address, uint8_t ip_version);
/** Whether @p label has the text of `os` in it. */
bool host_filter_os(const host_filter_t *filter, const char *label);

/** Whether a host was seen within the time, has an address of the nets, and all that else is asked for. */
bool host_filter_row(const host_filter_t *filter, const host_row_t *row);

/** Whether anything but time and address is asked for, which needs the whole of a host. */
bool host_filter_needs_hosts(const host_filter_t *filter);

#endif
