/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/transport/retransmit_buffer.h"
#include <glib.h>
#include <string.h>

struct retain {
    GQueue sent;   /* oldest first */
    GQueue unsent; /* oldest first */
    size_t sent_octets;
    size_t unsent_octets;
    size_t limit;
    uint64_t pending;
};

retain_t *retain_new(size_t octets)
{
    retain_t *const retain = g_new0(retain_t, 1);
    g_queue_init(&retain->sent);
    g_queue_init(&retain->unsent);
    retain->limit = octets;
    return retain;
}

void retain_free(retain_t *retain)
{
    if (retain) {
        g_queue_clear_full(&retain->sent, g_free);
        g_queue_clear_full(&retain->unsent, g_free);
        g_free(retain);
    }
}

/* 1 when the next message is begun, else 0. */
static guint is_begun(const retain_t *retain)
{
    const retain_message_t *const next = retain_next(retain);
    return next && next->begun > 0;
}

uint64_t retain_add(retain_t *retain, const uint8_t *data, uint32_t length, uint32_t records, bool again)
{
    uint64_t lost = 0;
    while (retain->unsent_octets + length > retain->limit && retain->unsent.length > is_begun(retain)) {
        retain_message_t *const oldest = g_queue_pop_nth(&retain->unsent, is_begun(retain));
        retain->unsent_octets -= oldest->length;
        lost += oldest->again ? 0 : oldest->records;
        g_free(oldest);
    }
    retain_message_t *const message = g_malloc(sizeof *message + length);
    message->length = length;
    message->records = records;
    message->begun = 0;
    message->again = again;
    memcpy(message->data, data, length);
    g_queue_push_tail(&retain->unsent, message);
    retain->unsent_octets += length;
    retain->pending = retain->pending + (again ? 0 : records) - lost;
    return lost;
}

retain_message_t *retain_next(const retain_t *retain)
{
    return retain->unsent.head ? retain->unsent.head->data : NULL;
}

void retain_sent(retain_t *retain)
{
    retain_message_t *const message = g_queue_pop_head(&retain->unsent);
    retain->unsent_octets -= message->length;
    retain->pending -= message->again ? 0 : message->records;
    message->begun = 0;
    message->again = true;
    g_queue_push_tail(&retain->sent, message);
    retain->sent_octets += message->length;
    while (retain->sent_octets > retain->limit && retain->sent.length > 0) {
        retain_message_t *const oldest = g_queue_pop_head(&retain->sent);
        retain->sent_octets -= oldest->length;
        g_free(oldest);
    }
}

retain_message_t *retain_take(retain_t *retain)
{
    retain_message_t *const message = g_queue_pop_head(&retain->unsent);
    if (message) {
        retain->unsent_octets -= message->length;
        retain->pending -= message->again ? 0 : message->records;
    }
    return message;
}

void retain_put_back(retain_t *retain, retain_message_t *message)
{
    g_queue_push_tail(&retain->unsent, message);
    retain->unsent_octets += message->length;
    retain->pending += message->again ? 0 : message->records;
}

uint64_t retain_rewind(retain_t *retain)
{
    uint64_t records = 0;
    retain_message_t *message = retain_next(retain);
    if (message) {
        message->begun = 0;
    }
    while ((message = g_queue_pop_tail(&retain->sent))) {
        records += message->records;
        g_queue_push_head(&retain->unsent, message);
    }
    retain->unsent_octets += retain->sent_octets;
    retain->sent_octets = 0;
    return records;
}

size_t retain_messages(const retain_t *retain)
{
    return retain->unsent.length;
}

size_t retain_unsent_octets(const retain_t *retain)
{
    return retain->unsent_octets;
}

uint64_t retain_pending(const retain_t *retain)
{
    return retain->pending;
}
