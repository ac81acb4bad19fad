/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file run_live.h
 * Run of a pipeline over network interfaces.
 */
#ifndef PIPELINE_RUN_LIVE_H
#define PIPELINE_RUN_LIVE_H

#include "pipeline/pipeline.h"

synfix_status_t run_live(pipeline_t *pipeline, synfix_error_t *error);
/**
 * Opens the handle of each worker on each interface: source i * workers + k is interface i for worker k.
 */
synfix_status_t live_open_sources(pipeline_t *pipeline, synfix_error_t *error);
/** @p user: the worker. */
void live_sample(const synfix_timestamp_sample_t *point, void *user);

#endif
