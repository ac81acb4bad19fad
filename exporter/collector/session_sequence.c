/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Sequence numbers of a session: each observation domain has its own (RFC 7011 section 3.1). */
#include "base/byte_order.h"
#include "base/message_text.h"
#include "exporter/collector/collect_internal.h"
#include "exporter/ipfix_decoder/sequence_check.h"
#include <inttypes.h>

#define DOMAINS_MAX 256u

enum {
    SEQUENCE_AT = 8, /* in the message header */
    DOMAIN_AT = 12,
};

typedef struct domain_state {
    sequence_check_t check;
    exporter_counters_t *counters;
    bool way_reported;
} domain_state_t;

static domain_state_t *find_state(collector_session_t *session, uint32_t domain)
{
    if (session->sequences == NULL) {
        session->sequences = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    }
    domain_state_t *state = g_hash_table_lookup(session->sequences, GUINT_TO_POINTER(domain));
    if (state == NULL && g_hash_table_size(session->sequences) < DOMAINS_MAX) {
        state = g_new0(domain_state_t, 1);
        state->counters = exporter_table_get(session->collect->exporters, session->entry.peer, domain);
        g_hash_table_insert(session->sequences, GUINT_TO_POINTER(domain), state);
    }
    return state;
}

static void count_result(exporter_counters_t *counters, sequence_result_t result, uint32_t count)
{
    switch (result) {
    case SEQUENCE_GAP:
        counters->gaps++;
        counters->missing += count;
        break;
    case SEQUENCE_LATE:
        counters->late += count;
        break;
    case SEQUENCE_DUPLICATE:
        counters->duplicate += count;
        break;
    case SEQUENCE_RESTART:
        counters->restarts++;
        break;
    default:
        break;
    }
}

static void report_way(collector_session_t *session, uint32_t domain, domain_state_t *state)
{
    if ((state->check.way & SEQUENCE_OWN) != 0 && !state->way_reported) {
        g_autofree char *text = g_strdup_printf(
            "domain %" PRIu32
            ": each sequence number includes the records of its message, contrary to RFC 7011 "
            "section 3.1; lost records are counted accordingly",
            domain);
        state->way_reported = true;
        limit_report_add(session->collect->limits, COLLECT_IRREGULAR, 1, session->entry.peer, text);
    }
}

static void report_result(collector_session_t *session, uint32_t domain, sequence_result_t result,
                          uint32_t count)
{
    const char *const peer = session->entry.peer;
    if (result == SEQUENCE_GAP || result == SEQUENCE_DUPLICATE) {
        const bool gap = result == SEQUENCE_GAP;
        g_autofree char *text = g_strdup_printf("domain %" PRIu32 ": %" PRIu32 " record%s %s", domain, count,
                                                plural(count), gap ? "missing" : "arrived twice");
        limit_report_add(session->collect->limits, gap ? COLLECT_MISSING : COLLECT_DUPLICATE, count, peer,
                         text);
    } else if (result == SEQUENCE_IRREGULAR) {
        g_autofree char *text =
            g_strdup_printf("domain %" PRIu32 ": the sequence numbers do not follow RFC 7011 section 3.1; "
                            "lost records are not counted",
                            domain);
        limit_report_add(session->collect->limits, COLLECT_IRREGULAR, 1, peer, text);
    } else if (result == SEQUENCE_LATE) {
        limit_report_add(session->collect->limits, COLLECT_LATE, count, peer, NULL);
    }
}

void session_check_sequence(collector_session_t *session, const uint8_t *message, size_t length,
                            const ipfix_decoder_stats_t *before, bool good)
{
    if (length < READER_HEADER_SIZE) {
        return;
    }
    const uint32_t domain = read_be32(message + DOMAIN_AT);
    domain_state_t *const state = find_state(session, domain);
    ipfix_decoder_stats_t after;
    ipfix_decoder_get_stats(session->reader, &after);
    if (state == NULL) {
        return;
    }
    const sequence_records_t records = {
        .data = (uint32_t)(after.data_records - before->data_records),
        .options = (uint32_t)(after.options_records - before->options_records),
    };
    const bool whole = good && after.sets_without_template == before->sets_without_template;
    uint32_t count = 0;
    const sequence_result_t result =
        sequence_check_message(&state->check, read_be32(message + SEQUENCE_AT), records, whole, &count);
    state->counters->messages++;
    state->counters->records += (uint64_t)records.data + records.options;
    count_result(state->counters, result, count);
    report_way(session, domain, state);
    report_result(session, domain, result, count);
}

void session_report_sequences(collector_session_t *session)
{
    GHashTableIter iter;
    gpointer domain;
    gpointer value;
    if (session->sequences == NULL) {
        return;
    }
    g_hash_table_iter_init(&iter, session->sequences);
    while (g_hash_table_iter_next(&iter, &domain, &value)) {
        const sequence_check_t *const check = &((const domain_state_t *)value)->check;
        if (check->lost > 0 || check->duplicate > 0) {
            g_autofree char *text = g_strdup_printf(
                "domain %u: %" PRIu64 " record%s lost, %" PRIu64 " duplicate, %" PRIu64 " late",
                GPOINTER_TO_UINT(domain), check->lost, plural(check->lost), check->duplicate, check->late);
            limit_report_add(session->collect->limits, COLLECT_INCOMPLETE, 1, session->entry.peer, text);
        }
    }
    g_hash_table_destroy(g_steal_pointer(&session->sequences));
}
