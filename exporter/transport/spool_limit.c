/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Limits of a spool: size and age. */
#include "base/clock.h"
#include "exporter/transport/spool_internal.h"
#include "files/directory_entry.h"
#include <inttypes.h>

static spool_segment_t *find_again(const spool_t *spool)
{
    for (const GList *link = spool->segments.head; link != NULL; link = link->next) {
        spool_segment_t *const segment = link->data;
        if (segment->again) {
            return segment;
        }
    }
    return NULL;
}

bool spool_drop_retained(spool_t *spool)
{
    spool_segment_t *const segment = find_again(spool);
    if (segment != NULL) {
        spool_say(spool, 1, "spool %s: %s dropped: its records were sent once, room is short",
                  spool->directory, segment->name);
        spool_drop(spool, segment, SPOOL_REMOVE);
    }
    return segment != NULL;
}

/* The age of a file of this run follows the monotonic clock: a step of the wall clock makes no file old. */
static bool is_old(const spool_t *spool, const spool_segment_t *segment, const spool_times_t *now)
{
    struct stat facts;
    directory_entry_t entry = {.directory = spool->directory_fd};
    g_strlcpy(entry.name, segment->name, sizeof entry.name);
    const int64_t age_ms = !segment->former ? (now->monotonic_ns - segment->begun_ns) / NS_PER_MS
                           : file_state(&entry, &facts) == 0
                               ? now->wall_ns / NS_PER_MS - (int64_t)facts.st_mtime * 1000
                               : 0;
    return age_ms > spool->config.limit_age_ms;
}

/* Whether @p segment must be deleted now. */
static bool is_surplus(const spool_t *spool, const spool_segment_t *segment, const spool_times_t *now,
                       bool *old)
{
    if (spool->segments.length == 1 && spool->writing) {
        return false;
    }
    *old = is_old(spool, segment, now);
    return *old || spool->bytes > spool->config.limit_bytes;
}

uint64_t spool_trim(spool_t *spool, const spool_times_t *now)
{
    uint64_t lost = 0;
    bool old = false;
    spool_segment_t *segment;
    while (spool->lock_state == SPOOL_LOCK_HELD && (segment = g_queue_peek_head(&spool->segments)) != NULL &&
           is_surplus(spool, segment, now, &old)) {
        if (!old && spool_drop_retained(spool)) {
            continue;
        }
        const uint64_t former = segment->former ? spool_segment_unread(segment, spool->directory_fd) : 0;
        spool_say(spool, 1, "spool %s: %s dropped with %" PRIu64 " records: %s", spool->directory,
                  segment->name, segment->records + former, old ? "too old" : "no room within the limit");
        lost += segment->records;
        spool->damaged_former += former;
        spool_drop(spool, segment, SPOOL_REMOVE);
    }
    return lost;
}
