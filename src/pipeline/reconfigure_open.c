/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Opens the next set of sinks and enrichers: those that stay, and new ones. */
#include "pipeline/reconfigure_open.h"
#include "pipeline/worker/sink_thread.h"
#include <stdlib.h>
#include <string.h>

/* A sink with this specification, which no other one keeps. */
static bool keep_sink(const pipeline_t *pipeline, pending_outputs_t *next, const module_spec_t *spec)
{
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        sink_t *sink = pipeline->sinks[i];
        if (sink == NULL || sink->leaving || next->slots[i] != NULL ||
            sink->context.observation_domain != next->wanted->observation_domain ||
            !module_spec_equal(sink->spec, spec)) {
            continue;
        }
        next->slots[i] = sink;
        return true;
    }
    return false;
}

static bool same_spool(const module_spec_t *one, const module_spec_t *other)
{
    return module_spec_same_option(one, other, "spool");
}

typedef bool same_fn(const module_spec_t *one, const module_spec_t *other);

/* Whether a sink that is leaving holds the resource that @p spec needs. */
static bool has_predecessor(const pipeline_t *pipeline, const pending_outputs_t *next,
                            const module_spec_t *spec, same_fn *same)
{
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        const sink_t *sink = pipeline->sinks[i];
        if (sink != NULL && next->slots[i] == NULL && same(sink->spec, spec)) {
            return true;
        }
    }
    return false;
}

/* Opening failed, perhaps only because the predecessor still has the spool. A predecessor keeps
 * its file, which holds the records of this run. */
static synfix_status_t defer(const pipeline_t *pipeline, pending_outputs_t *next, size_t index,
                             synfix_status_t status, synfix_error_t *error)
{
    const module_spec_t *spec = next->wanted->sinks[index];
    const synfix_error_t reason = *error;
    next->deferred[index] = status == SYNFIX_IO && has_predecessor(pipeline, next, spec, same_spool);
    next->any_deferred |= next->deferred[index];
    if (next->deferred[index]) {
        return SYNFIX_OK;
    }
    if (status == SYNFIX_IO && has_predecessor(pipeline, next, spec, module_spec_same_target)) {
        return synfix_fail(error, status, "%s (the replaced sink uses the file: choose another name)",
                           reason.text);
    }
    return status;
}

static synfix_status_t add_sink(pipeline_t *pipeline, pending_outputs_t *next, sink_t *sink,
                                synfix_error_t *error)
{
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        if (pipeline->sinks[i] == NULL && next->slots[i] == NULL) {
            next->slots[i] = sink;
            next->change->added[next->change->added_count++] = sink;
            return SYNFIX_OK;
        }
    }
    sink_free(sink);
    return synfix_fail(error, SYNFIX_INVALID, "at most %u sinks, those that have not ended yet included",
                       PIPELINE_SINKS_MAX);
}

/* Opens a failed sink with an equal specification again; if that fails, the other changes apply. */
static void retry_failed(pipeline_t *pipeline, pending_outputs_t *next, module_spec_t *spec)
{
    sink_t *made = NULL;
    synfix_error_t reason = {.text = ""};
    size_t slot = 0;
    while (next->slots[slot] == NULL || !atomic_load(&next->slots[slot]->failed) ||
           !module_spec_equal(next->slots[slot]->spec, spec)) {
        if (++slot == PIPELINE_SINKS_MAX) {
            return;
        }
    }
    sink_t *failed = next->slots[slot];
    next->slots[slot] = NULL;
    if (sink_new(pipeline, spec, next->slots, &made, &reason) == SYNFIX_OK &&
        add_sink(pipeline, next, made, &reason) == SYNFIX_OK) {
        return;
    }
    next->slots[slot] = failed;
    pipeline_log(pipeline, 1, "sink %s: stays disabled: %s", failed->name, reason.text);
}

