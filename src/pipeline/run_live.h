/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file run_live.h
 * Run of a pipeline over network interfaces.
 */
#ifndef PIPELINE_RUN_LIVE_H
#define PIPELINE_RUN_LIVE_H

#include "pipeline/pipeline.h"

/** Until pipeline_stop(), the end of all sources or the failure of a source. The first failure is returned.
 */
synfix_status_t run_live(pipeline_t *pipeline, synfix_error_t *error);

#endif
