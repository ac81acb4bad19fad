/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Messages out of the files of a spool, and what damage has cost. */
#include "base/message_text.h"
#include "exporter/transport/spool_internal.h"
#include "files/directory_entry.h"
#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

/* Number of files of damaged segments that are kept for inspection, the newest. */
#define DAMAGED_MAX 16u

/* Removes the oldest files of damaged segments, if there are too many. */
static void trim_damaged(const spool_t *spool)
{
    g_autoptr(GPtrArray) names = spool_list_names(spool, SPOOL_DAMAGED_SUFFIX);
    for (guint i = 0; i + DAMAGED_MAX < names->len; i++) {
        (void)unlinkat(spool->directory_fd, g_ptr_array_index(names, i), 0);
    }
}

/* Counts the records that damage has cost, and keeps the file for inspection. */
static void report_damage(spool_t *spool, spool_segment_t *segment)
{
    const uint64_t lost = segment->former || segment->again ? segment->lost : segment->records;
    spool_say(spool, 0,
              "spool %s: %s: %" PRIu64 " damaged message%s, %" PRIu64
              " record%s lost; the file is kept as %s%s",
              spool->directory, segment->name, segment->damaged, plural(segment->damaged), lost, plural(lost),
              segment->name, SPOOL_DAMAGED_SUFFIX);
    *(segment->former ? &spool->damaged_former : &spool->damaged_own) += segment->again ? 0 : lost;
}

static void end_segment(spool_t *spool, spool_segment_t *segment)
{
    const bool damaged = segment->damaged > 0;
    if (segment->cut > 0) {
        spool_say(spool, 1, "spool %s: %s: the last message (%u record%s) is incomplete and is not sent",
                  spool->directory, segment->name, segment->cut, plural(segment->cut));
    }
    if (spool->reading) {
        spool_sent_add(spool, segment);
    }
    if (damaged) {
        report_damage(spool, segment);
    }
    spool_drop(spool, segment, damaged ? SPOOL_KEEP : SPOOL_REMOVE);
    if (damaged) {
        trim_damaged(spool);
    }
}

void spool_take_damage(spool_t *spool, uint64_t *own, uint64_t *former)
{
    *own = spool->damaged_own;
    *former = spool->damaged_former;
    spool->damaged_own = spool->damaged_former = 0;
}

static bool start_reading(spool_t *spool, spool_segment_t *segment)
{
    if (spool->segments.length == 1) {
        spool_finish_writing(spool);
    }
    spool->reading = spool_segment_open(segment, spool->directory_fd) == 0;
    if (!spool->reading) {
        spool_say(spool, 0, "spool %s/%s: %s", spool->directory, segment->name, file_entry_reason(errno));
        segment->damaged++;
        segment->lost += spool_segment_unread(segment, spool->directory_fd);
    } else if (segment->sums_error != 0) {
        spool_say(spool, 1,
                  "spool %s: %s: the checksums cannot be read: %s; the messages are sent without them",
                  spool->directory, segment->name, file_reason(segment->sums_error));
    }
    return spool->reading;
}

synfix_status_t spool_next(spool_t *spool, spool_message_t *message)
{
    spool_segment_t *segment;
    while (spool_has_lock(spool) && (segment = g_queue_peek_head(&spool->segments)) != NULL) {
        if (!spool->reading && spool_drop_missing(spool, segment)) {
            continue;
        }
        if ((spool->reading || start_reading(spool, segment)) &&
            spool_segment_next(segment, &message->data, &message->length, &message->records)) {
            message->former = segment->former;
            message->again = segment->again;
            segment->records -= MIN(segment->records, message->records);
            return SYNFIX_OK;
        }
        end_segment(spool, segment);
    }
    return SYNFIX_END;
}
