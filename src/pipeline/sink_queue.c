/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * From a worker to a sink: a ring of blocks, and behind it, when files are read and other sinks would have to
 * wait, a bounded file. The order is kept: while anything waits in the file, nothing goes into the ring.
 */
#include "pipeline/pipeline_internal.h"
#include <string.h>

#define STOPPING_PATIENCE_NS INT64_C(5000000000)
#define LIVE_PATIENCE_NS     INT64_C(10000000000) /* at the end: live a write is not expected to wait at all */
#define WAIT_MS              10u

static bool has_company(const sink_t *sink)
{
    const pipeline_t *pipeline = sink->pipeline;
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) { /* with files they do not change */
        const sink_t *other = pipeline->sinks[i];
        if (other != NULL && other != sink && !atomic_load_explicit(&other->failed, memory_order_relaxed))
            return true;
    }
    return false;
}

int64_t sink_patience_ns(const sink_t *sink)
{
    if (atomic_load_explicit(&sink->pipeline->stops, memory_order_relaxed) > 1)
        return STOPPING_PATIENCE_NS;
    if (sink->pipeline->config.live)
        return sink->patience_ns < LIVE_PATIENCE_NS ? sink->patience_ns : LIVE_PATIENCE_NS;
    return sink->pipeline->sink_count > 1 ? sink->patience_ns : INT64_MAX;
}

int64_t sink_stuck_ns(const sink_t *sink, int64_t since_ns)
{
    const int64_t taken_ns = atomic_load_explicit(&sink->taken_ns, memory_order_relaxed);
    return monotonic_ns() - (taken_ns > since_ns ? taken_ns : since_ns);
}

/* What waits for one sink is on disk in as many files as there are workers. */
static bool open_spill(sink_t *sink, link_t *link)
{
    const pipeline_config_t *config = &sink->pipeline->config;
    const char *folder = config->overflow_folder == NULL ? "/var/tmp" : config->overflow_folder;
    synfix_error_t error = {.text = ""};
    if (link->spill.open)
        return true;
    if (link->spill_failed)
        return false;
    if (spill_open(&link->spill, folder, config->overflow_octets / sink->pipeline->worker_count, &error) ==
        SYNFIX_OK) {
        pipeline_log(sink->pipeline, 3, "sink %s: slower than others: what waits for it goes to %s",
                     sink->name, folder);
        return true;
    }
    link->spill_failed = true;
    pipeline_log(sink->pipeline, 1, "sink %s: others wait for it: %s", sink->name, error.text);
    return false;
}

static bool put_aside(sink_t *sink, link_t *link, const block_t *block)
{
    if (sink->pipeline->config.overflow_octets == 0 || !has_company(sink) || !open_spill(sink, link))
        return false;
    const spill_piece_t pieces[] = {{&block->content, sizeof block->content},
                                    {block->content.data, block->content.length}};
    synfix_error_t error = {.text = ""};
    atomic_fetch_add(&link->spilled, block->content.records); /* before the sink can take them */
    const synfix_status_t status = spill_put(&link->spill, pieces, 2, &error);
    if (status != SYNFIX_OK)
        atomic_fetch_sub(&link->spilled, block->content.records);
    if (status < 0 && !link->spill_told) {
        link->spill_told = true;
        pipeline_log(sink->pipeline, 1, "sink %s: what waits for it finds no room on disk: %s", sink->name,
                     error.text);
    }
    return status == SYNFIX_OK;
}

static link_answer_t try_put(sink_t *sink, link_t *link, block_t *block)
{
    if (spill_count(&link->spill) == 0) {
        if (link->spilling)
            spill_trim(&link->spill);
        link->spilling = false;
        if (ring_push(&link->out, block))
            return LINK_QUEUED;
    }
    if (link->full_since_ns == 0)
        link->full_since_ns = monotonic_ns();
    if (sink->pipeline->config.drop_when_full || !put_aside(sink, link, block))
        return LINK_DROPPED;
    link->spilling = true;
    return LINK_COPIED;
}

/* For a sink alone the reading waits as long as it takes: nobody else is held up. */
static bool out_of_patience(sink_t *sink, const link_t *link)
{
    if (sink->pipeline->config.drop_when_full)
        return true;
    const bool stopping = atomic_load_explicit(&sink->pipeline->stops, memory_order_relaxed) > 1;
    const int64_t stuck_ns = sink_stuck_ns(sink, link->full_since_ns);
    if ((!stopping && !has_company(sink)) || stuck_ns < sink_patience_ns(sink))
        return false;
    if (!atomic_exchange(&sink->blocked_told, true))
        pipeline_log(sink->pipeline, 0,
                     "sink %s: took nothing for %jd s: until it does, its records are lost", sink->name,
                     (intmax_t)(stuck_ns / 1000000000));
    return true;
}

link_answer_t link_put(worker_t *worker, sink_t *sink, block_t *block)
{
    link_t *link = &sink->links[worker->index];
    link_answer_t answer;
    if (atomic_load_explicit(&sink->failed, memory_order_relaxed))
        return LINK_DROPPED;
    while ((answer = try_put(sink, link, block)) == LINK_DROPPED) {
        event_signal(&sink->filled);
        if (out_of_patience(sink, link))
            return LINK_DROPPED;
        event_arm(&worker->room);
        if (ring_count(&link->out) >= link->out.capacity || spill_count(&link->spill) > 0)
            event_wait(&worker->room, WAIT_MS);
    }
    if (answer == LINK_QUEUED)
        link->full_since_ns = 0;
    if (answer == LINK_COPIED || ring_count(&link->out) * 2 >= link->out.capacity)
        event_signal(&sink->filled);
    return answer;
}

bool link_is_empty(link_t *link)
{
    return ring_count(&link->out) == 0 && spill_count(&link->spill) == 0;
}

/* A sink that was switched off gets nothing more: what waits for it on disk is lost. */
static void lose_spill(link_t *link)
{
    const uint64_t lost = atomic_exchange(&link->spilled, 0);
    spill_drop(&link->spill, spill_count(&link->spill));
    atomic_fetch_add_explicit(&link->dropped, lost, memory_order_relaxed);
    atomic_fetch_sub_explicit(&link->queued, lost, memory_order_relaxed);
}

static bool read_spill(sink_t *sink, link_t *link)
{
    synfix_block_t *copy = &sink->copy;
    synfix_error_t error = {.text = ""};
    uint8_t *const data = sink->copy_data;
    synfix_status_t status = spill_read(&link->spill, 0, copy, sizeof *copy, &error);
    if (status == SYNFIX_OK)
        status = spill_read(&link->spill, sizeof *copy, data, copy->length, &error);
    if (status != SYNFIX_OK) {
        sink_switch_off(sink, status, &error);
        return false;
    }
    copy->data = data;
    spill_drop(&link->spill, sizeof *copy + copy->length);
    atomic_fetch_sub(&link->spilled, copy->records);
    return true;
}

bool link_take(sink_t *sink, link_t *link, link_taken_t *taken)
{
    if (atomic_load_explicit(&sink->failed, memory_order_relaxed))
        lose_spill(link);
    /* looked at first: while it is not empty nothing goes into the ring, so all in there is older */
    const bool spilled = spill_count(&link->spill) > 0;
    taken->block = ring_pop(&link->out);
    if (taken->block != NULL)
        taken->content = &taken->block->content;
    else if (spilled && read_spill(sink, link))
        taken->content = &sink->copy;
    else
        return false;
    return true;
}

void link_taken(const link_taken_t *taken)
{
    if (taken->block != NULL && block_release(taken->block))
        block_return(taken->block);
}
