/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pipeline/pipeline_open.h"
#include "base/error_cause.h"
#include "base/huge_pages.h"
#include "pipeline/live_sources.h"
#include "pipeline/run_single.h"
#include "pipeline/worker/sink.h"
#include <stdlib.h>

static synfix_status_t open_sources(pipeline_t *pipeline, const pipeline_config_t *config,
                                    synfix_error_t *error)
{
    const size_t handles = config->live ? pipeline->worker_count : 1;
    pipeline->sources = calloc(config->source_count * handles + 1, sizeof *pipeline->sources);
    if (pipeline->sources == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "sources: out of memory");
    }
    for (size_t i = 0; i < config->source_count * handles; i++) {
        source_t *source = &pipeline->sources[pipeline->source_count++];
        source->spec = module_spec_ref(config->sources[i / handles]);
        source->module = source->spec->module;
        source->options = source->spec->options;
    }
    return config->live ? error_attribute(error, SYNFIX_CAUSE_DEVICE, live_open_sources(pipeline, error))
                        : error_attribute(error, SYNFIX_CAUSE_INPUT, sources_open(pipeline, error));
}

static synfix_status_t open_outputs(pipeline_t *pipeline, const pipeline_config_t *config,
                                    synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    for (size_t i = 0; i < config->enricher_count && status == SYNFIX_OK; i++) {
        status = enricher_new(pipeline, config->enrichers[i], &pipeline->enrichers[i], error);
        pipeline->enricher_count += status == SYNFIX_OK;
    }
    for (size_t i = 0; i < config->sink_count && status == SYNFIX_OK; i++) {
        status = sink_new(pipeline, config->sinks[i], pipeline->sinks, &pipeline->sinks[i], error);
        if (status == SYNFIX_OK) {
            sink_register(pipeline, pipeline->sinks[i], i);
        }
    }
    return status;
}

/* Opens the workers, after sources, sinks and enrichers. */
static synfix_status_t open_workers(pipeline_t *pipeline, synfix_error_t *error)
{
    const unsigned count = pipeline->worker_count;
    output_set_t *outputs = NULL;
    pipeline->workers = huge_pages_new(count * sizeof *pipeline->workers); /* live samples are rarely used */
    if (pipeline->workers == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "workers: out of memory");
    }
    const synfix_status_t made = outputs_make(pipeline, pipeline->sinks, pipeline->sink_count,
                                              pipeline->enrichers, pipeline->enricher_count, &outputs, error);
    if (made != SYNFIX_OK) {
        return made;
    }
    for (unsigned i = 0; i < count; i++) {
        pipeline->workers[i].pipeline = pipeline;
        pipeline->workers[i].outputs = outputs[i];
    }
    free(outputs);
    for (unsigned i = 0; i < count; i++) {
        const synfix_status_t status = worker_open(&pipeline->workers[i], pipeline, i, error);
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    return SYNFIX_OK;
}

synfix_status_t pipeline_open(pipeline_t *pipeline, const pipeline_config_t *config, synfix_error_t *error)
{
    synfix_status_t status = open_sources(pipeline, config, error);
    if (status == SYNFIX_OK && config->on_sources_open != NULL) {
        status = config->on_sources_open(config->sources_open_user, error);
    }
    if (status == SYNFIX_OK) {
        status = open_outputs(pipeline, config, error);
    }
    return status == SYNFIX_OK ? open_workers(pipeline, error) : status;
}
