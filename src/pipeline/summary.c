/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Snapshots of counters. Any thread. */
#include "pipeline/summary.h"
#include "pipeline/run_single.h"
#include "pipeline/worker/pipeline_state.h"
#include <string.h>

static void add_counters(synfix_engine_counters_t *sum, const synfix_engine_counters_t *part)
{
#define ADD(field, help) sum->field += part->field;
    SYNFIX_ENGINE_COUNTERS(ADD)
#undef ADD
    for (size_t i = 0; i < SYNFIX_VERDICT_COUNT; i++) {
        sum->verdicts[i] += part->verdicts[i];
    }
}

/* Counters of the engine and of the worker around it. */
static void worker_counters(const worker_t *worker, synfix_engine_counters_t *counters)
{
    synfix_engine_counters(worker->engine, counters);
    counters->enricher_failures = atomic_load_explicit(&worker->enricher_failures, memory_order_relaxed);
}

void counters_add_up(const pipeline_t *pipeline, synfix_engine_counters_t *sum)
{
    *sum = (synfix_engine_counters_t){0};
    for (unsigned i = 0; i < pipeline->worker_count; i++) {
        synfix_engine_counters_t part = {0};
        if (pipeline->workers == NULL || pipeline->workers[i].engine == NULL) {
            continue;
        }
        worker_counters(&pipeline->workers[i], &part);
        add_counters(sum, &part);
    }
}

void sources_add_up(pipeline_t *pipeline, synfix_source_stats_t *sum)
{
    (void)pthread_mutex_lock(&pipeline->mutex);
    *sum = pipeline->ended;
    for (size_t i = 0; i < pipeline->source_count; i++) {
        const source_t *source = &pipeline->sources[i];
        synfix_source_stats_t part = {0};
        if (!source->open || source->module->source->stats == NULL) {
            continue;
        }
        source->module->source->stats(source->instance, &part);
        sum->received += part.received;
        sum->dropped_kernel += part.dropped_kernel;
        sum->dropped_interface += part.dropped_interface;
        sum->unread += part.unread;
        sum->bytes_total += source->counted ? 0 : part.bytes_total;
        sum->bytes_read += part.bytes_read;
    }
    (void)pthread_mutex_unlock(&pipeline->mutex);
}

static void add_stats(synfix_sink_stats_t *sum, const synfix_sink_stats_t *part)
{
    sum->produced += part->produced;
    sum->delivered += part->delivered;
    sum->spooled += part->spooled;
    sum->lost += part->lost;
    sum->pending += part->pending;
    sum->retransmitted += part->retransmitted;
    sum->bytes += part->bytes;
    sum->reconnects += part->reconnects;
    sum->errors += part->errors;
    sum->found += part->found;
    sum->unheard += part->unheard;
}

/* Records of an abandoned sink that its own statistics do not contain. While a write hangs, its records may
 * be in the statistics and in the queue: they count once. */
static uint64_t left_behind(const sink_t *sink, const pipeline_sink_summary_t *own)
{
    const synfix_sink_stats_t *stats = &own->stats;
    const uint64_t counted = stats->delivered + stats->spooled + stats->pending + stats->lost - stats->found;
    const uint64_t accepted = own->queued - sink->left;
    const uint64_t both = counted > accepted ? counted - accepted : 0;
    return sink->left - (both < sink->left ? both : sink->left);
}

static void count(pipeline_t *pipeline, sink_t *sink, pipeline_sink_summary_t *own)
{
    if (sink->functions->stats != NULL) {
        sink->functions->stats(sink->instance, &own->stats);
    }
    for (unsigned i = 0; i < pipeline->worker_count; i++) {
        sink_queue_t *queue = &sink->queues[i];
        own->before += atomic_load(&queue->before);
        own->queued += atomic_load(&queue->queued);
        own->dropped += atomic_load(&queue->dropped);
        own->unencodable += atomic_load(&queue->unencodable);
    }
    if (atomic_load(&sink->abandoned)) { /* independent of its thread */
        const uint64_t left = left_behind(sink, own);
        own->queued -= left;
        own->dropped += left;
    }
    if (!atomic_load(&sink->enough)) {
        own->lost = own->stats.lost + own->dropped + own->unencodable;
    }
}

