/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file report_time_range.h
 * The time that a report is about; private to exporter/host_report.
 *
 * Few packets of a wrong clock (1970, next century) would stretch the whole time to decades. The range leaves
 * out times before 1990 and more than a day after the report was made, and few times that make it ten times
 * longer.
 */
#ifndef EXPORTER_HOST_REPORT_REPORT_TIME_RANGE_H
#define EXPORTER_HOST_REPORT_REPORT_TIME_RANGE_H

#include "exporter/host_report/report_internal.h"

typedef struct report_time_range {
    int64_t first_ns;
    int64_t last_ns;
    size_t times;        /* first and last observations of all hosts */
    size_t outside;      /* of them outside of the range */
    int64_t earliest_ns; /* of all times */
    int64_t latest_ns;
} report_time_range_t;

/** Returns the range of the hosts of a report, zeros without hosts. */
report_time_range_t report_time_range(const host_report_t *report);

/** Whether no right clock shows @p time_ns: a day ahead of the time of the report. */
bool report_is_ahead(const host_report_t *report, int64_t time_ns);

static inline bool report_in_range(const report_time_range_t *range, int64_t time_ns)
{
    return time_ns >= range->first_ns && time_ns <= range->last_ns;
}

/** A sentence with the times outside of the range, for g_free(); NULL if all are inside. */
char *report_outside_text(const report_time_range_t *range);

#endif
