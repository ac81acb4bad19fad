/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pipeline/worker/sink_thread.h"
#include "base/thread_start.h"
#include "pipeline/worker/pipeline_state.h"
#include "pipeline/worker/sink_end.h"
#include "pipeline/worker/sink_queue.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* A queue that is less than half full is checked each fifth of flush_ms, within these limits: records are
 * delivered soon after flush_ms, with at most 50 wake-ups a second. Live, workers wake the thread, and
 * QUIET_WAIT_MS only serves tick(). */
#define IDLE_WAIT_MS_MIN 20u
#define IDLE_WAIT_MS_MAX 200u
#define QUIET_WAIT_MS    1000u
/* tick() is for keepalives and rotation, which have a resolution of a second; without blocks it also is when
 * records that could not be sent are tried again. */
#define TICK_BUSY_NS 1000000000
#define TICK_IDLE_NS 100000000
#define ROUND_BLOCKS 32u /* blocks of one worker before the next worker */

static bool has_other_sink(const sink_t *sink)
{
    pipeline_t *const pipeline = sink->pipeline;
    bool others = false;
    (void)pthread_mutex_lock(&pipeline->sinks_lock);
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        const sink_t *other = pipeline->sinks[i];
        others |= other != NULL && !other->leaving && !atomic_load(&other->failed);
    }
    (void)pthread_mutex_unlock(&pipeline->sinks_lock);
    return others;
}

void sink_disable(sink_t *sink, synfix_status_t status, const synfix_error_t *error)
{
    const char *reason =
        error->text[0] != '\0' ? module_spec_reason(sink->spec, error->text) : synfix_status_text(status);
    if (atomic_load(&sink->failed)) {
        return;
    }
    (void)pthread_mutex_lock(&sink->mutex);
    (void)snprintf(sink->reason, sizeof sink->reason, "%.*s", (int)sizeof sink->reason - 1, reason);
    (void)pthread_mutex_unlock(&sink->mutex);
    atomic_store(&sink->failed, true);
    const bool at_end = atomic_load(&sink->finishing) || atomic_load(&sink->abandoned);
    pipeline_log(sink->pipeline, 0, "sink %s: %s%s", sink->name, reason, at_end ? "" : ": disabled");
    if (!at_end && sink->pipeline->config.ends_without_sinks && !has_other_sink(sink)) {
        pipeline_log(sink->pipeline, 0, "no sink is left: the run ends");
        pipeline_end(sink->pipeline);
    }
}

/* Disables the sink without a failure. The run ends when no other sink is left. */
static void end_early(sink_t *sink)
{
    pipeline_t *pipeline = sink->pipeline;
    atomic_store(&sink->enough, true);
    atomic_store(&sink->failed, true);
    pipeline_log(pipeline, 3, "sink %s: the reader has closed the output", sink->name);
    if (!has_other_sink(sink)) {
        pipeline_end(pipeline);
    }
}

static void write_block(sink_t *sink, sink_queue_t *queue, const synfix_block_t *content)
{
    synfix_error_t error = {.text = ""};
    const uint32_t records = content->records;
    if (!atomic_load_explicit(&sink->failed, memory_order_relaxed)) {
        const synfix_status_t status = sink->functions->write(sink->instance, content, &error);
        atomic_store_explicit(&sink->completed_ns, monotonic_ns(), memory_order_relaxed);
        if (status == SYNFIX_END) {
            end_early(sink);
        } else if (status >= 0) {
            atomic_fetch_add_explicit(&sink->accepted, records, memory_order_relaxed);
            return;
        } else {
            sink_disable(sink, status, &error);
        }
    }
    atomic_fetch_add_explicit(&queue->dropped, records, memory_order_relaxed);
    atomic_fetch_sub_explicit(&queue->queued, records, memory_order_relaxed);
}

/* Whether the queue had a block. */
static bool serve_queue(sink_t *sink, worker_t *worker)
{
    sink_queue_t *queue = &sink->queues[worker->index];
    dequeued_block_t dequeued;
    unsigned count = 0;
    for (; count < ROUND_BLOCKS && !atomic_load(&sink->abandoned) && sink_queue_take(sink, queue, &dequeued);
         count++) {
        write_block(sink, queue, dequeued.content);
        sink_queue_release(&dequeued);
    }
    if (count > 0) {
        wake_event_signal(&worker->room);
    }
    return count > 0;
}

static bool serve_all(sink_t *sink)
{
    bool any = false;
    for (unsigned i = 0; i < sink->pipeline->worker_count; i++) {
        any = serve_queue(sink, &sink->pipeline->workers[i]) || any;
    }
    return any;
}

static bool all_empty(const sink_t *sink)
{
    for (unsigned i = 0; i < sink->pipeline->worker_count; i++) {
        if (!sink_queue_is_empty(&sink->queues[i])) {
            return false;
        }
    }
    return true;
}

