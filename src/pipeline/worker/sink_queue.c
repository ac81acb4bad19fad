/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Queue from a worker to a sink: a ring of blocks, and, when files are read into several sinks, a bounded
 * file that extends it. Order is kept: while the file holds anything, nothing goes into the ring. */
#include "pipeline/worker/sink_queue.h"
#include "pipeline/worker/block_pool.h"
#include "pipeline/worker/pipeline_state.h"
#include "pipeline/worker/sink_end.h"
#include "pipeline/worker/sink_thread.h"
#include <string.h>

/* interval of the check whether the sink is stuck or has failed */
#define WAIT_MS 10u

static bool has_other_sinks(const sink_t *sink)
{
    const pipeline_t *pipeline = sink->pipeline;
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) { /* sinks do not change while files are read */
        const sink_t *other = pipeline->sinks[i];
        if (other != NULL && other != sink && !atomic_load_explicit(&other->failed, memory_order_relaxed)) {
            return true;
        }
    }
    return false;
}

/* The overflow of one sink is in as many files as there are workers. */
static bool open_overflow(sink_t *sink, sink_queue_t *queue)
{
    const pipeline_config_t *config = &sink->pipeline->config;
    const char *directory = config->overflow_directory == NULL ? "/var/tmp" : config->overflow_directory;
    synfix_error_t error = {.text = ""};
    if (queue->overflow.open) {
        return true;
    }
    if (queue->overflow_failed) {
        return false;
    }
    if (overflow_file_open(&queue->overflow, directory, config->overflow_bytes / sink->pipeline->worker_count,
                           &error) == SYNFIX_OK) {
        pipeline_log(sink->pipeline, 3, "sink %s: slower than the other sinks: its waiting records go to %s",
                     sink->name, directory);
        return true;
    }
    queue->overflow_failed = true;
    pipeline_log(
        sink->pipeline, 1,
        "sink %s: other sinks wait for this one: %s; set TMPDIR to a directory where files can be made",
        sink->name, error.text);
    return false;
}

static bool put_aside(sink_t *sink, sink_queue_t *queue, const block_t *block)
{
    if (sink->pipeline->config.overflow_bytes == 0 || !has_other_sinks(sink) || !open_overflow(sink, queue)) {
        return false;
    }
    const overflow_piece_t pieces[] = {{&block->content, sizeof block->content},
                                       {block->content.data, block->content.length}};
    synfix_error_t error = {.text = ""};
    atomic_fetch_add(&queue->overflowed, block->content.records); /* count before the sink can read them */
    const synfix_status_t status = overflow_file_put(&queue->overflow, pieces, 2, &error);
    if (status != SYNFIX_OK) {
        atomic_fetch_sub(&queue->overflowed, block->content.records);
    }
    if (status < 0 && !queue->overflow_reported) {
        queue->overflow_reported = true;
        pipeline_log(sink->pipeline, 1,
                     "sink %s: no room on disk for its waiting records: %s; free space, or set TMPDIR to "
                     "another directory",
                     sink->name, error.text);
    }
    return status == SYNFIX_OK;
}

static queue_result_t try_put(sink_t *sink, sink_queue_t *queue, block_t *block)
{
    if (overflow_file_count(&queue->overflow) == 0) {
        if (queue->overflowing) {
            overflow_file_trim(&queue->overflow);
        }
        queue->overflowing = false;
        if (ring_push(&queue->out, block)) {
            return QUEUE_QUEUED;
        }
    }
    if (queue->full_since_ns == 0) {
        queue->full_since_ns = monotonic_ns();
    }
    if (sink->pipeline->config.drop_when_full || !put_aside(sink, queue, block)) {
        return QUEUE_DROPPED;
    }
    queue->overflowing = true;
    return QUEUE_OVERFLOWED;
}

