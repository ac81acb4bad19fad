/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_list.h
 * The hosts of a model that pass a filter, in an order: 72 bytes for each, because a list may have a million.
 */
#ifndef APP_HOSTS_HOST_LIST_H
#define APP_HOSTS_HOST_LIST_H

#include "hosts/host_filter.h"
#include "hosts/host_model.h"
#include <glib.h>

/** Facts for sorting and totals; host_model_row() has the others. */
typedef struct listed_host {
    host_key_t key;
    uint32_t slot;
    const host_label_t *label;
    int64_t last_ns;
    uint64_t observations;
    uint64_t uptime_seconds;
    uint16_t system_columns; /* width of host_system_text() */
    uint8_t score;
    uint8_t quality; /* 0 to 100 */
    bool tool;
} listed_host_t;

/**
 * The column System of a table, g_free it: the label or `Unknown`, after it the tools that the host uses
 * besides (`Linux 4.20 or newer + NMap SYN scan`).
 */
char *host_system_text(const host_row_t *row);

/** Array of listed_host_t, in no order; g_array_unref it. */
GArray *host_list_new(host_model_t *model, const host_filter_t *filter);

/** Comparison for g_array_sort(): `address`, `system`, `seen`, `last`, `share`, `uptime`; NULL: no such
 * order.
 */
GCompareFunc host_list_order(const char *name);

/** Name of the family for totals: `Unknown`, `Tools and scanners`, or that of the label. */
const char *listed_host_family(const listed_host_t *host);

#endif
