/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file reconfigure.h
 * Change from one set of sinks and enrichers to the next while workers run.
 *
 * Each worker changes between two batches; when all have, the thread that requested the change ends and
 * frees what they no longer use. Encoder slots do not change: a group that gained or lost a sink gets new
 * slots, and the old ones stay until all their blocks are returned.
 */
#ifndef PIPELINE_RECONFIGURE_H
#define PIPELINE_RECONFIGURE_H

#include "pipeline/output_set.h"
#include <stdatomic.h>

/** One reconfiguration, offered to each worker. */
typedef struct change {
    output_set_t *outputs; /* one for each worker */
    sink_t *joining[PIPELINE_SINKS_MAX];
    size_t joining_count;
    atomic_uint left; /* workers that have not applied it */
} change_t;

void change_free(change_t *change);

#endif
