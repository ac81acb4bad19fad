/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/host_report/report_time_range.h"
#include "base/clock.h"

#define OUTSIDE_PART 50u /* at most 1/OUTSIDE_PART of the times are outside of the range ... */
#define OUTSIDE_MIN  2u  /* ... or this number: a host with one packet has two times */
#define TIMES_MIN    8u  /* with fewer times, none is outside */
#define SHORTER      10  /* times are outside only if the range is shorter by this factor without them */

#define EARLIEST_NS (INT64_C(631152000) * NS_PER_S) /* 1990; captures are younger */
#define AHEAD_NS    (INT64_C(86400) * NS_PER_S) /* permitted lead of a clock over the clock of the report */

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

static bool is_ahead(int64_t now_ns, int64_t time_ns)
{
    return time_ns > now_ns + AHEAD_NS;
}

bool report_is_ahead(const host_report_t *report, int64_t time_ns)
{
    return is_ahead(report->now_ns, time_ns);
}

/* Skips impossible times at both ends; keeps all of them if all are impossible. Returns the index of the
 * first remaining time and sets @p count. */
static size_t skip_impossible(const report_time_range_t *all, const int64_t *times, int64_t now_ns,
                              size_t *count)
{
    size_t first = 0;
    size_t end = all->times;
    while (first < end && times[first] < EARLIEST_NS) {
        first++;
    }
    while (end > first && is_ahead(now_ns, times[end - 1])) {
        end--;
    }
    *count = end > first ? end - first : all->times;
    return end > first ? first : 0;
}

/* Index of the first of the @p count successive times with the shortest span. */
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

/* Sets the range to the span of @p count times, or to a much shorter span that most times share. */
static void set_range(report_time_range_t *range, const int64_t *times, size_t count)
{
    const size_t outside = count < TIMES_MIN ? 0 : MAX(count / OUTSIDE_PART, OUTSIDE_MIN);
    const size_t first = shortest_span(times, count, count - outside);
    const size_t last = first + count - outside - 1;
    const bool shorter = (times[count - 1] - times[0]) / SHORTER > times[last] - times[first];
    range->first_ns = shorter ? times[first] : times[0];
    range->last_ns = shorter ? times[last] : times[count - 1];
}

report_time_range_t report_time_range(const host_report_t *report)
{
    g_autoptr(GArray) array = sorted_times(report);
    const int64_t *times = (const int64_t *)(const void *)array->data;
    report_time_range_t range = {.times = array->len};
    if (range.times == 0) {
        return range;
    }
    range.earliest_ns = times[0];
    range.latest_ns = times[range.times - 1];
    size_t count = 0;
    const size_t first = skip_impossible(&range, times, report->now_ns, &count);
    set_range(&range, times + first, count);
    for (size_t i = 0; i < range.times; i++) {
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
