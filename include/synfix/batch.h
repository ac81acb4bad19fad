/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file batch.h
 * Observations by the batch instead of one by one: a container of whole copies that may be read later, also
 * by another thread.
 *
 *     config.on_observation = synfix_batch_add;
 *     config.observation_user = batch;
 *     ...
 *     synfix_engine_push(engine, packets, count);
 *     for (i = 0; i < synfix_batch_count(batch); i++)
 *         look_at(synfix_batch_at(batch, i));
 *     synfix_batch_clear(batch);
 *
 * All memory is allocated when it is made. A batch belongs to one engine, and to one thread at a time. What
 * it holds does not change when the engine goes on; strings of labels and links live as long as the database,
 * so whoever reads later than the engine may have another one holds a reference (synfix_sigdb_ref).
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

/** Packets give two observations each at most (a SYN, and the uptime that it completes). */
#define SYNFIX_BATCH_PER_PACKET 2u

/** Makes a batch of @p capacity observations (1 to SYNFIX_BATCH_CAPACITY_MAX), owned by the caller. */
SYNFIX_API synfix_status_t synfix_batch_new(size_t capacity, synfix_batch_t **batch,
                                            synfix_error_t *error) SYNFIX_MUST_CHECK;

/** NULL is allowed. */
SYNFIX_API void synfix_batch_free(synfix_batch_t *batch);

/** A synfix_observation_fn: @p batch is a synfix_batch_t. Without room it only counts (synfix_batch_missed).
 * Facts of enrichers (community_id, muon_fingerprint, annotations) are not copied. */
SYNFIX_API void synfix_batch_add(const synfix_observation_t *observation, void *batch);

SYNFIX_API size_t synfix_batch_count(const synfix_batch_t *batch);

/** Number @p index, in the order they came; NULL beyond. Valid until clear or free. */
SYNFIX_API const synfix_observation_t *synfix_batch_at(const synfix_batch_t *batch, size_t index);

/** Observations that found no room since the batch was made. */
SYNFIX_API uint64_t synfix_batch_missed(const synfix_batch_t *batch);

/** Empties it; its memory stays. */
SYNFIX_API void synfix_batch_clear(synfix_batch_t *batch);

#ifdef __cplusplus
}
#endif

#endif
