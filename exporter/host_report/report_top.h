/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file report_top.h
 * A list that keeps its first rows in an order and counts all; private to exporter/host_report.
 */
#ifndef EXPORTER_HOST_REPORT_REPORT_TOP_H
#define EXPORTER_HOST_REPORT_REPORT_TOP_H

#include "hosts/host_row.h"
#include <glib.h>

struct report_host;

typedef struct report_top {
    GArray *rows; /* report_host_t: up to twice the limit until report_top_conclude() */
    guint limit;
    GCompareFunc order;  /* of report_host_t */
    uint64_t seen;       /* rows that were added */
    uint64_t hosts;      /* hosts of these rows */
    host_key_t previous; /* of the row added last */
} report_top_t;

/** Creates a list of at most @p limit rows. Free with report_top_free. */
report_top_t *report_top_new(guint limit, GCompareFunc order);
void report_top_free(report_top_t *top);

/** Adds a copy of @p host. The rows of one host follow each other. */
void report_top_add(report_top_t *top, const struct report_host *host);

/** Sorts the rows and removes those after the limit. */
void report_top_conclude(report_top_t *top);

/** Row @p index of a concluded list. */
const struct report_host *report_top_at(const report_top_t *top, guint index);

/** `The first 10000 of 12345 rows.` for g_free(); NULL: the list has all rows. */
char *report_top_remark(const report_top_t *top);

#endif
