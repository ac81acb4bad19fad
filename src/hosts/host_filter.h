/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_filter.h
 * Filters of hosts and observations, shared by all commands.
 */
#ifndef HOSTS_HOST_FILTER_H
#define HOSTS_HOST_FILTER_H

#include "hosts/host_row.h"
#include "values/address_prefix.h"
#include <synfix/status.h>

#define HOST_FILTER_NETS 64u

/** A filter. All fields 0: everything passes. */
typedef struct host_filter {
    int64_t since_ns; /* packet time; 0: no bound */
    int64_t until_ns; /* exclusive end; 0: no bound */
    address_prefix_t nets[HOST_FILTER_NETS];
    size_t net_count; /* a host must be in one of them; 0: all addresses */
    const char *os;   /* part of a label, case ignored; NULL: all */
    bool changed;     /* only hosts that changed within the time */
    bool shared;      /* only addresses that several hosts share */
    bool tools;       /* only scanners and other tools */
    bool unknown;     /* only hosts without a label */
    bool unsupported; /* only systems whose security support has ended at now_ns */
    int64_t now_ns;   /* since the epoch */
} host_filter_t;

/**
 * Parses a time: `2026-11-29`, `2026-11-29T10:00`, `2026-11-29 10:00:05`, seconds since the epoch after `@`,
 * or a duration before @p now_ns (`90s`, `15m`, `2h`, `7d`). All times are UTC, with or without `Z`.
 * SYNFIX_INVALID with the reason.
 */
synfix_status_t host_time_parse(const char *text, int64_t now_ns, int64_t *time_ns,
                                synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Whether @p time_ns is within the times of the filter. */
bool host_filter_time(const host_filter_t *filter, int64_t time_ns);
/** Whether the address is in one of the networks of the filter, or the filter has none. */
bool host_filter_address(const host_filter_t *filter, const synfix_address_t *address, uint8_t ip_version);
/** Returns whether @p label contains the text of `os`. */
bool host_filter_os(const host_filter_t *filter, const char *label);

/** Returns whether a host passes all parts of the filter. */
bool host_filter_row(const host_filter_t *filter, const host_row_t *row);

#endif
