/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file report_unknown.h
 * Signatures without a label, bounded: rare ones are forgotten first; private to exporter/host_report.
 */
#ifndef EXPORTER_HOST_REPORT_REPORT_UNKNOWN_H
#define EXPORTER_HOST_REPORT_REPORT_UNKNOWN_H

#include "exporter/host_report/report_table.h"
#include "hosts/host_row.h"

/** Signatures that are kept at a time. */
#define REPORT_UNKNOWN_MAX 65536u

typedef struct report_unknown report_unknown_t;

/** Creates an empty set. Free with report_unknown_free. */
report_unknown_t *report_unknown_new(void);
void report_unknown_free(report_unknown_t *unknown);

/** Adds the signatures of @p row that have no label. */
void report_unknown_add(report_unknown_t *unknown, const host_row_t *row);

/** The most frequent signatures, each with an entry for a database. The caller frees the table. */
report_table_t *report_list_unknown(const report_unknown_t *unknown);

#endif
