/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pipeline/worker/enricher.h"
#include "base/error_cause.h"
#include "pipeline/worker/pipeline_state.h"
#include <stdlib.h>

static synfix_status_t open_states(enricher_t *enricher, unsigned workers, synfix_error_t *error)
{
    const synfix_enricher_t *functions = enricher->module->enricher;
    enricher->states = calloc(workers, sizeof *enricher->states);
    if (enricher->states == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", enricher->module->name);
    }
    while (functions->worker_open != NULL && enricher->state_count < workers) {
        const unsigned worker = enricher->state_count;
        synfix_error_t own = {.text = ""};
        const synfix_status_t status = pipeline_opened(
            enricher->module->name,
            functions->worker_open(enricher->instance, worker, &enricher->states[worker], &own), &own, error);
        if (status != SYNFIX_OK) {
            return status;
        }
        enricher->state_count++;
    }
    return SYNFIX_OK;
}

static synfix_status_t open_enricher(pipeline_t *pipeline, enricher_t *enricher, synfix_error_t *error)
{
    synfix_error_t own = {.text = ""};
    const synfix_enricher_t *functions = enricher->module->enricher;
    const synfix_status_t status = pipeline_opened(
        enricher->module->name,
        functions->open(&pipeline->context, enricher->spec->options, &enricher->instance, &own), &own, error);
    enricher->open = status == SYNFIX_OK;
    return status == SYNFIX_OK ? open_states(enricher, pipeline->worker_count, error) : status;
}

synfix_status_t enricher_new(pipeline_t *pipeline, module_spec_t *spec, enricher_t **made,
                             synfix_error_t *error)
{
    enricher_t *enricher = calloc(1, sizeof *enricher);
    if (enricher == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", spec->name);
    }
    enricher->spec = module_spec_ref(spec);
    enricher->module = spec->module;
    const synfix_status_t status = open_enricher(pipeline, enricher, error);
    if (status != SYNFIX_OK) {
        enricher_free(enricher);
        return error_attribute(error, SYNFIX_CAUSE_USAGE, status);
    }
    *made = enricher;
    return SYNFIX_OK;
}

void enricher_free(enricher_t *enricher)
{
    if (enricher == NULL) {
        return;
    }
    const synfix_enricher_t *functions = enricher->module->enricher;
    for (unsigned i = 0; i < enricher->state_count && functions->worker_close != NULL; i++) {
        functions->worker_close(enricher->instance, enricher->states[i]);
    }
    if (enricher->open && functions->close != NULL) {
        functions->close(enricher->instance);
    }
    free(enricher->states);
    module_spec_unref(enricher->spec);
    free(enricher);
}
