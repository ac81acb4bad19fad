/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file pipeline_context.h
 * The module context of a pipeline.
 */
#ifndef PIPELINE_PIPELINE_CONTEXT_H
#define PIPELINE_PIPELINE_CONTEXT_H

#include "pipeline/worker/pipeline_state.h"

/** Context for all modules of @p pipeline; valid as long as the pipeline. */
synfix_module_context_t pipeline_module_context(pipeline_t *pipeline);

#endif
