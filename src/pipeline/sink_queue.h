/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sink_queue.h
 * Queue of blocks from one worker to one sink, with its overflow on disk.
 */
#ifndef PIPELINE_SINK_QUEUE_H
#define PIPELINE_SINK_QUEUE_H

#include "base/overflow_file.h"
#include "base/spsc_ring.h"
#include "pipeline/block_pool.h"

typedef struct worker worker_t;

/** From one worker to one sink. */
typedef struct link {
    ring_t out;
    overflow_file_t overflow;
    _Atomic uint64_t before; /* observations of the worker before the sink was there */
    _Atomic uint64_t queued;
    _Atomic uint64_t dropped;
    _Atomic uint64_t unencodable;
    _Atomic uint64_t overflowed; /* records that wait on disk */
    /* the worker's */
    int64_t full_since_ns; /* monotonic; 0: it is not */
    bool overflowing;
    bool overflow_failed;
    bool overflow_reported;
} sink_queue_t;

typedef enum queue_result {
    QUEUE_QUEUED,     /* the sink has a reference of the block */
    QUEUE_OVERFLOWED, /* to disk */
    QUEUE_DROPPED,    /* lost for this sink */
} queue_result_t;

/** What a sink took from a link. */
typedef struct queue_release {
    const synfix_block_t *content;
    block_t *block; /* NULL: a copy from disk */
} dequeued_block_t;

/** Worker: hands @p block to @p sink; waits for room when nothing may be lost and the sink goes on. */
queue_result_t link_put(worker_t *worker, sink_t *sink, block_t *block);
/** Sink: the oldest block; queue_release gives it back. False: there is none. */
bool queue_take(sink_t *sink, sink_queue_t *link, dequeued_block_t *taken);
void queue_release(const dequeued_block_t *taken);
/** Sink: nothing waits. */
bool link_is_empty(sink_queue_t *link);
/** How long others may wait for a sink that takes nothing. INT64_MAX: as long as it takes. */
int64_t sink_patience_ns(const sink_t *sink);
/** How long it has taken nothing, since @p since_ns at most. */
int64_t sink_stuck_ns(const sink_t *sink, int64_t since_ns);

#endif
