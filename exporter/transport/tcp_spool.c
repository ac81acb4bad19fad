/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/clock.h"
#include "exporter/transport/tcp_sink.h"

/* Messages from the spool between two checks of live messages. */
#define SPOOL_BURST 64

void tcp_adjust(tcp_sink_t *sink, uint64_t *from, uint64_t *to, uint64_t records)
{
    (void)pthread_mutex_lock(&sink->common.lock);
    if (from != NULL) {
        *from -= records;
    }
    *to += records;
    (void)pthread_mutex_unlock(&sink->common.lock);
}

static bool to_spool(tcp_sink_t *sink, const retransmit_message_t *message)
{
    synfix_error_t error;
    const bool kept = spool_add(sink->spool, message->data, message->length, message->records, message->again,
                                transport_now_ns(), &error) >= 0;
    if (message->again) {
        return kept; /* a copy: its failure is not reported */
    }
    if (!kept && !sink->spool_full) {
        transport_log(&sink->common, 0, "%s; records wait in memory", error.text);
        tcp_adjust(sink, NULL, &sink->common.stats.errors, 1);
    } else if (kept && sink->spool_full) {
        transport_log(&sink->common, 2, "spooling again");
    }
    sink->spool_full = !kept;
    return kept;
}

/* Moves either the messages that were sent before or the others to disk. Messages without space on disk stay
 * in memory, whose bound counts the dropped ones. */
static void move_some(tcp_sink_t *sink, bool again)
{
    synfix_sink_stats_t *const stats = &sink->common.stats;
    bool room = true;
    for (size_t left = retransmit_messages(sink->retransmit); left > 0; left--) {
        retransmit_message_t *const message = retransmit_take(sink->retransmit);
        const bool stays = message->again != again || message->begun > 0;
        if (stays || !room || !to_spool(sink, message)) {
            room = room && stays;
            retransmit_put_back(sink->retransmit, message);
            continue;
        }
        if (!again) {
            tcp_adjust(sink, &stats->pending, &stats->spooled, message->records);
        }
        g_free(message);
    }
}

/* Records in damaged messages, and in files of earlier runs that were dropped, count as lost. */
static void count_damage(tcp_sink_t *sink)
{
    synfix_sink_stats_t *const stats = &sink->common.stats;
    uint64_t own = 0, former = 0;
    spool_take_damage(sink->spool, &own, &former);
    if (own > 0) {
        tcp_adjust(sink, &stats->spooled, &stats->lost, own);
    }
    if (former > 0) {
        tcp_adjust(sink, NULL, &stats->found, former);
        tcp_adjust(sink, NULL, &stats->produced, former);
        tcp_adjust(sink, NULL, &stats->lost, former);
    }
}

void tcp_spool_fill(tcp_sink_t *sink)
{
    synfix_sink_stats_t *const stats = &sink->common.stats;
    move_some(sink, false);
    if (!sink->spool_full) {
        move_some(sink, true);
    }
    const spool_times_t now = {.wall_ns = transport_now_ns(), .monotonic_ns = monotonic_ns()};
    tcp_adjust(sink, &stats->spooled, &stats->lost, spool_trim(sink->spool, &now));
    count_damage(sink);
}

void tcp_spool_check(tcp_sink_t *sink)
{
    spool_check_files(sink->spool);
    count_damage(sink);
}

/* Messages from the disk must not evict messages in memory. */
static bool has_room(const tcp_sink_t *sink)
{
    const size_t unsent = retransmit_unsent_bytes(sink->retransmit);
    return unsent == 0 || unsent + sink->common.settings.message_size <= sink->retransmit_bytes / 2;
}

void tcp_spool_draw(tcp_sink_t *sink)
{
    synfix_sink_stats_t *const stats = &sink->common.stats;
    spool_message_t message;
    for (int i = 0; i < SPOOL_BURST && has_room(sink) && spool_next(sink->spool, &message) == SYNFIX_OK;
         i++) {
        if (message.former) {
            tcp_adjust(sink, NULL, &stats->found, message.records);
            tcp_adjust(sink, NULL, &stats->produced, message.records);
            tcp_adjust(sink, NULL, &stats->pending, message.records);
        } else if (!message.again) {
            tcp_adjust(sink, &stats->spooled, &stats->pending, message.records);
        }
        const uint64_t lost = retransmit_add(sink->retransmit, message.data, (uint32_t)message.length,
                                             message.records, message.again);
        if (lost > 0) {
            tcp_adjust(sink, &stats->pending, &stats->lost, lost);
        }
    }
    count_damage(sink);
}

static void spool_log(void *user, int level, const char *text)
{
    transport_log(user, level, "%s", text);
}

synfix_status_t tcp_spool_open(tcp_sink_t *sink, const synfix_options_t *options, synfix_error_t *error)
{
    const spool_config_t config = {.directory = synfix_options_string(options, "spool"),
                                   .settings = &sink->common.settings,
                                   .limit_bytes = (uint64_t)synfix_options_integer(options, "spool-size"),
                                   .limit_age_ms = synfix_options_duration_ms(options, "spool-age"),
                                   .log = spool_log,
                                   .log_user = &sink->common};
    return config.directory != NULL && config.directory[0] ? spool_open(&config, &sink->spool, error)
                                                           : SYNFIX_OK;
}
