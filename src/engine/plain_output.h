/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file plain_output.h
 * Observations of plain frames before their headers are decoded, for the pipeline.
 */
#ifndef ENGINE_PLAIN_OUTPUT_H
#define ENGINE_PLAIN_OUTPUT_H

#include <stdbool.h>
#include <synfix/engine.h>
#include <synfix/plain_observation.h>

/**
 * Receives the observations of plain frames, a few at a time, instead of on_observation. False:
 * on_observation shall have them.
 */
typedef bool (*engine_plain_fn)(const synfix_plain_observation_t *const *observations, size_t count,
                                void *user);

/** Calls @p on_plain from now on; NULL: no longer. Between packets. */
void engine_set_on_plain(synfix_engine_t *engine, engine_plain_fn on_plain, void *user);

#endif
