/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file worker_updates.h
 * Changes that a worker applies between two batches: outputs, database, header filter, settings.
 *
 * Change from one set of sinks and enrichers to the next: each worker changes between two batches; when all
 * have, the thread that requested the change ends and frees what they no longer use. Encoder slots do not
 * change: a group that gained or lost a sink gets new slots, and the old ones stay until all their blocks are
 * returned.
 */
#ifndef PIPELINE_WORKER_WORKER_UPDATES_H
#define PIPELINE_WORKER_WORKER_UPDATES_H

#include "pipeline/worker/worker.h"

/** One reconfiguration, offered to each worker. */
struct change {
    output_set_t *outputs; /* one for each worker */
    sink_t *added[PIPELINE_SINKS_MAX];
    size_t added_count;
    atomic_uint remaining; /* workers that have not applied it */
};

/** NULL is allowed. */
void change_free(change_t *change);
/** Applies pending changes and sends blocks older than flush_ms. Call between batches. */
void worker_apply_updates(worker_t *worker);
/**
 * Any thread: the worker applies @p change before its next batch; at once when its thread has ended. Its
 * previous change must be applied.
 */
void worker_offer_change(worker_t *worker, change_t *change);
/** Called when the thread of the worker ends: applies a pending change and accepts no further one. */
void worker_last_change(worker_t *worker);

#endif
