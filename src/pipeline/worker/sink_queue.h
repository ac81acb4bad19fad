/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sink_queue.h
 * Queue of blocks from one worker to one sink, with its overflow on disk.
 */
#ifndef PIPELINE_WORKER_SINK_QUEUE_H
#define PIPELINE_WORKER_SINK_QUEUE_H

#include "base/spsc_ring.h"
#include "files/overflow_file.h"
#include "pipeline/worker/block_pool.h"

typedef struct worker worker_t;

/** Queue from one worker to one sink. */
typedef struct sink_queue {
    ring_t out;
    overflow_file_t overflow;
    _Atomic uint64_t before; /* observations of the worker before the sink was added */
    _Atomic uint64_t queued;
    _Atomic uint64_t dropped;
    _Atomic uint64_t unencodable;
    _Atomic uint64_t overflowed; /* records on disk */
    /* used by the worker only */
    int64_t full_since_ns; /* monotonic; 0: not full */
    bool overflowing;
    bool overflow_failed;
    bool overflow_reported;
} sink_queue_t;

typedef enum queue_result {
    QUEUE_QUEUED,     /* the sink holds a reference */
    QUEUE_OVERFLOWED, /* written to disk */
    QUEUE_DROPPED,    /* lost for this sink */
} queue_result_t;

/** Block that a sink has dequeued. */
typedef struct dequeued_block {
    const synfix_block_t *content;
    block_t *block; /* NULL: a copy from disk */
} dequeued_block_t;

/**
 * Worker: queues @p block for @p sink; waits for room where records must not be lost and the sink is alive.
 */
queue_result_t sink_queue_put(worker_t *worker, sink_t *sink, block_t *block);
/** Sink: dequeues the oldest block; release it with sink_queue_release(). False: the queue is empty. */
bool sink_queue_take(sink_t *sink, sink_queue_t *queue, dequeued_block_t *dequeued);
void sink_queue_release(const dequeued_block_t *dequeued);
/** Sink: whether the queue is empty. */
bool sink_queue_is_empty(sink_queue_t *queue);

#endif
