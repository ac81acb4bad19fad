/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pipeline/pipeline.h"
#include "base/error_cause.h"
#include "base/huge_pages.h"
#include "pipeline/pipeline_context.h"
#include "pipeline/pipeline_open.h"
#include "pipeline/run_live.h"
#include "pipeline/run_observations.h"
#include "pipeline/run_single.h"
#include "pipeline/run_workers.h"
#include "pipeline/summary.h"
#include "pipeline/worker/pipeline_state.h"
#include "pipeline/worker/sink.h"
#include "pipeline/worker/sink_end.h"
#include "pipeline/worker/sink_thread.h"
#include "pipeline/worker/worker.h"
#include "pipeline/worker/worker_updates.h"
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pipeline_config_init(pipeline_config_t *config)
{
    *config = (pipeline_config_t){.workers = 1,
                                  .flush_ms = PIPELINE_FLUSH_DEFAULT,
                                  .queue_bytes = PIPELINE_QUEUE_DEFAULT,
                                  .overflow_bytes = PIPELINE_OVERFLOW_DEFAULT,
                                  .sink_timeout_ms = PIPELINE_SINK_TIMEOUT_DEFAULT,
                                  .grace_ms = PIPELINE_GRACE_DEFAULT};
    synfix_engine_config_init(&config->engine, sizeof config->engine);
}

static synfix_status_t check_config(const pipeline_config_t *config, synfix_error_t *error)
{
    if (config->workers < 1 || config->workers > PIPELINE_WORKERS_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "workers: %u is not between 1 and %u", config->workers,
                           PIPELINE_WORKERS_MAX);
    }
    if (config->observations != NULL && (config->source_count > 0 || config->live)) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "observations come from the caller or from sources, not from both");
    }
    if ((config->source_count < 1 && config->observations == NULL) ||
        config->source_count > PIPELINE_SOURCES_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "sources: 1 to %u, not %zu", PIPELINE_SOURCES_MAX,
                           config->source_count);
    }
    if (config->sink_count > PIPELINE_SINKS_MAX || config->enricher_count > PIPELINE_ENRICHERS_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "at most %u sinks and %u enrichers", PIPELINE_SINKS_MAX,
                           PIPELINE_ENRICHERS_MAX);
    }
    return SYNFIX_OK;
}

