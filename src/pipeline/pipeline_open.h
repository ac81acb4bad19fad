/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file pipeline_open.h
 * Opens the modules and workers of a pipeline. On a failure pipeline_free() closes what was opened.
 */
#ifndef PIPELINE_PIPELINE_OPEN_H
#define PIPELINE_PIPELINE_OPEN_H

#include "pipeline/worker/pipeline_state.h"

/** Opens sources, enrichers, sinks and workers of @p config, in this order. */
synfix_status_t pipeline_open(pipeline_t *pipeline, const pipeline_config_t *config, synfix_error_t *error);

#endif
