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

typedef struct retain retain_t;

typedef struct retain_message {
    uint32_t length;
    uint32_t records;
    uint32_t begun; /* octets of it that this connection has taken: it can't be left out any more */
    bool again;     /* was sent already, before a break */
    uint8_t data[];
} retain_message_t;

/** Keeps @p octets of sent messages, and as much of unsent ones. Never NULL. */
retain_t *retain_new(size_t octets);
void retain_free(retain_t *retain);

/** Copies a message to the end; @p again: it was sent once. Returns the records of unsent first-time messages
 * that had to go for it. */
uint64_t retain_add(retain_t *retain, const uint8_t *data, uint32_t length, uint32_t records, bool again);

/** The next message to send; NULL: none. The header may be written over. One that is begun stays the next. */
retain_message_t *retain_next(const retain_t *retain);

/** That one was sent. */
void retain_sent(retain_t *retain);

/** Takes the next message away unsent; g_free it. */
retain_message_t *retain_take(retain_t *retain);

/** Puts back what was taken, as the last. */
void retain_put_back(retain_t *retain, retain_message_t *message);

/** The connection broke: everything kept is to be sent (again). Returns its records that were sent before. */
uint64_t retain_rewind(retain_t *retain);

/** Messages waiting to be sent. */
size_t retain_messages(const retain_t *retain);

/** Octets of those. */
size_t retain_unsent_octets(const retain_t *retain);

/** Records that were never sent. */
uint64_t retain_pending(const retain_t *retain);

#endif
