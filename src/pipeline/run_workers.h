/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file run_workers.h
 * Capture files with several workers.
 */
#ifndef PIPELINE_RUN_WORKERS_H
#define PIPELINE_RUN_WORKERS_H

#include "pipeline/pipeline.h"

/** Reads all files in the calling thread, and processes them in the threads of the workers, which have ended
 * when the call returns. The first failure is the result. */
synfix_status_t run_workers(pipeline_t *pipeline, synfix_error_t *error);

#endif
