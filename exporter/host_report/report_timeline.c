/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/clock.h"
#include "exporter/host_report/report_lists.h"
#include "exporter/host_report/report_time_range.h"

#include <string.h>

#define TIME_BUCKETS 48
#define DAY          86400

/* Usual steps of time, and the sentence of the page about one row. */
static const struct {
    int64_t seconds;
    const char *note;
} steps[] = {
#define STEP(seconds, text)                                                                                  \
    {                                                                                                        \
        seconds, "Hosts by the time of their first and last observation (UTC). One row is " text "."         \
    }
    STEP(1, "1 s"),
    STEP(5, "5 s"),
    STEP(10, "10 s"),
    STEP(30, "30 s"),
    STEP(60, "1 min"),
    STEP(300, "5 min"),
    STEP(600, "10 min"),
    STEP(1800, "30 min"),
    STEP(3600, "1 h"),
    STEP(10800, "3 h"),
    STEP(21600, "6 h"),
    STEP(43200, "12 h"),
    STEP(DAY, "1 day"),
    STEP(7 * DAY, "7 days"),
    STEP(30 * DAY, "30 days"),
    STEP(90 * DAY, "90 days"),
    STEP(365 * DAY, "365 days"),
    STEP(3650 * DAY, "3650 days"),
#undef STEP
};

/* The smallest step with at most TIME_BUCKETS rows in @p span_s; the greatest one covers each possible span.
 */
static size_t choose_step(int64_t span_s)
{
    size_t step = 0;
    while (step + 1 < G_N_ELEMENTS(steps) && span_s / steps[step].seconds >= TIME_BUCKETS) {
        step++;
    }
    return step;
}

/* @p value rounded down to a multiple of @p step, also before 1970. */
static int64_t floor_to(int64_t value, int64_t step)
{
    const int64_t rest = value % step;
    return value - rest - (rest < 0 ? step : 0);
}

static int64_t whole_seconds(int64_t time_ns)
{
    return floor_to(time_ns, NS_PER_S) / NS_PER_S;
}

static char *row_time(int64_t seconds, int64_t step)
{
    char *text = report_time(seconds * NS_PER_S);
    if (step >= DAY) {
        text[strcspn(text, " ")] = '\0';
    }
    return text;
}

typedef struct timeline {
    report_time_range_t range;
    int64_t begin_s;
    int64_t step_s;
    guint count;
    uint64_t (*sums)[3];
} timeline_t;

static void count_time(const timeline_t *timeline, int64_t time_ns, unsigned column)
{
    if (report_in_range(&timeline->range, time_ns)) {
        timeline->sums[(whole_seconds(time_ns) - timeline->begin_s) / timeline->step_s][column]++;
    }
}

static void count_times(const timeline_t *timeline, const host_report_t *report)
{
    for (guint i = 0; i < report->times->len; i++) {
        count_time(timeline, g_array_index(report->times, int64_t, i), i % 2); /* first, last, first ... */
    }
    for (guint i = 0; i < report->change_times->len; i++) {
        count_time(timeline, g_array_index(report->change_times, int64_t, i), 2);
    }
}

static void add_rows(report_table_t *table, const timeline_t *timeline)
{
    for (guint i = 0; i < timeline->count; i++) {
        const uint64_t *sums = timeline->sums[i];
        report_table_add(table, row_time(timeline->begin_s + i * timeline->step_s, timeline->step_s),
                         report_number(sums[0]), report_number(sums[1]), report_number(sums[2]));
    }
}

report_table_t *report_timeline(const host_report_t *report)
{
    static const report_column_t columns[] = {{"time", "From", REPORT_TEXT},
                                              {"new", "New hosts", REPORT_NUMBER},
                                              {"last", "Last seen", REPORT_NUMBER},
                                              {"changes", "Changes", REPORT_NUMBER}};
    timeline_t timeline = {.range = report_time_range(report)};
    const int64_t first_s = whole_seconds(timeline.range.first_ns);
    const int64_t last_s = whole_seconds(timeline.range.last_ns);
    const size_t choice = choose_step(last_s - first_s);
    report_table_t *table = report_table_new("timeline", "Timeline", steps[choice].note, columns,
                                             G_N_ELEMENTS(columns), "No host was observed.");
    table->time_series = true;
    if (report->times->len == 0) {
        return table;
    }
    table->remark = report_outside_text(&timeline.range);
    timeline.step_s = steps[choice].seconds;
    timeline.begin_s = floor_to(first_s, timeline.step_s);
    timeline.count = (guint)((last_s - timeline.begin_s) / timeline.step_s) + 1;
    timeline.sums = g_malloc0_n(timeline.count, sizeof *timeline.sums);
    count_times(&timeline, report);
    add_rows(table, &timeline);
    g_free(timeline.sums);
    return table;
}
