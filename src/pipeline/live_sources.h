/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file live_sources.h
 * Sources of a live pipeline: handles of interfaces and their kernel filter.
 */
#ifndef PIPELINE_LIVE_SOURCES_H
#define PIPELINE_LIVE_SOURCES_H

#include "pipeline/pipeline.h"
#include "pipeline/worker/pipeline_state.h"

/** Whether @p source is an interface, which has a descriptor, a kernel filter and statistics of the kernel.
 */
bool live_built_in(const source_t *source);

/**
 * Opens the handle of each worker on each interface: source i * workers + k is interface i for worker k.
 */
synfix_status_t live_open_sources(pipeline_t *pipeline, synfix_error_t *error);

#endif