/* Reading waits without limit for the only sink: no other sink is delayed. */
static bool timeout_reached(sink_t *sink, const sink_queue_t *queue)
{
    if (sink->pipeline->config.drop_when_full) {
        return true;
    }
    const bool stopping = atomic_load_explicit(&sink->pipeline->stops, memory_order_relaxed) > 1;
    const int64_t stuck_ns = sink_stuck_ns(sink, queue->full_since_ns);
    if ((!stopping && !has_other_sinks(sink)) || stuck_ns < sink_timeout_limit_ns(sink)) {
        return false;
    }
    if (!atomic_exchange(&sink->blocked_reported, true)) {
        pipeline_log(sink->pipeline, 0,
                     "sink %s: no progress for %jd s: its records are lost until the sink continues",
                     sink->name, (intmax_t)(stuck_ns / 1000000000));
    }
    return true;
}

queue_result_t sink_queue_put(worker_t *worker, sink_t *sink, block_t *block)
{
    sink_queue_t *queue = &sink->queues[worker->index];
    queue_result_t answer;
    if (atomic_load_explicit(&sink->failed, memory_order_relaxed)) {
        return QUEUE_DROPPED;
    }
    while ((answer = try_put(sink, queue, block)) == QUEUE_DROPPED) {
        wake_event_signal(&sink->filled);
        if (timeout_reached(sink, queue)) {
            return QUEUE_DROPPED;
        }
        wake_event_arm(&worker->room);
        if (ring_count(&queue->out) >= queue->out.capacity || overflow_file_count(&queue->overflow) > 0) {
            wake_event_wait(&worker->room, WAIT_MS);
        }
    }
    if (answer == QUEUE_QUEUED) {
        queue->full_since_ns = 0;
    }
    if (answer == QUEUE_OVERFLOWED || ring_count(&queue->out) * 2 >= queue->out.capacity) {
        wake_event_signal(&sink->filled);
    }
    return answer;
}

bool sink_queue_is_empty(sink_queue_t *queue)
{
    return ring_count(&queue->out) == 0 && overflow_file_count(&queue->overflow) == 0;
}

/* A failed sink gets no further records: its overflow is lost. */
static void lose_overflow(sink_queue_t *queue)
{
    const uint64_t lost = atomic_exchange(&queue->overflowed, 0);
    overflow_file_drop(&queue->overflow, overflow_file_count(&queue->overflow));
    atomic_fetch_add_explicit(&queue->dropped, lost, memory_order_relaxed);
    atomic_fetch_sub_explicit(&queue->queued, lost, memory_order_relaxed);
}

static bool read_overflow(sink_t *sink, sink_queue_t *queue)
{
    synfix_block_t *copy = &sink->copy;
    synfix_error_t error = {.text = ""};
    uint8_t *const data = sink->copy_data;
    synfix_status_t status = overflow_file_read(&queue->overflow, 0, copy, sizeof *copy, &error);
    if (status == SYNFIX_OK) {
        status = overflow_file_read(&queue->overflow, sizeof *copy, data, copy->length, &error);
    }
    if (status != SYNFIX_OK) {
        sink_disable(sink, status, &error);
        return false;
    }
    copy->data = data;
    overflow_file_drop(&queue->overflow, sizeof *copy + copy->length);
    atomic_fetch_sub(&queue->overflowed, copy->records);
    return true;
}

bool sink_queue_take(sink_t *sink, sink_queue_t *queue, dequeued_block_t *dequeued)
{
    if (atomic_load_explicit(&sink->failed, memory_order_relaxed)) {
        lose_overflow(queue);
    }
    /* checked first: while the file holds blocks, all blocks in the ring are older */
    const bool overflowed = overflow_file_count(&queue->overflow) > 0;
    dequeued->block = ring_pop(&queue->out);
    if (dequeued->block != NULL) {
        dequeued->content = &dequeued->block->content;
    } else if (overflowed && read_overflow(sink, queue)) {
        dequeued->content = &sink->copy;
    } else {
        return false;
    }
    return true;
}

void sink_queue_release(const dequeued_block_t *dequeued)
{
    if (dequeued->block != NULL && block_release(dequeued->block)) {
        block_return(dequeued->block);
    }
}
