/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file run_observations.h
 * A run whose observations come from the caller instead of packets.
 */
#ifndef PIPELINE_RUN_OBSERVATIONS_H
#define PIPELINE_RUN_OBSERVATIONS_H

#include "pipeline/pipeline.h"

/** The run of a pipeline with `observations`. */
synfix_status_t run_observations(pipeline_t *pipeline, synfix_error_t *error);

#endif