static void call(sink_t *sink, synfix_status_t (*function)(void *, synfix_error_t *))
{
    synfix_error_t error = {.text = ""};
    if (function == NULL || atomic_load(&sink->failed)) {
        return;
    }
    const synfix_status_t status = function(sink->instance, &error);
    if (status < 0) {
        sink_disable(sink, status, &error);
    }
}

/* A failed reload keeps the previous state; it is logged and not fatal. */
static void reload(sink_t *sink)
{
    synfix_error_t error = {.text = ""};
    if (!atomic_exchange(&sink->reload, false) || sink->functions->reload == NULL ||
        atomic_load(&sink->failed)) {
        return;
    }
    const synfix_status_t status = sink->functions->reload(sink->instance, &error);
    if (status < 0) {
        pipeline_log(sink->pipeline, 1, "sink %s: not reloaded: %s", sink->name,
                     error.text[0] != '\0' ? module_spec_reason(sink->spec, error.text)
                                           : synfix_status_text(status));
    }
}

static void tick(sink_t *sink, int64_t *last_ns, bool busy)
{
    const int64_t now_ns = monotonic_ns();
    if (now_ns - *last_ns < (busy ? TICK_BUSY_NS : TICK_IDLE_NS)) {
        return;
    }
    *last_ns = now_ns;
    if (sink->functions->tick == NULL || atomic_load(&sink->failed)) {
        return;
    }
    synfix_error_t error = {.text = ""};
    const synfix_status_t status = sink->functions->tick(sink->instance, wall_ns(), &error);
    if (status < 0) {
        sink_disable(sink, status, &error);
    }
}

/* Whether the module holds records that it could not send yet. */
static bool has_backlog(const sink_t *sink)
{
    synfix_sink_stats_t stats = {.pending = 0};
    if (sink->functions->stats != NULL) {
        sink->functions->stats(sink->instance, &stats);
    }
    return stats.pending > 0 || stats.spooled > 0;
}

/* Interval of the check of queues that are less than half full: shorter with a shorter flush_ms. Live, the
 * worker wakes the sink when records have waited long enough, so an idle sink sleeps. */
static unsigned idle_wait_ms(const sink_t *sink)
{
    const pipeline_t *pipeline = sink->pipeline;
    if (pipeline->config.live && !has_backlog(sink)) {
        return QUIET_WAIT_MS;
    }
    const uint32_t wait_ms = atomic_load_explicit(&pipeline->flush_ms, memory_order_relaxed) / 5;
    if (wait_ms < IDLE_WAIT_MS_MIN) {
        return IDLE_WAIT_MS_MIN;
    }
    return wait_ms < IDLE_WAIT_MS_MAX ? wait_ms : IDLE_WAIT_MS_MAX;
}

/* Whether no further block will arrive. */
static bool has_all(const sink_t *sink)
{
    return atomic_load(&sink->pipeline->drained) || atomic_load(&sink->dismissed);
}

static void *sink_main(void *user)
{
    sink_t *sink = user;
    int64_t last_ns = monotonic_ns();
    call(sink, sink->functions->start);
    for (;;) {
        const bool drained = has_all(sink);
        const bool busy = serve_all(sink);
        if (atomic_load(&sink->abandoned)) {
            return NULL;
        }
        reload(sink);
        tick(sink, &last_ns, busy);
        if (busy) {
            continue;
        }
        if (drained) {
            break;
        }
        wake_event_arm(&sink->filled);
        if (all_empty(sink) && !has_all(sink)) {
            wake_event_wait(&sink->filled, idle_wait_ms(sink));
        }
    }
    atomic_store(&sink->completed_ns, monotonic_ns());
    atomic_store(&sink->finishing, true);
    call(sink, sink->functions->finish);
    atomic_store(&sink->ended, true);
    wake_event_signal(&sink->pipeline->sink_ended);
    return NULL;
}

synfix_status_t sink_start(sink_t *sink, synfix_error_t *error)
{
    atomic_store(&sink->completed_ns, monotonic_ns());
    const synfix_status_t status = thread_start(&sink->thread, sink_main, sink, sink->name, error);
    sink->running = status == SYNFIX_OK;
    return status;
}

synfix_status_t sinks_start(pipeline_t *pipeline, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    (void)pthread_mutex_lock(&pipeline->changing);
    for (size_t i = 0; i < PIPELINE_SINKS_MAX && status == SYNFIX_OK; i++) {
        if (pipeline->sinks[i] != NULL) {
            status = sink_start(pipeline->sinks[i], error);
        }
    }
    pipeline->begun = status == SYNFIX_OK;
    (void)pthread_mutex_unlock(&pipeline->changing);
    if (status != SYNFIX_OK) {
        sinks_finish(pipeline);
    }
    return status;
}
