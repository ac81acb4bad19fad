/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/host_report/report_time_range.h"

#define OUTSIDE_PART 50u /* one time of so many may be outside */
#define OUTSIDE_MIN  2u  /* a host with one packet has two times */
#define TIMES_MIN    8u  /* of fewer times none is an exception */
#define SHORTER      10

static int by_time(gconstpointer a, gconstpointer b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static GArray *sorted_times(const host_report_t *report)
{
    GArray *times = g_array_sized_new(FALSE, FALSE, sizeof(int64_t), report->times->len);
    g_array_append_vals(times, report->times->data, report->times->len);
    g_array_sort(times, by_time);
    return times;
}

/* Place of the shortest span of @p count times. */
static size_t shortest_span(const int64_t *times, size_t total, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i + count <= total; i++) {
        if (times[i + count - 1] - times[i] < times[best + count - 1] - times[best]) {
            best = i;
        }
    }
    return best;
}

report_time_range_t report_time_range(const host_report_t *report)
{
    g_autoptr(GArray) array = sorted_times(report);
    const int64_t *times = (const int64_t *)(const void *)array->data;
    const size_t total = array->len;
    if (total == 0) {
        return (report_time_range_t){.times = 0};
    }
    report_time_range_t range = {.first_ns = times[0],
                                 .last_ns = times[total - 1],
                                 .times = total,
                                 .earliest_ns = times[0],
                                 .latest_ns = times[total - 1]};
    const size_t outside = total < TIMES_MIN ? 0 : MAX(total / OUTSIDE_PART, OUTSIDE_MIN);
    const size_t first = shortest_span(times, total, total - outside);
    const size_t last = first + total - outside - 1;
    if ((range.last_ns - range.first_ns) / SHORTER <= times[last] - times[first]) {
        return range;
    }
    range.first_ns = times[first];
    range.last_ns = times[last];
    for (size_t i = 0; i < total; i++) {
        range.outside += report_in_range(&range, times[i]) ? 0 : 1;
    }
    return range;
}

char *report_outside_text(const report_time_range_t *range)
{
    if (range->outside == 0) {
        return NULL;
    }
    g_autofree char *earliest = report_time(range->earliest_ns);
    g_autofree char *latest = report_time(range->latest_ns);
    return g_strdup_printf(
        "%zu of %zu times are outside of this range (all: %s to %s); a clock was probably wrong.",
        range->outside, range->times, earliest, latest);
}
