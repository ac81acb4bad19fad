/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file time_merge.h
 * Merge of packets of several interfaces by time.
 *
 * An optical tap delivers each direction on its own interface, and the kernel delivers packets in blocks: a
 * SYN+ACK may arrive before its SYN. A packet waits until no other interface can deliver an older one.
 */
#ifndef CAPTURE_LIVE_TIME_MERGE_H
#define CAPTURE_LIVE_TIME_MERGE_H

#include <stdbool.h>
#include <synfix/module.h>

/** Packets read from one interface and not merged yet. Initialise with zeros and hold_ns. */
typedef struct merge_input {
    synfix_packet_t packets[SYNFIX_BATCH_MAX];
    size_t count;
    size_t next;
    int64_t quiet_ns; /* packets still to come are not older than this */
    int64_t hold_ns;  /* maximum time that the kernel holds a packet */
} merge_input_t;

/** Whether all packets are merged, so that the interface may be read again. */
bool merge_empty(const merge_input_t *input);

/** Call after a read of @p count packets that began at @p now_ns, by the clock that stamps packets. */
void merge_filled(merge_input_t *input, size_t count, int64_t now_ns);

/** Marks the end of an input. */
void merge_ended(merge_input_t *input);

/**
 * Moves up to @p room packets to @p packets, oldest first, as far as the order is certain; with @p all, all
 * of them. Their number.
 */
size_t merge_take(merge_input_t *inputs, size_t count, bool all, synfix_packet_t *packets, size_t room);

/** Nanoseconds that the oldest packet must still wait; -1: no packet. */
int64_t merge_wait_ns(const merge_input_t *inputs, size_t count);

#endif
