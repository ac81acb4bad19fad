/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file report_time_range.h
 * The time range of a report; private to exporter/host_report.
 *
 * A few packets with times of a wrong clock (1970, next century) would extend the range to decades. The range
 * excludes times before 1990, times more than a day after the report was made, and few times without which
 * the range is shorter by a factor of ten.
 */
#ifndef EXPORTER_HOST_REPORT_REPORT_TIME_RANGE_H
#define EXPORTER_HOST_REPORT_REPORT_TIME_RANGE_H

#include "exporter/host_report/report_internal.h"

typedef struct report_time_range {
    int64_t first_ns;
    int64_t last_ns;
    size_t times;        /* first and last observations of all hosts */
    size_t outside;      /* times outside of the range */
    int64_t earliest_ns; /* of all times */
    int64_t latest_ns;
} report_time_range_t;

/** Returns the range of the hosts of a report, zeros without hosts. */
report_time_range_t report_time_range(const host_report_t *report);

/** Whether @p time_ns is from a wrong clock: more than a day after the report was made. */
bool report_is_ahead(const host_report_t *report, int64_t time_ns);

static inline bool report_in_range(const report_time_range_t *range, int64_t time_ns)
{
    return time_ns >= range->first_ns && time_ns <= range->last_ns;
}

/** A sentence with the times outside of the range, for g_free(); NULL if all are inside. */
char *report_outside_text(const report_time_range_t *range);

#endif
