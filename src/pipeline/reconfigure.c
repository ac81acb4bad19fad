/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Reconfiguration of a running pipeline: open the new sinks and enrichers, let each worker change, then end
 * the old ones. */
#include "pipeline/reconfigure_open.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_MS        2u     /* interval of the checks below: a change is rare, and its caller waits */
#define BEGIN_WAIT_MS  5000u  /* until the threads of a starting run exist */
#define CHANGE_WAIT_MS 2000u  /* for workers: a live one changes within a fraction of this */
#define LEAVE_WAIT_MS  15000u /* for predecessors that hold the spool of a new sink */

static void look_later(void)
{
    const struct timespec wait = {.tv_nsec = LOOK_MS * 1000000};
    (void)nanosleep(&wait, NULL);
}

static bool is_among(const pending_outputs_t *next, const enricher_t *enricher)
{
    for (size_t i = 0; i < next->wanted->enricher_count; i++) {
        if (next->enrichers[i] == enricher) {
            return true;
        }
    }
    return false;
}

static void list_enrichers(pipeline_t *pipeline, const pending_outputs_t *next)
{
    size_t left = 0;
    for (size_t i = 0; i < pipeline->enricher_count; i++) {
        if (!is_among(next, pipeline->enrichers[i])) {
            pipeline->retired_enrichers[left++] = pipeline->enrichers[i];
        }
    }
    memcpy(pipeline->enrichers, next->enrichers, sizeof pipeline->enrichers);
    pipeline->enricher_count = next->wanted->enricher_count;
}

/* Sinks that stay get a reload request. */
static void list_sinks(pipeline_t *pipeline, const pending_outputs_t *next)
{
    pipeline->sink_count = 0;
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        sink_t *sink = pipeline->sinks[i];
        if (next->slots[i] != NULL && sink == NULL) {
            sink_register(pipeline, next->slots[i], i);
        } else if (next->slots[i] != NULL) {
            pipeline->sink_count++;
            atomic_store(&sink->reload, true);
        } else if (sink != NULL && !sink->leaving) {
            sink->leaving = true;
            sink->left_ns = monotonic_ns();
            pipeline->removed_count++;
        }
    }
}

static void publish(pipeline_t *pipeline, pending_outputs_t *next)
{
    change_t *change = next->change;
    atomic_store(&change->remaining, pipeline->worker_count);
    (void)pthread_mutex_lock(&pipeline->sinks_lock);
    list_sinks(pipeline, next);
    list_enrichers(pipeline, next);
    (void)pthread_mutex_unlock(&pipeline->sinks_lock);
    for (size_t i = 0; i < pipeline->enricher_count; i++) {
        if (!next->new_enrichers[i]) {
            atomic_store(&pipeline->enrichers[i]->reload,
                         pipeline->enrichers[i]->module->enricher->reload != NULL);
        }
    }
    for (size_t i = 0; i < change->added_count; i++) {
        pipeline_log(pipeline, 2, "sink %s: added", change->added[i]->name);
    }
    pipeline->change = change;
    for (unsigned i = 0; i < pipeline->worker_count; i++) {
        worker_offer_change(&pipeline->workers[i], change);
    }
    for (unsigned waited = 0; waited < CHANGE_WAIT_MS && atomic_load(&change->remaining) > 0;
         waited += LOOK_MS) {
        look_later();
    }
    if (atomic_load(&change->remaining) > 0) {
        pipeline_log(pipeline, 1, "%u of %u workers have not applied the change yet",
                     atomic_load(&change->remaining), pipeline->worker_count);
    }
}

/* @p next lists what was deferred. */
static synfix_status_t change_to(pipeline_t *pipeline, const output_config_t *wanted, pending_outputs_t *next,
                                 synfix_error_t *error)
{
    const uint32_t domain = pipeline->context.observation_domain;
    pipeline->context.observation_domain = wanted->observation_domain; /* read by new sinks */
    const synfix_status_t status = pending_outputs_gather(pipeline, wanted, next, error);
    if (status == SYNFIX_OK) {
        publish(pipeline, next);
    } else {
        pipeline->context.observation_domain = domain;
    }
    return status;
}

/* Waits for predecessors to end. A worker that has not applied the last change blocks the next change: the
 * worker may still apply the last one. */
static synfix_status_t await_leaving(pipeline_t *pipeline, synfix_error_t *error)
{
    for (unsigned waited = 0;
         retire_outputs(pipeline) > 0 && waited < LEAVE_WAIT_MS && !pipeline_stopping(pipeline);
         waited += LOOK_MS) {
        look_later();
    }
    return pipeline->change == NULL
               ? SYNFIX_OK
               : synfix_fail(
                     error, SYNFIX_IO,
                     "sinks: %u of %u workers have not applied the change: sinks that wait for a spool are "
                     "not opened, the other sinks have changed; reload again later",
                     atomic_load(&pipeline->change->remaining), pipeline->worker_count);
}

