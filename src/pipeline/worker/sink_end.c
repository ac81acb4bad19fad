/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The end of a sink: it drains, is stopped at its deadline, and is abandoned when its thread does not return.
 */
#include "pipeline/worker/sink_end.h"
#include "base/message_text.h"
#include "pipeline/worker/pipeline_state.h"
#include "pipeline/worker/sink_thread.h"
#include <stdlib.h>

/* After a second stop request: the user waits. */
#define STOPPING_TIMEOUT_NS INT64_C(5000000000)
#define LIVE_SINK_TIMEOUT_NS                                                                                 \
    INT64_C(10000000000) /* at the end of a live run; a write is not expected to block at all */
#define END_WAIT_MS 100u

int64_t sink_timeout_limit_ns(const sink_t *sink)
{
    if (atomic_load_explicit(&sink->pipeline->stops, memory_order_relaxed) > 1) {
        return STOPPING_TIMEOUT_NS;
    }
    if (sink->pipeline->config.live) {
        return sink->timeout_ns < LIVE_SINK_TIMEOUT_NS ? sink->timeout_ns : LIVE_SINK_TIMEOUT_NS;
    }
    return sink->pipeline->sink_count > 1 ? sink->timeout_ns : INT64_MAX;
}

int64_t sink_stuck_ns(const sink_t *sink, int64_t since_ns)
{
    const int64_t completed_ns = atomic_load_explicit(&sink->completed_ns, memory_order_relaxed);
    return monotonic_ns() - (completed_ns > since_ns ? completed_ns : since_ns);
}

/* Records that the module has not accepted. */
static uint64_t count_queued(const sink_t *sink)
{
    uint64_t queued = 0;
    for (unsigned i = 0; i < sink->pipeline->worker_count; i++) {
        queued += atomic_load(&sink->queues[i].queued);
    }
    return queued - atomic_load(&sink->accepted);
}

/* Logs why the program does not end yet. */
static void report_late(sink_t *sink)
{
    const unsigned stops = atomic_load(&sink->pipeline->stops);
    synfix_sink_stats_t stats = {.pending = 0};
    if (atomic_exchange(&sink->late_reported, true)) {
        return;
    }
    if (sink->functions->stats != NULL) {
        sink->functions->stats(sink->instance, &stats);
    }
    const uint64_t waiting = count_queued(sink) + stats.pending;
    pipeline_log(sink->pipeline, 2,
                 "sink %s: %ju record%s not delivered yet, all other parts have ended; to end now, stop the "
                 "program %s",
                 sink->name, (uintmax_t)waiting, plural(waiting), stops == 0 ? "twice" : "again");
}

/* The thread is blocked inside module code and cannot be cancelled: detach it and count its records as
 * lost. */
static void detach_stuck(sink_t *sink, int64_t stuck_ns)
{
    synfix_error_t error;
    sink->left = count_queued(sink);
    atomic_store(&sink->abandoned, true);
    sink_disable(sink,
                 synfix_fail(&error, SYNFIX_IO, "no progress for %jd s: abandoned with %ju records",
                             (intmax_t)(stuck_ns / 1000000000), (uintmax_t)sink->left),
                 &error);
    (void)pthread_detach(sink->thread);
    sink->running = false;
}

/* A sink that has all records may need long to write them, and delays no thread: only a second stop ends
 * that. Other sinks are stopped at their deadline, then abandoned. */
static void enforce_deadline(sink_t *sink, int64_t drained_ns, int64_t *requested_ns)
{
    const int64_t timeout_ns = sink_timeout_limit_ns(sink);
    const int64_t stuck_ns = sink_stuck_ns(sink, drained_ns);
    const int64_t grace_ns = (int64_t)sink->pipeline->config.grace_ms * 1000000;
    const bool finishing = atomic_load(&sink->finishing) && atomic_load(&sink->pipeline->stops) < 2;
    if (timeout_ns == INT64_MAX || stuck_ns < timeout_ns + grace_ns) {
        return;
    }
    report_late(sink);
    if (finishing) {
        return;
    }
    if (*requested_ns == 0) {
        *requested_ns = monotonic_ns();
        if (sink->functions->stop != NULL) {
            sink->functions->stop(sink->instance);
        }
    } else if (sink_stuck_ns(sink, *requested_ns) >= grace_ns) {
        detach_stuck(sink, stuck_ns);
    }
}

/* Waits until the sink has ended or is abandoned. */
static void join_sink(sink_t *sink, int64_t drained_ns)
{
    wake_event_t *ended = &sink->pipeline->sink_ended;
    int64_t requested_ns = 0;
    while (sink->running && !atomic_load(&sink->ended)) {
        enforce_deadline(sink, drained_ns, &requested_ns);
        wake_event_arm(ended);
        if (sink->running && !atomic_load(&sink->ended)) {
            wake_event_wait(ended, END_WAIT_MS);
        }
    }
    if (sink->running) {
        (void)pthread_join(sink->thread, NULL);
    }
    sink->running = false;
}

void sinks_finish(pipeline_t *pipeline)
{
    const int64_t drained_ns = monotonic_ns();
    (void)pthread_mutex_lock(&pipeline->changing);
    atomic_store(&pipeline->drained, true);
    (void)pthread_mutex_unlock(&pipeline->changing);
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        if (pipeline->sinks[i] != NULL) {
            wake_event_signal(&pipeline->sinks[i]->filled);
        }
    }
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        if (pipeline->sinks[i] != NULL) {
            join_sink(pipeline->sinks[i], drained_ns);
        }
    }
}
