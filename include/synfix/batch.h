/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file batch.h
 * A container of copied observations, for callers that prefer arrays to callbacks or that pass observations
 * to another thread.
 *
 *     config.on_observation = synfix_batch_add;
 *     config.observation_user = batch;
 *     ...
 *     synfix_engine_push(engine, packets, count);
 *     for (i = 0; i < synfix_batch_count(batch); i++)
 *         process(synfix_batch_at(batch, i));
 *     synfix_batch_clear(batch);
 *
 * All memory is allocated at creation. A batch belongs to one engine and to one thread at a time. Its
 * content does not change when the engine continues. Label and link strings live as long as the database: a
 * reader that may outlive the database in use holds a reference (synfix_sigdb_ref).
 */
#ifndef SYNFIX_BATCH_H
#define SYNFIX_BATCH_H

#include <stddef.h>
#include <stdint.h>
#include <synfix/observation.h>
#include <synfix/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct synfix_batch synfix_batch_t;

#define SYNFIX_BATCH_CAPACITY_MAX 1048576u

/**
 * A packet yields at most two observations: a SYN, and the uptime that the SYN completes. A datagram of sFlow
 * yields as many for each of its samples.
 */
#define SYNFIX_BATCH_PER_PACKET 2u

/**
 * Creates a batch for @p capacity observations (1 to SYNFIX_BATCH_CAPACITY_MAX). The caller frees it with
 * synfix_batch_free. SYNFIX_INVALID, SYNFIX_NO_MEMORY.
 */
SYNFIX_API synfix_status_t synfix_batch_new(size_t capacity, synfix_batch_t **batch,
                                            synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Frees the batch. @p batch may be NULL. */
SYNFIX_API void synfix_batch_free(synfix_batch_t *batch);

/**
 * A synfix_observation_fn that copies the observation into @p batch (synfix_batch_t). A full batch only
 * counts the observation (synfix_batch_missed). Facts of enrichers (community_id, muon_fingerprint,
 * annotations) are not copied.
 */
SYNFIX_API void synfix_batch_add(const synfix_observation_t *observation, void *batch);

SYNFIX_API size_t synfix_batch_count(const synfix_batch_t *batch);

/**
 * Observation @p index in order of arrival, or NULL. Valid until synfix_batch_clear or synfix_batch_free.
 */
SYNFIX_API const synfix_observation_t *synfix_batch_at(const synfix_batch_t *batch, size_t index);

/** Observations that did not fit since the batch was created. */
SYNFIX_API uint64_t synfix_batch_missed(const synfix_batch_t *batch);

/** Removes all observations and keeps the memory. */
SYNFIX_API void synfix_batch_clear(synfix_batch_t *batch);

#ifdef __cplusplus
}
#endif

#endif
