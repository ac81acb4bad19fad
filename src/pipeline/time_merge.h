/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file time_merge.h
 * Packets of several interfaces in the order of their time. An optical tap shows each direction on an
 * interface of its own, and the kernel hands packets over in blocks: a SYN+ACK may be there before its SYN.
 * So a packet waits until no other interface can have an older one.
 */
#ifndef PIPELINE_TIME_MERGE_H
#define PIPELINE_TIME_MERGE_H

#include <stdbool.h>
#include <synfix/module.h>

/** What was read of one interface and not handed on yet. Start with zeros and hold_ns. */
typedef struct merge_input {
    synfix_packet_t packets[SYNFIX_BATCH_MAX];
    size_t count;
    size_t next;
    int64_t quiet_ns; /* what it has not shown yet is not older than this */
    int64_t hold_ns;  /* so long may the kernel keep a packet to itself */
} merge_input_t;

/** Whether all of it was handed on: the interface may be read again. */
bool merge_empty(const merge_input_t *input);

/** After a read that gave @p count packets at @p now_ns, by the clock that stamps packets. */
void merge_filled(merge_input_t *input, size_t count, int64_t now_ns);

/** No more packets will come from it. */
void merge_ended(merge_input_t *input);

/**
 * Moves up to @p room packets to @p packets, oldest first, until one would have to wait; with @p all none
 * does. Their number.
 */
size_t merge_take(merge_input_t *inputs, size_t count, bool all, synfix_packet_t *packets, size_t room);

/** How long the oldest one must wait still, nanoseconds; -1 when there is none. */
int64_t merge_wait_ns(const merge_input_t *inputs, size_t count);

#endif
