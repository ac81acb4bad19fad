/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file report_count.h
 * Hosts by one property, each host once; private to exporter/host_report.
 */
#ifndef EXPORTER_HOST_REPORT_REPORT_COUNT_H
#define EXPORTER_HOST_REPORT_REPORT_COUNT_H

#include "hosts/host_row.h"
#include <glib.h>

struct report_host;

/** Values that are counted by themselves; hosts with further ones are counted together. */
#define REPORT_VALUES_MAX 10000u

typedef struct report_value {
    char *name;
    const char *group; /* of the first host; NULL: none */
    uint64_t hosts;
    uint64_t quality;          /* sum over all hosts */
    const host_label_t *label; /* of the first host */
    host_key_t example;        /* the first host */
} report_value_t;

typedef struct report_count {
    /* The value of a host for g_free(), and its group (may stay NULL). */
    char *(*name_of)(const struct report_host *host, const char **group);
    GHashTable *values; /* name -> report_value_t */
    uint64_t hosts;     /* sum of all values */
} report_count_t;

typedef enum report_property {
    REPORT_FAMILY,
    REPORT_VERSION,
    REPORT_DISTANCE,
    REPORT_LINK,
    REPORT_ENCAPSULATION,
    REPORT_COUNTS,
} report_property_t;

/** Creates REPORT_COUNTS counts, by report_property_t. Free with report_counts_free. */
report_count_t *report_counts_new(void);
void report_counts_free(report_count_t *counts);

/** Adds a host to all counts. */
void report_counts_add(report_count_t *counts, const struct report_host *host);

/** The values (report_value_t) of a count, the most frequent first; g_ptr_array_unref it. */
GPtrArray *report_count_sorted(const report_count_t *count);

#endif