/* Writers first: a reload must not starve while workers always have a batch. */
static bool init_locks(pipeline_t *pipeline)
{
    pthread_rwlockattr_t writers_first;
    if (!wake_event_init(&pipeline->sink_ended) || pthread_mutex_init(&pipeline->mutex, NULL) != 0 ||
        pthread_mutex_init(&pipeline->changing, NULL) != 0 ||
        pthread_mutex_init(&pipeline->sinks_lock, NULL) != 0) {
        return false;
    }
    if (pthread_rwlockattr_init(&writers_first) != 0) {
        return false;
    }
    (void)pthread_rwlockattr_setkind_np(&writers_first, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    const bool made = pthread_rwlock_init(&pipeline->at_packets, &writers_first) == 0;
    (void)pthread_rwlockattr_destroy(&writers_first);
    return made;
}

unsigned pipeline_workers_of(const pipeline_config_t *config, const char **reason)
{
    if (config->observations != NULL) {
        *reason = "observations of the caller";
        return 1;
    }
    *reason = "uptime in p0f's way"; /* depends on the order of all packets */
    if (config->engine.uptime == SYNFIX_UPTIME_P0F) {
        return 1;
    }
    *reason = "host changes"; /* the same */
    if (config->hosts != NULL && config->host_changes && !config->live) {
        return 1;
    }
    for (size_t i = 0; i < config->enricher_count && !config->live; i++) {
        *reason = config->enrichers[i]->module->name;
        if (config->enrichers[i]->module->enricher->in_order) {
            return 1;
        }
    }
    return config->workers;
}

synfix_status_t pipeline_new(const pipeline_config_t *config, pipeline_t **pipeline, synfix_error_t *error)
{
    synfix_status_t status = check_config(config, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    pipeline_t *made = calloc(1, sizeof *made);
    if (made == NULL || !init_locks(made)) {
        free(made);
        return synfix_fail(error, SYNFIX_NO_MEMORY, "pipeline: out of memory");
    }
    made->config = *config;
    atomic_store(&made->flush_ms, config->flush_ms);
    made->config.drop_when_full |= config->live;
    made->config.filter = config->filter == NULL ? NULL : header_filter_ref(config->filter);
    made->sigdb = config->engine.sigdb == NULL ? NULL : synfix_sigdb_ref(config->engine.sigdb);
    made->context = pipeline_module_context(made);
    const char *reason = NULL;
    made->worker_count = pipeline_workers_of(config, &reason);
    atomic_store(&made->uptime, (int)config->engine.uptime);
    atomic_store(&made->signatures, (int)config->engine.signatures);
    pipeline_store_cpus(made, config->cpus);
    if (made->worker_count < config->workers) {
        pipeline_log(made, 2, "%s: one worker", reason);
    }
    status = pipeline_open(made, config, error);
    if (status != SYNFIX_OK) {
        pipeline_free(made);
        return status;
    }
    *pipeline = made;
    return SYNFIX_OK;
}

static void close_sources(pipeline_t *pipeline)
{
    for (size_t i = 0; i < pipeline->source_count; i++) {
        source_close(pipeline, &pipeline->sources[i]);
        module_spec_unref(pipeline->sources[i].spec);
    }
}

static void free_outputs(pipeline_t *pipeline)
{
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        sink_free(pipeline->sinks[i]);
    }
    for (size_t i = 0; i < PIPELINE_ENRICHERS_MAX; i++) {
        enricher_free(pipeline->enrichers[i]);
        enricher_free(pipeline->retired_enrichers[i]);
    }
}

static void free_names(pipeline_t *pipeline)
{
    while (pipeline->names != NULL) {
        name_t *name = pipeline->names;
        pipeline->names = name->next;
        free(name);
    }
}

static void destroy_locks(pipeline_t *pipeline)
{
    wake_event_destroy(&pipeline->sink_ended);
    (void)pthread_rwlock_destroy(&pipeline->at_packets);
    (void)pthread_mutex_destroy(&pipeline->mutex);
    (void)pthread_mutex_destroy(&pipeline->changing);
    (void)pthread_mutex_destroy(&pipeline->sinks_lock);
}

/* Sources first, they stop the packets; workers before the sinks, which receive their last records. */
void pipeline_free(pipeline_t *pipeline)
{
    if (pipeline == NULL || pipeline_abandoned(pipeline)) {
        return;
    }
    close_sources(pipeline);
    for (unsigned i = 0; pipeline->workers != NULL && i < pipeline->worker_count; i++) {
        worker_last_change(&pipeline->workers[i]);
        worker_close(&pipeline->workers[i]);
    }
    change_free(pipeline->change);
    free_outputs(pipeline);
    free_names(pipeline);
    free(pipeline->sources);
    huge_pages_free(pipeline->workers);
    header_filter_unref(pipeline->config.filter);
    header_filter_unref(atomic_exchange(&pipeline->next_filter, NULL));
    synfix_sigdb_unref(pipeline->sigdb);
    destroy_locks(pipeline);
    free(pipeline);
}

synfix_status_t pipeline_run(pipeline_t *pipeline, synfix_error_t *error)
{
    synfix_status_t status = sinks_start(pipeline, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    if (pipeline->config.observations != NULL) {
        status = run_observations(pipeline, error);
    } else if (pipeline->config.live) {
        status = run_live(pipeline, error);
    } else if (pipeline->worker_count > 1) {
        status = run_workers(pipeline, error);
    } else {
        status = run_single(pipeline, error);
    }
    sinks_finish(pipeline);
    return status;
}

bool pipeline_abandoned(const pipeline_t *pipeline)
{
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        if (pipeline->sinks[i] != NULL && atomic_load(&pipeline->sinks[i]->abandoned)) {
            return true;
        }
    }
    return false;
}

unsigned pipeline_workers(const pipeline_t *pipeline)
{
    return pipeline->worker_count;
}
