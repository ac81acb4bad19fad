/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/host_report/report_lists.h"

#include <string.h>

#define TIME_BUCKETS 48
#define NS_PER_S     INT64_C(1000000000)
#define DAY          86400

/* Steps of people's clocks, and what the page says about one row. */
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

static char *row_time(int64_t seconds, int64_t step)
{
    char *text = report_time(seconds * NS_PER_S);
    if (step >= DAY) {
        text[strcspn(text, " ")] = '\0';
    }
    return text;
}

static int64_t place_of(int64_t time_ns, int64_t begin, int64_t step)
{
    return (time_ns / NS_PER_S - begin) / step;
}

report_table_t *report_timeline(const host_report_t *report)
{
    static const report_column_t columns[] = {{"time", "From", REPORT_TEXT},
                                              {"new", "New hosts", REPORT_NUMBER},
                                              {"last", "Last seen", REPORT_NUMBER},
                                              {"changes", "Changes", REPORT_NUMBER}};
    const size_t choice = choose_step((report->last_ns - report->first_ns) / NS_PER_S);
    const int64_t step = steps[choice].seconds;
    report_table_t *table = report_table_new("timeline", "Timeline", steps[choice].note, columns,
                                             G_N_ELEMENTS(columns), "No host was observed.");
    table->time_series = true;
    if (report->hosts->len == 0) {
        return table;
    }
    const int64_t begin = report->first_ns / NS_PER_S / step * step;
    const guint count = (guint)place_of(report->last_ns, begin, step) + 1;
    g_autofree uint64_t(*sums)[3] = g_malloc0_n(count, sizeof *sums);
    for (guint i = 0; i < report->hosts->len; i++) {
        const report_host_t *host = &g_array_index(report->hosts, report_host_t, i);
        sums[place_of(host->first_ns, begin, step)][0]++;
        sums[place_of(host->last_ns, begin, step)][1]++;
    }
    for (guint i = 0; i < report->changes->len; i++) {
        const int64_t at =
            place_of(g_array_index(report->changes, report_change_t, i).change.time_ns, begin, step);
        if (at >= 0 && at < (int64_t)count) {
            sums[at][2]++;
        }
    }
    for (guint i = 0; i < count; i++) {
        report_table_add(table, row_time(begin + i * step, step), report_number(sums[i][0]),
                         report_number(sums[i][1]), report_number(sums[i][2]));
    }
    return table;
}
