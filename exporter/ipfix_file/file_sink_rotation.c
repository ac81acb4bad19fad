/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Begin, end and rotation of the file of the sink `file`, and messages into the file. */
#include "base/clock.h"
#include "exporter/ipfix_file/archive_limit.h"
#include "exporter/ipfix_file/file_sink_internal.h"

synfix_status_t file_sink_append(file_sink_t *sink, const ipfix_file_message_t *message,
                                 synfix_error_t *error)
{
    synfix_status_t status = ipfix_file_append(sink->archive, message, error);
    if (status == SYNFIX_AGAIN) {
        status = ipfix_file_flush(sink->archive, error);
        if (status == SYNFIX_OK) {
            status = ipfix_file_append(sink->archive, message, error);
        }
    }
    return status;
}

synfix_status_t file_sink_emit(void *user, const uint8_t *message, size_t length, uint32_t records,
                               synfix_error_t *error)
{
    (void)records; /* delivered records count observations */
    const ipfix_file_message_t whole = {message, message + IPFIX_HEADER_SIZE, length - IPFIX_HEADER_SIZE, 0,
                                        NULL};
    return file_sink_append(user, &whole, error);
}

synfix_status_t file_sink_begin(file_sink_t *sink, int64_t now_ns, synfix_error_t *error)
{
    synfix_status_t status = ipfix_file_begin(sink->archive, now_ns, error);
    sink->opened_ns = now_ns;
    if (status == SYNFIX_OK) {
        status = ipfix_session_begin(sink->session, now_ns, file_sink_emit, sink, error);
    }
    return status == SYNFIX_OK ? ipfix_file_flush(sink->archive, error) : status;
}

static void bound_archive(const file_sink_t *sink)
{
    const archive_limit_t limit = {.target = sink->target,
                                   .bytes_max = sink->keep_size,
                                   .log = sink->context->log,
                                   .user = sink->context->user};
    (void)archive_limit_apply(&limit);
}

synfix_status_t file_sink_end(file_sink_t *sink, int64_t now_ns, synfix_error_t *error)
{
    const synfix_status_t status = ipfix_session_end(sink->session, now_ns, file_sink_emit, sink, error);
    const synfix_status_t closed = ipfix_file_end(sink->archive, status == SYNFIX_OK ? error : NULL);
    bound_archive(sink);
    return status != SYNFIX_OK ? status : closed;
}

static bool rotation_is_due(const file_sink_t *sink, int64_t now_ns)
{
    const int64_t period_ns = sink->rotate_time_ms * NS_PER_MS;
    return (sink->rotate_size > 0 && ipfix_file_size(sink->archive) >= sink->rotate_size) ||
           (period_ns > 0 && now_ns / period_ns != sink->opened_ns / period_ns);
}

synfix_status_t file_sink_ensure(file_sink_t *sink, int64_t now_ns, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    if (ipfix_file_is_open(sink->archive) && rotation_is_due(sink, now_ns)) {
        status = ipfix_file_flush(sink->archive, error); /* without space the current file stays in use */
        if (status == SYNFIX_OK) {
            status = file_sink_end(sink, now_ns, error);
        }
    }
    if (status == SYNFIX_OK && !ipfix_file_is_open(sink->archive)) {
        status = file_sink_begin(sink, now_ns, error);
        if (status != SYNFIX_OK) {
            ipfix_file_abandon(sink->archive);
        }
    }
    return status;
}