static synfix_status_t gather_sinks(pipeline_t *pipeline, pending_outputs_t *next, synfix_error_t *error)
{
    const output_config_t *wanted = next->wanted;
    for (size_t i = 0; i < wanted->sink_count; i++) {
        next->kept[i] = keep_sink(pipeline, next, wanted->sinks[i]);
    }
    for (size_t i = 0; i < wanted->sink_count; i++) {
        sink_t *made = NULL;
        if (next->kept[i]) {
            retry_failed(pipeline, next, wanted->sinks[i]);
            continue;
        }
        synfix_status_t status = sink_new(pipeline, wanted->sinks[i], next->slots, &made, error);
        if (status == SYNFIX_OK) {
            status = add_sink(pipeline, next, made, error);
        } else {
            status = defer(pipeline, next, i, status, error);
        }
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    return SYNFIX_OK;
}

static enricher_t *keep_enricher(const pipeline_t *pipeline, const pending_outputs_t *next,
                                 const module_spec_t *spec)
{
    for (size_t i = 0; i < pipeline->enricher_count; i++) {
        enricher_t *enricher = pipeline->enrichers[i];
        bool in_use = !module_spec_equal(enricher->spec, spec) || atomic_load(&enricher->failed);
        for (size_t k = 0; k < next->wanted->enricher_count; k++) {
            in_use |= next->enrichers[k] == enricher;
        }
        if (!in_use) {
            return enricher;
        }
    }
    return NULL;
}

static synfix_status_t gather_enrichers(pipeline_t *pipeline, pending_outputs_t *next, synfix_error_t *error)
{
    for (size_t i = 0; i < next->wanted->enricher_count; i++) {
        module_spec_t *spec = next->wanted->enrichers[i];
        next->enrichers[i] = keep_enricher(pipeline, next, spec);
        if (next->enrichers[i] != NULL) {
            continue;
        }
        const synfix_status_t status = enricher_new(pipeline, spec, &next->enrichers[i], error);
        if (status != SYNFIX_OK) {
            return status;
        }
        next->new_enrichers[i] = true;
    }
    return SYNFIX_OK;
}

static synfix_status_t gather_outputs(pipeline_t *pipeline, pending_outputs_t *next, synfix_error_t *error)
{
    sink_t *sinks[PIPELINE_SINKS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        if (next->slots[i] != NULL) {
            sinks[count++] = next->slots[i];
        }
    }
    return outputs_make(pipeline, sinks, count, next->enrichers, next->wanted->enricher_count,
                        &next->change->outputs, error);
}

static synfix_status_t start_sinks(const change_t *change, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    for (size_t i = 0; i < change->added_count && status == SYNFIX_OK; i++) {
        status = sink_start(change->added[i], error);
    }
    return status;
}

/* Closes what is new: no worker has used it. */
static void discard(pipeline_t *pipeline, pending_outputs_t *next)
{
    change_t *change = next->change;
    outputs_discard(pipeline, change->outputs);
    change->outputs = NULL;
    for (size_t i = 0; i < change->added_count; i++) {
        sink_t *sink = change->added[i];
        atomic_store(&sink->dismissed, true);
        wake_event_signal(&sink->filled);
        if (sink->running) {
            (void)pthread_join(sink->thread, NULL);
        }
        sink_free(sink);
    }
    for (size_t i = 0; i < PIPELINE_ENRICHERS_MAX; i++) {
        if (next->new_enrichers[i]) {
            enricher_free(next->enrichers[i]);
        }
    }
    change_free(change);
}

synfix_status_t pending_outputs_gather(pipeline_t *pipeline, const output_config_t *wanted,
                                       pending_outputs_t *next, synfix_error_t *error)
{
    *next = (pending_outputs_t){.wanted = wanted, .change = calloc(1, sizeof *next->change)};
    if (next->change == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "sinks: out of memory");
    }
    synfix_error_t reason = {.text = ""};
    synfix_status_t status = gather_sinks(pipeline, next, &reason);
    if (status == SYNFIX_OK) {
        status = gather_enrichers(pipeline, next, &reason);
    }
    if (status == SYNFIX_OK) {
        status = gather_outputs(pipeline, next, &reason);
    }
    if (status == SYNFIX_OK) {
        status = start_sinks(next->change, &reason);
    }
    if (status == SYNFIX_OK) {
        return SYNFIX_OK;
    }
    discard(pipeline, next);
    *error = reason;
    return status;
}
