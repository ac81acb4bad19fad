/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/transport/spool.h"
#include "base/message_text.h"
#include "exporter/transport/spool_index.h"
#include "exporter/transport/spool_internal.h"
#include <unistd.h>

void spool_say(const spool_t *spool, int level, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    spool->config.log(spool->config.log_user, level, text);
}

static void segment_free(gpointer data)
{
    spool_segment_free(data);
}

synfix_status_t spool_open(const spool_config_t *config, spool_t **spool, synfix_error_t *error)
{
    spool_t *const made = g_new0(spool_t, 1);
    const ipfix_session_config_t session = {.settings = config->settings};
    made->config = *config;
    made->directory = g_strdup(config->directory);
    made->lock = made->directory_fd = made->sent_fd = -1;
    made->next_number = 1;
    made->content = ipfix_profile_digest(config->settings->profile);
    g_queue_init(&made->segments);
    synfix_status_t status = spool_sum_load(error);
    status = status < 0 ? status : spool_lock(made, error);
    status = status < 0 ? status : ipfix_session_new(&session, &made->session, error);
    if (status < 0) {
        spool_close(made);
        return status;
    }
    spool_number_read(made);
    spool_sent_open(made);
    spool_find_former(made);
    status = spool_number_check(made, error);
    if (status < 0) {
        spool_close(made);
        return status;
    }
    if (made->segments.length > 0) {
        spool_say(made, 2, "spool %s: %u file%s of an earlier run", made->directory, made->segments.length,
                  plural(made->segments.length));
    }
    *spool = made;
    return SYNFIX_OK;
}

void spool_finish_writing(spool_t *spool)
{
    if (spool->writing) {
        spool_segment_finish(g_queue_peek_tail(&spool->segments));
        spool->writing = false;
    }
}

static void spool_stop_reading(spool_t *spool)
{
    if (spool->reading) {
        spool_segment_close(g_queue_peek_head(&spool->segments));
        spool->reading = false;
    }
}

void spool_close(spool_t *spool)
{
    if (spool == NULL) {
        return;
    }
    spool_finish_writing(spool);
    spool_stop_reading(spool);
    g_queue_clear_full(&spool->segments, segment_free);
    if (spool->session != NULL) {
        ipfix_session_free(spool->session);
    }
    if (spool->lock >= 0) {
        close(spool->lock);
    }
    if (spool->sent_fd >= 0) {
        close(spool->sent_fd);
    }
    if (spool->directory_fd >= 0) {
        close(spool->directory_fd);
    }
    g_free(spool->directory);
    g_free(spool);
}

bool spool_is_empty(const spool_t *spool)
{
    return spool->segments.length == 0;
}

bool spool_is_readable(const spool_t *spool)
{
    return spool->lock_state == SPOOL_LOCK_HELD && !spool_is_empty(spool);
}

void spool_drop(spool_t *spool, spool_segment_t *segment, spool_drop_files_t files)
{
    if (segment == g_queue_peek_head(&spool->segments)) {
        spool_stop_reading(spool);
    }
    if (segment == g_queue_peek_tail(&spool->segments)) {
        spool_finish_writing(spool);
    }
    g_queue_remove(&spool->segments, segment);
    spool->bytes -= MIN(spool->bytes, segment->bytes);
    if (files == SPOOL_KEEP) {
        spool_segment_keep(segment, spool->directory_fd);
    } else if (files == SPOOL_REMOVE) {
        spool_segment_remove(segment, spool->directory_fd);
    }
    spool_segment_free(segment);
}
