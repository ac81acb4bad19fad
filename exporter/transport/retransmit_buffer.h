/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file retransmit_buffer.h
 * Messages of a stream session: those still to be sent, and behind them the last ones that were sent. TCP
 * acknowledges to the kernel and not to the collector, so after a break what was sent lately is sent again.
 */
#ifndef EXPORTER_TRANSPORT_RETRANSMIT_BUFFER_H
#define EXPORTER_TRANSPORT_RETRANSMIT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct retain retransmit_buffer_t;

typedef struct retransmit_message {
    uint32_t length;
    uint32_t records;
    uint32_t begun; /* bytes of it that this connection has taken: it can't be left out any more */
    bool again;     /* was sent already, before a break */
    uint8_t data[];
} retransmit_message_t;

/** Keeps @p bytes of sent messages, and as much of unsent ones. Never NULL. */
retransmit_buffer_t *retransmit_new(size_t bytes);
void retransmit_free(retransmit_buffer_t *retain);

/** Copies a message to the end; @p again: it was sent once. Returns the records of unsent first-time messages
 * that had to go for it. */
uint64_t retransmit_add(retransmit_buffer_t *retain, const uint8_t *data, uint32_t length, uint32_t records,
                        bool again);

/** The next message to send; NULL: none. The header may be written over. One that is begun stays the next. */
retransmit_message_t *retransmit_next(const retransmit_buffer_t *retain);

/** That one was sent. */
void retransmit_sent(retransmit_buffer_t *retain);

/** Takes the next message away unsent; g_free it. */
retransmit_message_t *retransmit_take(retransmit_buffer_t *retain);

/** Puts back what was taken, as the last. */
void retransmit_put_back(retransmit_buffer_t *retain, retransmit_message_t *message);

/** The connection broke: everything kept is to be sent (again). Returns its records that were sent before. */
uint64_t retransmit_rewind(retransmit_buffer_t *retain);

/** Messages waiting to be sent. */
size_t retransmit_messages(const retransmit_buffer_t *retain);

/** Bytes of those. */
size_t retransmit_unsent_bytes(const retransmit_buffer_t *retain);

/** Records that were never sent. */
uint64_t retransmit_pending(const retransmit_buffer_t *retain);

#endif
