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
    retransmit_buffer_t *const buffer = g_new0(retransmit_buffer_t, 1);
    g_queue_init(&buffer->sent);
    g_queue_init(&buffer->unsent);
    buffer->limit = bytes;
    return buffer;
}

void retransmit_free(retransmit_buffer_t *buffer)
{
    if (buffer != NULL) {
        g_queue_clear_full(&buffer->sent, g_free);
        g_queue_clear_full(&buffer->unsent, g_free);
        g_free(buffer);
    }
}

/* 1 if the next message is partly sent, else 0. */
static guint is_started(const retransmit_buffer_t *buffer)
{
    const retransmit_message_t *const next = retransmit_next(buffer);
    return next != NULL && next->begun > 0;
}

uint64_t retransmit_add(retransmit_buffer_t *buffer, const uint8_t *data, uint32_t length, uint32_t records,
                        bool again)
{
    uint64_t lost = 0;
    while (buffer->unsent_bytes + length > buffer->limit && buffer->unsent.length > is_started(buffer)) {
        retransmit_message_t *const oldest = g_queue_pop_nth(&buffer->unsent, is_started(buffer));
        buffer->unsent_bytes -= oldest->length;
        lost += oldest->again ? 0 : oldest->records;
        g_free(oldest);
    }
    retransmit_message_t *const message = g_malloc(sizeof *message + length);
    message->length = length;
    message->records = records;
    message->begun = 0;
    message->again = again;
    memcpy(message->data, data, length);
    g_queue_push_tail(&buffer->unsent, message);
    buffer->unsent_bytes += length;
    buffer->pending = buffer->pending + (again ? 0 : records) - lost;
    return lost;
}

retransmit_message_t *retransmit_next(const retransmit_buffer_t *buffer)
{
    return buffer->unsent.head != NULL ? buffer->unsent.head->data : NULL;
}

void retransmit_sent(retransmit_buffer_t *buffer)
{
    retransmit_message_t *const message = g_queue_pop_head(&buffer->unsent);
    buffer->unsent_bytes -= message->length;
    buffer->pending -= message->again ? 0 : message->records;
    message->begun = 0;
    message->again = true;
    g_queue_push_tail(&buffer->sent, message);
    buffer->sent_bytes += message->length;
    while (buffer->sent_bytes > buffer->limit && buffer->sent.length > 0) {
        retransmit_message_t *const oldest = g_queue_pop_head(&buffer->sent);
        buffer->sent_bytes -= oldest->length;
        g_free(oldest);
    }
}

retransmit_message_t *retransmit_take(retransmit_buffer_t *buffer)
{
    retransmit_message_t *const message = g_queue_pop_head(&buffer->unsent);
    if (message != NULL) {
        buffer->unsent_bytes -= message->length;
        buffer->pending -= message->again ? 0 : message->records;
    }
    return message;
}

void retransmit_put_back(retransmit_buffer_t *buffer, retransmit_message_t *message)
{
    g_queue_push_tail(&buffer->unsent, message);
    buffer->unsent_bytes += message->length;
    buffer->pending += message->again ? 0 : message->records;
}

uint64_t retransmit_rewind(retransmit_buffer_t *buffer)
{
    uint64_t records = 0;
    retransmit_message_t *message = retransmit_next(buffer);
    if (message != NULL) {
        message->begun = 0;
    }
    while ((message = g_queue_pop_tail(&buffer->sent)) != NULL) {
        records += message->records;
        g_queue_push_head(&buffer->unsent, message);
    }
    buffer->unsent_bytes += buffer->sent_bytes;
    buffer->sent_bytes = 0;
    return records;
}

size_t retransmit_messages(const retransmit_buffer_t *buffer)
{
    return buffer->unsent.length;
}

size_t retransmit_unsent_bytes(const retransmit_buffer_t *buffer)
{
    return buffer->unsent_bytes;
}

uint64_t retransmit_pending(const retransmit_buffer_t *buffer)
{
    return buffer->pending;
}
