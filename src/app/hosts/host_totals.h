/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_totals.h
 * Hosts and families of a list. A row is a host in one role; a host is one or two rows.
 */
#ifndef APP_HOSTS_HOST_TOTALS_H
#define APP_HOSTS_HOST_TOTALS_H

#include "app/hosts/host_list.h"

typedef struct family_total {
    const char *name; /* listed_host_family() */
    uint64_t hosts;   /* each host once, in the role of host_role_stands() */
} family_total_t;

typedef struct host_totals {
    uint64_t hosts;   /* addresses, each once in each VLAN and tunnel */
    uint64_t rows;    /* roles of these hosts */
    GArray *families; /* family_total_t, the most frequent first; they add up to `hosts` */
} host_totals_t;

/**
 * Counts @p hosts (listed_host_t) in the order `address` of host_list_order(), in which the rows of a host
 * follow each other. Clear the result with host_totals_clear(); its names live as long as the model of the
 * hosts.
 */
host_totals_t host_totals_of(const GArray *hosts);
void host_totals_clear(host_totals_t *totals);

#endif
