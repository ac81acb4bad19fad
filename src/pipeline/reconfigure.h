/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file reconfigure.h
 * From one set of sinks and enrichers to the next while workers run.
 *
 * Live, sinks and enrichers change while workers run (reconfigure.c): each worker changes over between
 * two batches; once all have, what they left behind is ended and freed by the thread that asked for the
 * change. Encoder slots do not change: a group that gained or lost a sink gets new ones, and the old ones
 * stay until their blocks are back.
 */
#ifndef PIPELINE_RECONFIGURE_H
#define PIPELINE_RECONFIGURE_H

#include "pipeline/output_set.h"
#include <stdatomic.h>

/** From one set of sinks and enrichers to the next. */
typedef struct change {
    output_set_t *outputs; /* one a worker */
    sink_t *joining[PIPELINE_SINKS_MAX];
    size_t joining_count;
    atomic_uint left; /* workers that have not changed over */
} change_t;

void change_free(change_t *change);

#endif
