/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file live_samples.h
 * Timestamp samples between live workers.
 *
 * The kernel spreads the connections of a host over all workers, but one worker owns the clock of the host.
 * Each pair of workers has an SPSC ring. If a ring is full, the sample is dropped and counted.
 */
#ifndef PIPELINE_WORKER_LIVE_SAMPLES_H
#define PIPELINE_WORKER_LIVE_SAMPLES_H

#include "pipeline/worker/pipeline_config.h"

struct worker;

typedef struct sample_rings sample_rings_t;

/** NULL: out of memory. Free with sample_rings_free() when no worker runs. */
sample_rings_t *sample_rings_new(unsigned workers);
/** @p rings may be NULL. */
void sample_rings_free(sample_rings_t *rings);

/** Passes a sample to the worker that owns its host. @p user: the worker that saw it, in whose thread this
 * runs. */
void live_sample(const synfix_timestamp_sample_t *sample, void *user);

/** Adds the samples of all workers to the engine of @p worker. In the thread of @p worker. */
void live_receive_samples(struct worker *worker);

#endif
