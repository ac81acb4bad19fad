/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file retransmit_buffer.h
 * Messages of a stream session: the unsent ones, and the last sent ones. TCP acknowledgements come from the
 * collector's kernel, not from the collecting process, so recent messages are sent again after a break.
 */
#ifndef EXPORTER_TRANSPORT_RETRANSMIT_BUFFER_H
#define EXPORTER_TRANSPORT_RETRANSMIT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The greatest bound of a buffer. With addresses of 32 bits, sent and unsent messages together need at most
 * half of the memory that can be addressed. */
#if SIZE_MAX > UINT32_MAX
#define RETRANSMIT_BYTES_MAX 4294967296
#else
#define RETRANSMIT_BYTES_MAX 1073741824
#endif

typedef struct retransmit_buffer retransmit_buffer_t;

typedef struct retransmit_message {
    uint32_t length;
    uint32_t records;
    uint32_t begun; /* bytes already sent over this connection: the message cannot be dropped any more */
    bool again;     /* was sent before a break */
    uint8_t data[];
} retransmit_message_t;

/** Creates a buffer for @p bytes of sent messages, and as many bytes of unsent ones. Never returns NULL. */
retransmit_buffer_t *retransmit_new(size_t bytes);
void retransmit_free(retransmit_buffer_t *buffer);

/**
 * Appends a copy of a message; @p again: it was sent before. Returns the number of unsent new records that
 * were dropped for space.
 */
uint64_t retransmit_add(retransmit_buffer_t *buffer, const uint8_t *data, uint32_t length, uint32_t records,
                        bool again);

/**
 * Returns the next message to send; NULL: none. The caller may overwrite its header. A partly sent message
 * stays the next.
 */
retransmit_message_t *retransmit_next(const retransmit_buffer_t *buffer);

/** Marks that message as sent. */
void retransmit_sent(retransmit_buffer_t *buffer);

/** Removes the next message, which does not count as sent. The caller frees the message (g_free). */
retransmit_message_t *retransmit_take(retransmit_buffer_t *buffer);

/** Appends a removed message at the end. */
void retransmit_put_back(retransmit_buffer_t *buffer, retransmit_message_t *message);

/** After a broken connection: marks all messages as unsent. Returns the records that were sent before. */
uint64_t retransmit_rewind(retransmit_buffer_t *buffer);

/** Number of unsent messages. */
size_t retransmit_messages(const retransmit_buffer_t *buffer);

/** Bytes of unsent messages. */
size_t retransmit_unsent_bytes(const retransmit_buffer_t *buffer);

/** Records that were never sent. */
uint64_t retransmit_pending(const retransmit_buffer_t *buffer);

#endif