void sink_add_up(pipeline_t *pipeline, sink_t *sink, pipeline_sink_summary_t *sum)
{
    pipeline_sink_summary_t own = {.name = NULL};
    count(pipeline, sink, &own);
    add_stats(&sum->stats, &own.stats);
    sum->before += own.before;
    sum->queued += own.queued;
    sum->dropped += own.dropped;
    sum->unencodable += own.unencodable;
    sum->lost += own.lost;
}

static void summarize(pipeline_t *pipeline, sink_t *sink, pipeline_sink_summary_t *summary)
{
    summary->name = sink->name;
    sink_add_up(pipeline, sink, summary);
    summary->enough = atomic_load(&sink->enough);
    summary->failed = atomic_load(&sink->failed) && !summary->enough;
    (void)pthread_mutex_lock(&sink->mutex);
    memcpy(summary->reason, sink->reason, sizeof summary->reason);
    (void)pthread_mutex_unlock(&sink->mutex);
}

static void summarize_outputs(pipeline_t *pipeline, pipeline_summary_t *summary)
{
    (void)pthread_mutex_lock(&pipeline->sinks_lock);
    summary->removed_count = pipeline->removed_count;
    summary->removed = pipeline->removed;
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        sink_t *sink = pipeline->sinks[i];
        if (sink != NULL && sink->leaving) {
            sink_add_up(pipeline, sink, &summary->removed);
        } else if (sink != NULL) {
            summarize(pipeline, sink, &summary->sinks[summary->sink_count++]);
        }
    }
    summary->removed.before = 0;
    for (size_t i = 0; i < summary->sink_count; i++) {
        summary->sinks_failed += summary->sinks[i].failed;
    }
    for (size_t i = 0; i < pipeline->enricher_count; i++) {
        summary->enrichers_failed += atomic_load(&pipeline->enrichers[i]->failed);
    }
    (void)pthread_mutex_unlock(&pipeline->sinks_lock);
}

void pipeline_summary(const pipeline_t *pipeline, pipeline_summary_t *summary)
{
    *summary = (pipeline_summary_t){.workers = pipeline->worker_count, .live = pipeline->config.live};
    pipeline_t *inside = pipeline->context.user; /* the same object, not const: locks are acquired */
    counters_add_up(pipeline, &summary->engine);
    sources_add_up(inside, &summary->sources);
    pipeline->context.packet_times(inside, &summary->first_ns, &summary->last_ns);
    summary->samples_dropped = atomic_load(&pipeline->samples_dropped);
    summarize_outputs(inside, summary);
}

void pipeline_worker_counters(const pipeline_t *pipeline, unsigned worker, synfix_engine_counters_t *counters)
{
    worker_counters(&pipeline->workers[worker], counters);
}

void pipeline_families(const pipeline_t *pipeline,
                       void (*visit)(void *user, const char *family, uint64_t observations), void *user)
{
    const char *family = NULL;
    uint64_t count = 0;
    for (unsigned i = 0; i < pipeline->worker_count; i++) {
        for (size_t index = 0; family_counts_at(&pipeline->workers[i].families, index, &family, &count);
             index++) {
            if (count > 0) {
                visit(user, family, count);
            }
        }
    }
}

bool pipeline_handle(const pipeline_t *pipeline, size_t index, pipeline_handle_t *handle)
{
    pipeline_t *inside = pipeline->context.user; /* the same object, not const: a lock is acquired */
    if (index >= pipeline->source_count) {
        return false;
    }
    const source_t *source = &pipeline->sources[index];
    *handle = (pipeline_handle_t){
        .name = synfix_options_target(source->options),
        .worker = pipeline->config.live ? (unsigned)(index % pipeline->worker_count) : 0,
    };
    (void)pthread_mutex_lock(&inside->mutex);
    if (source->open && source->module->source->stats != NULL) {
        source->module->source->stats(source->instance, &handle->stats);
    }
    (void)pthread_mutex_unlock(&inside->mutex);
    return true;
}
