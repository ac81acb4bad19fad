/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Which hosts the lists of a report contain, and in which order. */
#include "exporter/host_report/report_lists.h"
#include "exporter/host_report/report_time_range.h"

#include <string.h>

int report_by_key(gconstpointer a, gconstpointer b)
{
    const report_host_t *x = a;
    const report_host_t *y = b;
    return host_key_compare(&x->key, &y->key);
}

#define GREATEST_FIRST(name, field)                                                                          \
    int name(gconstpointer a, gconstpointer b)                                                               \
    {                                                                                                        \
        const report_host_t *x = a;                                                                          \
        const report_host_t *y = b;                                                                          \
        return x->field != y->field ? (x->field < y->field ? 1 : -1) : report_by_key(x, y);                  \
    }
GREATEST_FIRST(report_by_score, score)
GREATEST_FIRST(report_by_tool_use, tool_observations)
GREATEST_FIRST(report_by_uptime, uptime_seconds)

/* Equally old systems: the most certain one first. */
int report_by_age(gconstpointer a, gconstpointer b)
{
    const report_host_t *x = a;
    const report_host_t *y = b;
    const int years = x->oldest->support->newest_year - y->oldest->support->newest_year;
    if (years != 0) {
        return years;
    }
    return x->oldest_quality != y->oldest_quality ? y->oldest_quality - x->oldest_quality
                                                  : report_by_key(x, y);
}

static bool is_shared(const report_host_t *host)
{
    return host->score >= SYNFIX_HOST_SHARED_SCORE;
}

static bool has_finding(const report_host_t *host)
{
    return host->tool || host->unsupported || host->changes > 0 || is_shared(host);
}

int report_by_weight(gconstpointer a, gconstpointer b)
{
    const report_host_t *x = a;
    const report_host_t *y = b;
    if (has_finding(x) != has_finding(y)) {
        return has_finding(x) ? -1 : 1;
    }
    return x->observations != y->observations ? (x->observations < y->observations ? 1 : -1)
                                              : report_by_key(x, y);
}

static bool is_dated_windows(const report_host_t *host)
{
    return host->oldest->support != NULL && strcmp(host->oldest->family, "Windows") == 0 &&
           host->oldest_quality >= REPORT_QUALITY_MIN;
}

/* Hosts with equal oldest systems: one list for each label, because the finding counts those of one label. */
static void add_windows(const host_report_t *report, const report_host_t *host)
{
    report_top_t *top = g_hash_table_lookup(report->windows, host->oldest);
    if (top == NULL) {
        top = report_top_new(1, report_by_age);
        g_hash_table_insert(report->windows, (gpointer)(guintptr)host->oldest, top); /* a key is only read */
    }
    report_top_add(top, host);
}

const report_top_t *report_oldest_windows(const host_report_t *report)
{
    const report_top_t *oldest = NULL;
    GHashTableIter iterator;
    gpointer value;
    g_hash_table_iter_init(&iterator, report->windows);
    while (g_hash_table_iter_next(&iterator, NULL, &value)) {
        report_top_t *top = value;
        report_top_conclude(top);
        if (oldest == NULL || report_by_age(report_top_at(top, 0), report_top_at(oldest, 0)) < 0) {
            oldest = top;
        }
    }
    return oldest;
}

void report_lists_add(host_report_t *report, const report_host_t *host)
{
    report_top_add(report->hosts, host);
    if (host->unsupported) {
        report_top_add(report->unsupported, host);
    }
    if (is_dated_windows(host)) {
        add_windows(report, host);
    }
    if (host->tool) {
        report_top_add(report->tools, host);
    }
    if (is_shared(host)) {
        report_top_add(report->shared, host);
    }
    if (host->uptime_seconds > 0 || host->restarts > 0) {
        report_top_add(report->uptimes, host);
    }
}

void report_lists_conclude(host_report_t *report)
{
    report_top_conclude(report->hosts);
    g_array_sort(report->hosts->rows, report_by_key);
    report_top_conclude(report->unsupported);
    report_top_conclude(report->tools);
    report_top_conclude(report->shared);
    report_top_conclude(report->uptimes);
}

/* A change of a clock that is ahead is not news. */
static int newest_first(gconstpointer a, gconstpointer b, gpointer report)
{
    const int64_t x = ((const report_change_t *)a)->change.time_ns;
    const int64_t y = ((const report_change_t *)b)->change.time_ns;
    const bool ahead = report_is_ahead(report, x);
    if (ahead != report_is_ahead(report, y)) {
        return ahead ? 1 : -1;
    }
    return x < y ? 1 : x > y ? -1 : 0;
}

void report_sort_changes(host_report_t *report)
{
    g_array_sort_with_data(report->changes, newest_first, report);
    g_array_set_size(report->changes, MIN(report->changes->len, REPORT_CHANGES_MAX));
}
