/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Messages into the files of a spool. */
#include "base/clock.h"
#include "exporter/transport/spool_internal.h"
#include "files/directory_entry.h"
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define SEGMENT_BYTES_MAX (16u << 20)

static synfix_status_t append(spool_t *spool, spool_segment_t *segment, const uint8_t *data, size_t length,
                              uint32_t records, synfix_error_t *error)
{
    const uint64_t before = segment->bytes;
    if (spool_segment_append(segment, data, length, records) != 0) {
        const int number = errno;
        spool->writing = segment->fd >= 0;
        return synfix_fail(error, SYNFIX_IO, "spool %s: %s", spool->directory, file_reason(number));
    }
    spool->bytes += segment->bytes - before;
    return SYNFIX_OK;
}

static synfix_status_t emit(void *user, const uint8_t *message, size_t length, uint32_t records,
                            synfix_error_t *error)
{
    spool_t *const spool = user;
    (void)records; /* options records: each connection sends its own */
    return append(spool, g_queue_peek_tail(&spool->segments), message, length, 0, error);
}

static synfix_status_t begin_segment(spool_t *spool, int64_t now_ns, synfix_error_t *error)
{
    g_autofree char *name =
        g_strdup_printf("%020" PRIu64 "-%016" PRIx64 SPOOL_SUFFIX, spool_number_take(spool), spool->content);
    spool_segment_t *const segment = spool_segment_new(name);
    segment->begun_ns = monotonic_ns();
    if (spool_segment_create(segment, spool->directory_fd) != 0) {
        const synfix_status_t status =
            synfix_fail(error, SYNFIX_IO, "spool %s/%s: %s", spool->directory, name, file_reason(errno));
        spool_segment_free(segment);
        return status;
    }
    spool->writing = true;
    g_queue_push_tail(&spool->segments, segment);
    const synfix_status_t status = ipfix_session_begin(spool->session, now_ns, emit, spool, error);
    if (status < 0) {
        spool_drop(spool, segment, SPOOL_REMOVE);
    }
    return status;
}

/* Whether the file that is being written still has its name; otherwise it does not count as being written. */
static bool is_writing(spool_t *spool)
{
    if (spool->writing &&
        spool_segment_is_missing(g_queue_peek_tail(&spool->segments), spool->directory_fd)) {
        spool_lose_missing(spool, g_queue_peek_tail(&spool->segments));
    }
    return spool->writing;
}

/* The segment of the next message. Messages that were sent once have their own segments, which are deleted
 * first when room is short. */
static synfix_status_t segment_for(spool_t *spool, bool again, int64_t now_ns, spool_segment_t **segment,
                                   synfix_error_t *error)
{
    const uint64_t limit = MIN(SEGMENT_BYTES_MAX, spool->config.limit_bytes / 8);
    *segment = is_writing(spool) ? g_queue_peek_tail(&spool->segments) : NULL;
    if (*segment != NULL && (*segment)->bytes <= limit && again == (*segment)->again) {
        return SYNFIX_OK;
    }
    spool_finish_writing(spool);
    const synfix_status_t status = begin_segment(spool, now_ns, error);
    if (status >= 0) {
        *segment = g_queue_peek_tail(&spool->segments);
        (*segment)->again = again;
    }
    return status;
}

static synfix_status_t add(spool_t *spool, const uint8_t *message, size_t length, uint32_t records,
                           bool again, int64_t now_ns, synfix_error_t *error)
{
    uint8_t whole[IPFIX_MESSAGE_SIZE_MAX];
    spool_segment_t *segment;
    synfix_status_t status = segment_for(spool, again, now_ns, &segment, error);
    if (status < 0) {
        return status;
    }
    memcpy(whole, message, length);
    ipfix_session_write_header(spool->session, message, length, records, now_ns, whole);
    status = append(spool, segment, whole, length, records, error);
    if (status >= 0) {
        segment->records += again ? 0 : records;
    }
    return status;
}

synfix_status_t spool_add(spool_t *spool, const uint8_t *message, size_t length, uint32_t records, bool again,
                          int64_t now_ns, synfix_error_t *error)
{
    if (again && spool->bytes + length > spool->config.limit_bytes / 2) {
        return synfix_fail(error, SYNFIX_IO,
                           "spool %s: the remaining room is for records that were never sent",
                           spool->directory);
    }
    if (!spool_has_lock(spool)) {
        return synfix_fail(error, SYNFIX_IO, "spool %s: %s", spool->directory,
                           spool->lock_state == SPOOL_LOCK_OF_OTHER
                               ? "in use by another process"
                               : "the lock is missing, and cannot be made again");
    }
    synfix_status_t status;
    while ((status = add(spool, message, length, records, again, now_ns, error)) < 0 && !again &&
           spool_drop_retained(spool)) {
    }
    return status;
}
