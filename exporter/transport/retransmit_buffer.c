/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/transport/retransmit_buffer.h"
#include <glib.h>
#include <string.h>

struct retransmit_buffer {
    GQueue sent;   /* oldest first */
    GQueue unsent; /* oldest first */
    size_t sent_bytes;
    size_t unsent_bytes;
    size_t limit;
    uint64_t pending;
};

retransmit_buffer_t *retransmit_new(size_t bytes)
{
    retransmit_buffer_t *const retain = g_new0(retransmit_buffer_t, 1);
    g_queue_init(&retain->sent);
    g_queue_init(&retain->unsent);
    retain->limit = bytes;
    return retain;
}

void retransmit_free(retransmit_buffer_t *retain)
{
    if (retain != NULL) {
        g_queue_clear_full(&retain->sent, g_free);
        g_queue_clear_full(&retain->unsent, g_free);
        g_free(retain);
    }
}

/* 1 if the next message is partly sent, else 0. */
static guint is_started(const retransmit_buffer_t *retain)
{
    const retransmit_message_t *const next = retransmit_next(retain);
    return next != NULL && next->begun > 0;
}

uint64_t retransmit_add(retransmit_buffer_t *retain, const uint8_t *data, uint32_t length, uint32_t records,
                        bool again)
{
    uint64_t lost = 0;
    while (retain->unsent_bytes + length > retain->limit && retain->unsent.length > is_started(retain)) {
        retransmit_message_t *const oldest = g_queue_pop_nth(&retain->unsent, is_started(retain));
        retain->unsent_bytes -= oldest->length;
        lost += oldest->again ? 0 : oldest->records;
        g_free(oldest);
    }
    retransmit_message_t *const message = g_malloc(sizeof *message + length);
    message->length = length;
    message->records = records;
    message->begun = 0;
    message->again = again;
    memcpy(message->data, data, length);
    g_queue_push_tail(&retain->unsent, message);
    retain->unsent_bytes += length;
    retain->pending = retain->pending + (again ? 0 : records) - lost;
    return lost;
}

retransmit_message_t *retransmit_next(const retransmit_buffer_t *retain)
{
    return retain->unsent.head != NULL ? retain->unsent.head->data : NULL;
}

void retransmit_sent(retransmit_buffer_t *retain)
{
    retransmit_message_t *const message = g_queue_pop_head(&retain->unsent);
    retain->unsent_bytes -= message->length;
    retain->pending -= message->again ? 0 : message->records;
    message->begun = 0;
    message->again = true;
    g_queue_push_tail(&retain->sent, message);
    retain->sent_bytes += message->length;
    while (retain->sent_bytes > retain->limit && retain->sent.length > 0) {
        retransmit_message_t *const oldest = g_queue_pop_head(&retain->sent);
        retain->sent_bytes -= oldest->length;
        g_free(oldest);
    }
}

retransmit_message_t *retransmit_take(retransmit_buffer_t *retain)
{
    retransmit_message_t *const message = g_queue_pop_head(&retain->unsent);
    if (message != NULL) {
        retain->unsent_bytes -= message->length;
        retain->pending -= message->again ? 0 : message->records;
    }
    return message;
}

void retransmit_put_back(retransmit_buffer_t *retain, retransmit_message_t *message)
{
    g_queue_push_tail(&retain->unsent, message);
    retain->unsent_bytes += message->length;
    retain->pending += message->again ? 0 : message->records;
}

uint64_t retransmit_rewind(retransmit_buffer_t *retain)
{
    uint64_t records = 0;
    retransmit_message_t *message = retransmit_next(retain);
    if (message != NULL) {
        message->begun = 0;
    }
    while ((message = g_queue_pop_tail(&retain->sent)) != NULL) {
        records += message->records;
        g_queue_push_head(&retain->unsent, message);
    }
    retain->unsent_bytes += retain->sent_bytes;
    retain->sent_bytes = 0;
    return records;
}

size_t retransmit_messages(const retransmit_buffer_t *retain)
{
    return retain->unsent.length;
}

size_t retransmit_unsent_bytes(const retransmit_buffer_t *retain)
{
    return retain->unsent_bytes;
}

uint64_t retransmit_pending(const retransmit_buffer_t *retain)
{
    return retain->pending;
}
