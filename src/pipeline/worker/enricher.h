/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file enricher.h
 * An open enricher, with its state for each worker.
 */
#ifndef PIPELINE_WORKER_ENRICHER_H
#define PIPELINE_WORKER_ENRICHER_H

#include "module/module_spec.h"
#include "pipeline/worker/pipeline_config.h"

typedef struct enricher {
    const synfix_module_t *module;
    module_spec_t *spec; /* a reference */
    void *instance;
    bool open;
    void **states;        /* one for each worker */
    unsigned state_count; /* number of open states */
    atomic_bool failed;
    atomic_bool reload;
} enricher_t;

/** Opens an enricher and its state for each worker. The enricher holds a reference to @p spec. */
synfix_status_t enricher_new(pipeline_t *pipeline, module_spec_t *spec, enricher_t **made,
                             synfix_error_t *error);
void enricher_free(enricher_t *enricher);

#endif
