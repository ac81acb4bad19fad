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

/** Copies of observations, in the order of their packets. */
typedef struct synfix_batch synfix_batch_t;

/** Maximum capacity of a batch, in observations. */
#define SYNFIX_BATCH_CAPACITY_MAX 1048576u

/**
 * A packet yields at most two observations: a SYN, and the uptime that the SYN completes. A datagram of sFlow
 * yields as many for each of its samples.
 */
#define SYNFIX_BATCH_PER_PACKET 2u

/**
 * Creates an empty batch. Any thread.
 * @param capacity  in observations, 1 to SYNFIX_BATCH_CAPACITY_MAX
 * @param batch     on success owned by the caller: synfix_batch_free(); unchanged after a failure
 * @param error     receives the reason of a failure; NULL: no reason is wanted
 * @return SYNFIX_OK; SYNFIX_INVALID: @p capacity is out of range; SYNFIX_NO_MEMORY
 */
SYNFIX_API synfix_status_t synfix_batch_new(size_t capacity, synfix_batch_t **batch,
                                            synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Frees a batch with all its observations.
 * @param batch  NULL is allowed
 */
SYNFIX_API void synfix_batch_free(synfix_batch_t *batch);

/**
 * Copies an observation; the form of synfix_observation_fn. A full batch only counts the observation
 * (synfix_batch_missed). Facts of enrichers (community_id, muon_fingerprint, annotations) are not copied.
 * @param observation  not needed after the call
 * @param batch        a synfix_batch_t
 */
SYNFIX_API void synfix_batch_add(const synfix_observation_t *observation, void *batch);

/**
 * Number of observations in a batch.
 * @param batch  not NULL
 * @return 0 to the capacity
 */
SYNFIX_API size_t synfix_batch_count(const synfix_batch_t *batch);

/**
 * One observation of a batch.
 * @param batch  not NULL
 * @param index  in order of arrival, from 0
 * @return owned by the batch, valid until synfix_batch_clear or synfix_batch_free; NULL: beyond the last one
 */
SYNFIX_API const synfix_observation_t *synfix_batch_at(const synfix_batch_t *batch, size_t index);

/**
 * Number of observations that did not fit since the batch was created; synfix_batch_clear does not reset it.
 * @param batch  not NULL
 * @return observations
 */
SYNFIX_API uint64_t synfix_batch_missed(const synfix_batch_t *batch);

/**
 * Removes all observations and keeps the memory.
 * @param batch  not NULL
 */
SYNFIX_API void synfix_batch_clear(synfix_batch_t *batch);

#ifdef __cplusplus
}
#endif

#endif
