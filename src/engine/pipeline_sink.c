/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "engine/pipeline_internal.h"
#include <stdio.h>
#include <time.h>

#define IDLE_WAIT_MS_MIN 20u
#define IDLE_WAIT_MS_MAX 200u
#define TICK_BUSY_NS     1000000000
#define TICK_IDLE_NS     100000000
#define ROUND_BLOCKS     32u /* of one worker before the next one's turn */

bool block_release(block_t *block)
{
    return atomic_fetch_sub_explicit(&block->references, 1, memory_order_acq_rel) == 1;
}

static void switch_off(sink_t *sink, synfix_status_t status, const synfix_error_t *error)
{
    const char *reason = error->text[0] != '\0' ? error->text : synfix_status_text(status);
    if (atomic_load(&sink->failed))
        return;
    (void)pthread_mutex_lock(&sink->mutex);
    (void)snprintf(sink->reason, sizeof sink->reason, "%s", reason);
    (void)pthread_mutex_unlock(&sink->mutex);
    atomic_store(&sink->failed, true);
    pipeline_log(sink->pipeline, 0, "sink %s: %s: switched off", sink->name, reason);
}

static void write_block(sink_t *sink, link_t *link, const block_t *block)
{
    synfix_error_t error = {.text = ""};
    if (!atomic_load_explicit(&sink->failed, memory_order_relaxed)) {
        const synfix_status_t status = sink->functions->write(sink->instance, &block->content, &error);
        if (status >= 0)
            return;
        switch_off(sink, status, &error);
    }
    atomic_fetch_add_explicit(&link->dropped, block->content.records, memory_order_relaxed);
    atomic_fetch_sub_explicit(&link->queued, block->content.records, memory_order_relaxed);
}

/* Returns whether there was anything. */
static bool serve_link(sink_t *sink, worker_t *worker)
{
    link_t *link = &worker->links[sink->index];
    block_t *block = NULL;
    unsigned count = 0;
    while (count < ROUND_BLOCKS && (block = ring_pop(&link->out)) != NULL) {
        write_block(sink, link, block);
        if (block_release(block))
            (void)ring_push(&link->back, block); /* has room for all of the stage's blocks */
        count++;
    }
    if (count > 0)
        event_signal(&worker->room);
    return count > 0;
}

static bool serve_all(sink_t *sink)
{
    bool any = false;
    for (unsigned i = 0; i < sink->pipeline->worker_count; i++)
        any = serve_link(sink, &sink->pipeline->workers[i]) || any;
    return any;
}

static bool all_empty(const sink_t *sink)
{
    for (unsigned i = 0; i < sink->pipeline->worker_count; i++)
        if (ring_count(&sink->pipeline->workers[i].links[sink->index].out) != 0)
            return false;
    return true;
}

static void call(sink_t *sink, synfix_status_t (*function)(void *, synfix_error_t *))
{
    synfix_error_t error = {.text = ""};
    if (function == NULL || atomic_load(&sink->failed))
        return;
    const synfix_status_t status = function(sink->instance, &error);
    if (status < 0)
        switch_off(sink, status, &error);
}

/* A reload that fails leaves what there was: told, not fatal. */
static void reload(sink_t *sink)
{
    synfix_error_t error = {.text = ""};
    if (!atomic_exchange(&sink->reload, false) || sink->functions->reload == NULL ||
        atomic_load(&sink->failed))
        return;
    const synfix_status_t status = sink->functions->reload(sink->instance, &error);
    if (status < 0)
        pipeline_log(sink->pipeline, 1, "sink %s: not reloaded: %s", sink->name,
                     error.text[0] != '\0' ? error.text : synfix_status_text(status));
}

static void tick(sink_t *sink, int64_t *last_ns, bool busy)
{
    const int64_t now_ns = monotonic_ns();
    if (now_ns - *last_ns < (busy ? TICK_BUSY_NS : TICK_IDLE_NS))
        return;
    *last_ns = now_ns;
    if (sink->functions->tick == NULL || atomic_load(&sink->failed))
        return;
    struct timespec wall;
    synfix_error_t error = {.text = ""};
    (void)clock_gettime(CLOCK_REALTIME, &wall);
    const synfix_status_t status =
        sink->functions->tick(sink->instance, (int64_t)wall.tv_sec * 1000000000 + wall.tv_nsec, &error);
    if (status < 0)
        switch_off(sink, status, &error);
}

/* A queue that is less than half full is looked at this often: the shorter the time that records may wait
 * for their message, the more often. */
static unsigned idle_wait_ms(const pipeline_t *pipeline)
{
    const uint32_t wait_ms = atomic_load_explicit(&pipeline->flush_ms, memory_order_relaxed) / 5;
    if (wait_ms < IDLE_WAIT_MS_MIN)
        return IDLE_WAIT_MS_MIN;
    return wait_ms < IDLE_WAIT_MS_MAX ? wait_ms : IDLE_WAIT_MS_MAX;
}

static void *sink_main(void *user)
{
    sink_t *sink = user;
    int64_t last_ns = monotonic_ns();
    call(sink, sink->functions->start);
    for (;;) {
        const bool drained = atomic_load(&sink->pipeline->drained);
        const bool busy = serve_all(sink);
        reload(sink);
        tick(sink, &last_ns, busy);
        if (busy)
            continue;
        if (drained)
            break;
        event_arm(&sink->filled);
        if (all_empty(sink) && !atomic_load(&sink->pipeline->drained))
            event_wait(&sink->filled, idle_wait_ms(sink->pipeline));
    }
    call(sink, sink->functions->finish);
    return NULL;
}

synfix_status_t sinks_start(pipeline_t *pipeline, synfix_error_t *error)
{
    for (size_t i = 0; i < pipeline->sink_count; i++) {
        sink_t *sink = &pipeline->sinks[i];
        if (pthread_create(&sink->thread, NULL, sink_main, sink) != 0) {
            sinks_finish(pipeline);
            return synfix_fail(error, SYNFIX_NO_MEMORY, "sink %s: no thread", sink->name);
        }
        sink->running = true;
    }
    return SYNFIX_OK;
}

void sinks_finish(pipeline_t *pipeline)
{
    atomic_store(&pipeline->drained, true);
    for (size_t i = 0; i < pipeline->sink_count; i++)
        event_signal(&pipeline->sinks[i].filled);
    for (size_t i = 0; i < pipeline->sink_count; i++)
        if (pipeline->sinks[i].running) {
            (void)pthread_join(pipeline->sinks[i].thread, NULL);
            pipeline->sinks[i].running = false;
        }
}
