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
static bool open_overflow(sink_t *sink, sink_queue_t *link)
{
    const pipeline_config_t *config = &sink->pipeline->config;
    const char *directory = config->overflow_directory == NULL ? "/var/tmp" : config->overflow_directory;
    synfix_error_t error = {.text = ""};
    if (link->overflow.open) {
        return true;
    }
    if (link->overflow_failed) {
        return false;
    }
    if (overflow_file_open(&link->overflow, directory, config->overflow_bytes / sink->pipeline->worker_count,
                           &error) == SYNFIX_OK) {
        pipeline_log(sink->pipeline, 3, "sink %s: slower than others: what waits for it goes to %s",
                     sink->name, directory);
        return true;
    }
    link->overflow_failed = true;
    pipeline_log(sink->pipeline, 1, "sink %s: others wait for it: %s", sink->name, error.text);
    return false;
}

static bool put_aside(sink_t *sink, sink_queue_t *link, const block_t *block)
{
    if (sink->pipeline->config.overflow_bytes == 0 || !has_other_sinks(sink) || !open_overflow(sink, link)) {
        return false;
    }
    const overflow_piece_t pieces[] = {{&block->content, sizeof block->content},
                                       {block->content.data, block->content.length}};
    synfix_error_t error = {.text = ""};
    atomic_fetch_add(&link->overflowed, block->content.records); /* count before the sink can read them */
    const synfix_status_t status = overflow_file_put(&link->overflow, pieces, 2, &error);
    if (status != SYNFIX_OK) {
        atomic_fetch_sub(&link->overflowed, block->content.records);
    }
    if (status < 0 && !link->overflow_reported) {
        link->overflow_reported = true;
        pipeline_log(sink->pipeline, 1, "sink %s: what waits for it finds no room on disk: %s", sink->name,
                     error.text);
    }
    return status == SYNFIX_OK;
}

static queue_result_t try_put(sink_t *sink, sink_queue_t *link, block_t *block)
{
    if (overflow_file_count(&link->overflow) == 0) {
        if (link->overflowing) {
            overflow_file_trim(&link->overflow);
        }
        link->overflowing = false;
        if (ring_push(&link->out, block)) {
            return QUEUE_QUEUED;
        }
    }
    if (link->full_since_ns == 0) {
        link->full_since_ns = monotonic_ns();
    }
    if (sink->pipeline->config.drop_when_full || !put_aside(sink, link, block)) {
        return QUEUE_DROPPED;
    }
    link->overflowing = true;
    return QUEUE_OVERFLOWED;
}

/* Reading waits without limit for the only sink: no other sink is delayed. */
static bool timeout_reached(sink_t *sink, const sink_queue_t *link)
{
    if (sink->pipeline->config.drop_when_full) {
        return true;
    }
    const bool stopping = atomic_load_explicit(&sink->pipeline->stops, memory_order_relaxed) > 1;
    const int64_t stuck_ns = sink_stuck_ns(sink, link->full_since_ns);
    if ((!stopping && !has_other_sinks(sink)) || stuck_ns < sink_timeout_limit_ns(sink)) {
        return false;
    }
    if (!atomic_exchange(&sink->blocked_reported, true)) {
        pipeline_log(sink->pipeline, 0,
                     "sink %s: took nothing for %jd s: until it does, its records are lost", sink->name,
                     (intmax_t)(stuck_ns / 1000000000));
    }
    return true;
}

queue_result_t queue_put(worker_t *worker, sink_t *sink, block_t *block)
{
    sink_queue_t *link = &sink->links[worker->index];
    queue_result_t answer;
    if (atomic_load_explicit(&sink->failed, memory_order_relaxed)) {
        return QUEUE_DROPPED;
    }
    while ((answer = try_put(sink, link, block)) == QUEUE_DROPPED) {
        event_signal(&sink->filled);
        if (timeout_reached(sink, link)) {
            return QUEUE_DROPPED;
        }
        event_arm(&worker->room);
        if (ring_count(&link->out) >= link->out.capacity || overflow_file_count(&link->overflow) > 0) {
            event_wait(&worker->room, WAIT_MS);
        }
    }
    if (answer == QUEUE_QUEUED) {
        link->full_since_ns = 0;
    }
    if (answer == QUEUE_OVERFLOWED || ring_count(&link->out) * 2 >= link->out.capacity) {
        event_signal(&sink->filled);
    }
    return answer;
}

bool queue_is_empty(sink_queue_t *link)
{
    return ring_count(&link->out) == 0 && overflow_file_count(&link->overflow) == 0;
}

/* A failed sink gets no further records: its overflow is lost. */
static void lose_overflow(sink_queue_t *link)
{
    const uint64_t lost = atomic_exchange(&link->overflowed, 0);
    overflow_file_drop(&link->overflow, overflow_file_count(&link->overflow));
    atomic_fetch_add_explicit(&link->dropped, lost, memory_order_relaxed);
    atomic_fetch_sub_explicit(&link->queued, lost, memory_order_relaxed);
}

static bool read_spill(sink_t *sink, sink_queue_t *link)
{
    synfix_block_t *copy = &sink->copy;
    synfix_error_t error = {.text = ""};
    uint8_t *const data = sink->copy_data;
    synfix_status_t status = overflow_file_read(&link->overflow, 0, copy, sizeof *copy, &error);
    if (status == SYNFIX_OK) {
        status = overflow_file_read(&link->overflow, sizeof *copy, data, copy->length, &error);
    }
    if (status != SYNFIX_OK) {
        sink_switch_off(sink, status, &error);
        return false;
    }
    copy->data = data;
    overflow_file_drop(&link->overflow, sizeof *copy + copy->length);
    atomic_fetch_sub(&link->overflowed, copy->records);
    return true;
}

bool queue_take(sink_t *sink, sink_queue_t *link, dequeued_block_t *dequeued)
{
    if (atomic_load_explicit(&sink->failed, memory_order_relaxed)) {
        lose_overflow(link);
    }
    /* checked first: while the file holds blocks, all blocks in the ring are older */
    const bool overflowed = overflow_file_count(&link->overflow) > 0;
    dequeued->block = ring_pop(&link->out);
    if (dequeued->block != NULL) {
        dequeued->content = &dequeued->block->content;
    } else if (overflowed && read_spill(sink, link)) {
        dequeued->content = &sink->copy;
    } else {
        return false;
    }
    return true;
}

void queue_release(const dequeued_block_t *dequeued)
{
    if (dequeued->block != NULL && block_release(dequeued->block)) {
        block_return(dequeued->block);
    }
}
