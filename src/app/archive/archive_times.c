/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/archive/archive_times.h"
#include "app/archive/archive_input.h"
#include "base/clock.h"

/* A live capture exports a record at most so long after its packet: the longest --flush. */
#define EXPORT_DELAY_NS (3600 * NS_PER_S)

archive_times_t archive_times_new(const host_filter_t *range)
{
    const bool set = range != NULL && (range->since_ns != 0 || range->until_ns != 0);
    return (archive_times_t){.range = range, .filter = set ? record_filter_new(range) : NULL};
}

void archive_times_clear(archive_times_t *times)
{
    record_filter_free(times->filter);
    times->filter = NULL;
}

void archive_times_layout(archive_times_t *times, const ipfix_decoder_template_t *layout)
{
    if (times->filter != NULL) {
        record_filter_layout(times->filter, layout);
    }
}

/* A capture that was read later, or a clock that was wrong, makes export times useless. */
void archive_times_record(archive_times_t *times, const ipfix_decoder_record_t *record)
{
    int64_t time_ns = 0;
    if (times->filter == NULL || times->timed || !record_filter_time(times->filter, record, &time_ns)) {
        return;
    }
    const int64_t age_ns = (int64_t)record->export_time * NS_PER_S - time_ns;
    times->timed = true;
    times->live = age_ns >= -NS_PER_S && age_ns <= EXPORT_DELAY_NS;
}

/* A record is exported after its packet, and by EXPORT_DELAY_NS at the latest. */
static bool excludes(const host_filter_t *range, int64_t from_ns, int64_t to_ns)
{
    return (range->since_ns != 0 && to_ns < range->since_ns) ||
           (range->until_ns != 0 && from_ns - EXPORT_DELAY_NS >= range->until_ns);
}

bool archive_times_skip_message(const archive_times_t *times, uint32_t export_time)
{
    const int64_t export_ns = (int64_t)export_time * NS_PER_S;
    return times->live && times->range != NULL && excludes(times->range, export_ns, export_ns + NS_PER_S);
}

bool archive_times_skip_file(const archive_times_t *times, const char *path, int64_t next_ns)
{
    int64_t first_ns = 0;
    int64_t span_ns = 0;
    return times->live && archive_name_time(path, &first_ns, &span_ns) &&
           excludes(times->range, first_ns, next_ns != 0 ? next_ns : INT64_MAX);
}
