/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Blocks of records into the file of the sink `file`. */
#include "base/clock.h"
#include "exporter/ipfix_file/file_sink_internal.h"
#include <glib.h>

/* Full messages arrive in series, and one write for many messages halves the cost. Other messages are written
 * at once. */
#define WAIT_MAX_NS (200 * NS_PER_MS)
#define FULL_LEFT   1024u /* space that another record may not fit into */

/* A reader uses the later copy for records whose own was damaged. */
static synfix_status_t repeat_templates(file_sink_t *sink, int64_t now_ns, synfix_error_t *error)
{
    const uint64_t size = ipfix_file_size(sink->archive);
    sink->repeated_at = MIN(sink->repeated_at, size); /* another file has begun */
    if (sink->repeat_size == 0 || size - sink->repeated_at < sink->repeat_size) {
        return SYNFIX_OK;
    }
    sink->repeated_at = size;
    return ipfix_session_refresh(sink->session, now_ns, file_sink_emit, sink, error);
}

/* The file either holds the message, or the transport session is as before. */
static synfix_status_t append_block(file_sink_t *sink, const synfix_block_t *block, uint32_t records,
                                    int64_t now_ns, synfix_error_t *error)
{
    uint8_t header[IPFIX_HEADER_SIZE];
    const uint32_t sequence = ipfix_session_sequence(sink->session);
    ipfix_session_write_header(sink->session, block->data, block->length, records, now_ns, header);
    const size_t body_length = block->length - IPFIX_HEADER_SIZE;
    const bool kept =
        ipfix_file_keeps(sink->archive, body_length) && sink->context->keep_block(sink->context->user, block);
    const ipfix_file_message_t message = {header, block->data + IPFIX_HEADER_SIZE, body_length, records,
                                          kept ? block : NULL};
    const synfix_status_t status = file_sink_append(sink, &message, error);
    if (status != SYNFIX_OK && kept) {
        sink->context->release_block(sink->context->user, block);
    }
    if (status != SYNFIX_OK) {
        ipfix_session_roll_back(sink->session, sequence, block->length, records);
    }
    return status;
}

static synfix_status_t take(file_sink_t *sink, const synfix_block_t *block, uint32_t records, int64_t now_ns,
                            synfix_error_t *error)
{
    synfix_status_t status = file_sink_ensure(sink, now_ns, error);
    if (status == SYNFIX_OK) {
        status = repeat_templates(sink, now_ns, error);
    }
    if (status != SYNFIX_OK || block->length <= IPFIX_HEADER_SIZE) {
        return status;
    }
    return append_block(sink, block, records, now_ns, error);
}

/* Returns whether similar messages will probably follow. */
static bool may_wait(file_sink_t *sink, const synfix_block_t *block, int64_t now_ns)
{
    if (ipfix_file_totals(sink->archive)->waiting == ipfix_block_records(block)) {
        sink->waiting_since_ns = now_ns;
    }
    return block->capacity - block->length < FULL_LEFT && now_ns >= sink->waiting_since_ns &&
           now_ns - sink->waiting_since_ns < WAIT_MAX_NS;
}

synfix_status_t file_sink_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    file_sink_t *sink = instance;
    const uint32_t records = ipfix_block_records(block);
    const int64_t now_ns = wall_ns();
    synfix_error_t reason;
    file_sink_count(&sink->produced, records);
    synfix_status_t status = take(sink, block, records, now_ns, &reason);
    if (status != SYNFIX_OK) {
        sink->refused += records;
    } else if (!may_wait(sink, block, now_ns)) {
        status = ipfix_file_flush(sink->archive, &reason);
    }
    if (status < 0) {
        (void)synfix_fail(error, status, "%s", reason.text);
    }
    status = file_sink_conclude(sink, status, &reason);
    if (status != SYNFIX_OK) { /* the caller counts this block */
        (void)atomic_fetch_sub_explicit(&sink->produced, records, memory_order_relaxed);
        (void)atomic_fetch_sub_explicit(&sink->lost, records, memory_order_relaxed);
    }
    return status;
}
