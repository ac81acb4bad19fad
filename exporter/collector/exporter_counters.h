/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file exporter_counters.h
 * Counters by exporter and observation domain. They outlive the sessions of the exporter. One thread.
 */
#ifndef EXPORTER_COLLECTOR_EXPORTER_COUNTERS_H
#define EXPORTER_COLLECTOR_EXPORTER_COUNTERS_H

#include <glib.h>
#include <stdint.h>

/** Pairs of exporter and domain with their own counters. All others share one entry named `other`. */
#define EXPORTER_COUNTERS_MAX 4096u

/* X(field, name of the metric, help) */
#define EXPORTER_COUNTERS(X)                                                                                 \
    X(messages, "collect_messages", "Messages of the exporter and domain")                                   \
    X(records, "collect_records", "Records of the exporter and domain, options records too")                 \
    X(gaps, "collect_sequence_gaps", "Gaps in the sequence numbers")                                         \
    X(missing, "collect_records_missing", "Records whose sequence numbers were skipped")                     \
    X(late, "collect_records_late", "Missing records that arrived late")                                     \
    X(duplicate, "collect_records_duplicate", "Records of duplicate messages")                               \
    X(restarts, "collect_sequence_restarts", "Restarts of the sequence numbers by the exporter")

typedef struct exporter_counters {
    char *exporter; /* address, without a port */
    uint32_t domain;
#define EXPORTER_COUNTER(field, name, help) uint64_t field;
    EXPORTER_COUNTERS(EXPORTER_COUNTER)
#undef EXPORTER_COUNTER
} exporter_counters_t;

typedef struct exporter_table exporter_table_t;

/** An empty table, which exporter_table_free() frees. Never NULL. */
exporter_table_t *exporter_table_new(void);
void exporter_table_free(exporter_table_t *table);

/** The counters of the exporter with the session name @p peer (`udp://192.0.2.1:4739`) and @p domain. Never
 * NULL; valid as long as the table. */
exporter_counters_t *exporter_table_get(exporter_table_t *table, const char *peer, uint32_t domain);

/** Appends all counters as OpenMetrics text, in order of exporter and domain. */
void exporter_table_metrics(const exporter_table_t *table, GString *text);

#endif
