/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pipeline/run_observations.h"
#include "pipeline/worker/pipeline_state.h"
#include "pipeline/worker/worker.h"

struct pipeline_feed {
    pipeline_t *pipeline;
    worker_t *worker;
};

void pipeline_feed_put(pipeline_feed_t *feed, const synfix_observation_t *observation)
{
    pipeline_note_times(feed->pipeline, observation->time_ns, observation->time_ns);
    worker_observe(feed->worker, observation);
}

bool pipeline_feed_turn(pipeline_feed_t *feed)
{
    worker_unlock_enrichers(feed->worker);
    worker_apply_updates(feed->worker);
    worker_lock_enrichers(feed->worker);
    return !pipeline_stopping(feed->pipeline);
}

synfix_status_t run_observations(pipeline_t *pipeline, synfix_error_t *error)
{
    pipeline_feed_t feed = {.pipeline = pipeline, .worker = &pipeline->workers[0]};
    worker_apply_updates(feed.worker);
    worker_lock_enrichers(feed.worker);
    const synfix_status_t status =
        pipeline->config.observations(pipeline->config.observations_user, &feed, error);
    worker_unlock_enrichers(feed.worker);
    worker_flush(feed.worker);
    return status;
}