/* Specifications of the current outputs, to return to them. Free with free_specs(). */
static synfix_status_t note_specs(const pipeline_t *pipeline, output_config_t *outputs, synfix_error_t *error)
{
    module_spec_t **specs = calloc(PIPELINE_SINKS_MAX + PIPELINE_ENRICHERS_MAX, sizeof *specs);
    if (specs == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "sinks: out of memory");
    }
    size_t count = 0;
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        const sink_t *sink = pipeline->sinks[i];
        if (sink != NULL && !sink->leaving) {
            specs[count++] = module_spec_ref(sink->spec);
        }
    }
    *outputs = (output_config_t){.sinks = specs,
                                 .sink_count = count,
                                 .enrichers = specs + count,
                                 .enricher_count = pipeline->enricher_count,
                                 .observation_domain = pipeline->context.observation_domain};
    for (size_t i = 0; i < pipeline->enricher_count; i++) {
        specs[count++] = module_spec_ref(pipeline->enrichers[i]->spec);
    }
    return SYNFIX_OK;
}

static void free_specs(const output_config_t *outputs)
{
    module_spec_t **specs = (module_spec_t **)(uintptr_t)outputs->sinks; /* ours: note_specs() made it */
    for (size_t i = 0; i < outputs->sink_count + outputs->enricher_count; i++) {
        module_spec_unref(specs[i]);
    }
    free(specs);
}

/* Second step: the predecessors have ended, or their time is over. */
static synfix_status_t change_deferred(pipeline_t *pipeline, const output_config_t *wanted,
                                       const output_config_t *before, synfix_error_t *error)
{
    pending_outputs_t next;
    synfix_error_t again = {.text = ""};
    synfix_status_t status = await_leaving(pipeline, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    status = change_to(pipeline, wanted, &next, error);
    if (status == SYNFIX_OK && !next.any_deferred) {
        return SYNFIX_OK;
    }
    if (status == SYNFIX_OK) {
        status = synfix_fail(error, SYNFIX_IO, "a sink's predecessor has not ended within %u s",
                             LEAVE_WAIT_MS / 1000);
    }
    if (await_leaving(pipeline, &again) != SYNFIX_OK ||
        change_to(pipeline, before, &next, &again) != SYNFIX_OK) {
        pipeline_log(pipeline, 0, "the previous sinks could not be opened again: %s", again.text);
    }
    return status;
}

static synfix_status_t set_outputs(pipeline_t *pipeline, const output_config_t *wanted, synfix_error_t *error)
{
    pending_outputs_t next;
    output_config_t before;
    synfix_status_t status = note_specs(pipeline, &before, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    status = change_to(pipeline, wanted, &next, error);
    if (status == SYNFIX_OK && next.any_deferred) {
        status = change_deferred(pipeline, wanted, &before, error);
    }
    free_specs(&before);
    return status;
}

/* Locks `changing` once the run has begun and no worker has a pending change. */
static synfix_status_t lock_for_change(pipeline_t *pipeline, synfix_error_t *error)
{
    for (unsigned waited = 0;; waited += LOOK_MS) {
        (void)pthread_mutex_lock(&pipeline->changing);
        if (pipeline->begun) {
            (void)retire_outputs(pipeline);
        }
        if (pipeline->begun && pipeline->change == NULL && !atomic_load(&pipeline->drained)) {
            return SYNFIX_OK;
        }
        const bool over = atomic_load(&pipeline->drained);
        (void)pthread_mutex_unlock(&pipeline->changing);
        if (over) {
            return synfix_fail(error, SYNFIX_INVALID, "sinks: the run is at its end");
        }
        if (waited >= BEGIN_WAIT_MS) {
            return synfix_fail(error, SYNFIX_INVALID,
                               "sinks: workers have not applied the previous change yet; reload again later");
        }
        look_later();
    }
}

synfix_status_t pipeline_set_outputs(pipeline_t *pipeline, const output_config_t *wanted,
                                     synfix_error_t *error)
{
    if (!pipeline->config.live) {
        return synfix_fail(error, SYNFIX_UNSUPPORTED, "sinks: a run over files keeps its sinks");
    }
    if (wanted->sink_count > PIPELINE_SINKS_MAX || wanted->enricher_count > PIPELINE_ENRICHERS_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "at most %u sinks and %u enrichers", PIPELINE_SINKS_MAX,
                           PIPELINE_ENRICHERS_MAX);
    }
    synfix_status_t status = lock_for_change(pipeline, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    status = set_outputs(pipeline, wanted, error);
    (void)retire_outputs(pipeline);
    (void)pthread_mutex_unlock(&pipeline->changing);
    return status;
}

void pipeline_reap(pipeline_t *pipeline)
{
    (void)pthread_mutex_lock(&pipeline->changing);
    if (pipeline->begun && !atomic_load(&pipeline->drained)) {
        (void)retire_outputs(pipeline);
    }
    (void)pthread_mutex_unlock(&pipeline->changing);
}
