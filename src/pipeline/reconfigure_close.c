/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Ends, counts and frees sinks and enrichers that a reconfiguration has removed. */
#include "pipeline/reconfigure_open.h"
#include "pipeline/summary.h"
#include "pipeline/worker/sink_end.h"

/* The thread of the sink has ended. */
static void free_ended_sink(pipeline_t *pipeline, size_t slot)
{
    sink_t *sink = pipeline->sinks[slot];
    pipeline_sink_summary_t sum = {.name = NULL};
    (void)pthread_join(sink->thread, NULL);
    sink->running = false;
    (void)pthread_mutex_lock(&pipeline->sinks_lock);
    sink_add_up(pipeline, sink, &sum);
    sink_add_up(pipeline, sink, &pipeline->removed);
    pipeline->removed.before = 0; /* has no meaning as a sum */
    pipeline->removed.left += pipeline->removed.stats.spooled;
    pipeline->removed.stats.spooled = 0; /* belongs to the next sink with this spool */
    pipeline->sinks[slot] = NULL;
    atomic_store(&pipeline->instances[slot], NULL);
    (void)pthread_mutex_unlock(&pipeline->sinks_lock);
    pipeline_log(pipeline, 2, "sink %s: removed: %ju records delivered, %ju spooled, %ju lost, %ju dropped",
                 sink->name, (uintmax_t)sum.stats.delivered, (uintmax_t)sum.stats.spooled,
                 (uintmax_t)sum.stats.lost, (uintmax_t)(sum.dropped + sum.unencodable));
    sink_free(sink);
}

/* A removed sink has the same time to drain as at the end of a run. */
static void enforce_deadline(sink_t *sink)
{
    const int64_t grace_ns = (int64_t)sink->pipeline->config.grace_ms * 1000000;
    if (sink_stuck_ns(sink, sink->left_ns) < sink_timeout_limit_ns(sink) + grace_ns ||
        atomic_exchange(&sink->late_reported, true)) {
        return;
    }
    pipeline_log(sink->pipeline, 2, "sink %s: the removal waits until the sink has ended", sink->name);
    if (sink->functions->stop != NULL) {
        sink->functions->stop(sink->instance);
    }
}

size_t retire_outputs(pipeline_t *pipeline)
{
    size_t waiting = 0;
    if (pipeline->change != NULL && atomic_load(&pipeline->change->remaining) > 0) {
        return 1;
    }
    change_free(pipeline->change);
    pipeline->change = NULL;
    for (size_t i = 0; i < PIPELINE_ENRICHERS_MAX; i++) {
        enricher_free(pipeline->retired_enrichers[i]);
        pipeline->retired_enrichers[i] = NULL;
    }
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        sink_t *sink = pipeline->sinks[i];
        if (sink == NULL || !sink->leaving) {
            continue;
        }
        if (!atomic_exchange(&sink->dismissed, true)) {
            wake_event_signal(&sink->filled);
        }
        if (atomic_load(&sink->ended)) {
            free_ended_sink(pipeline, i);
            continue;
        }
        enforce_deadline(sink);
        waiting++;
    }
    return waiting;
}
