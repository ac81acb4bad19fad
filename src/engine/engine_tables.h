/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file engine_tables.h
 * Makes an engine for few or many packets, for the pipeline.
 */
#ifndef ENGINE_ENGINE_TABLES_H
#define ENGINE_ENGINE_TABLES_H

#include <stdbool.h>
#include <synfix/engine.h>

/**
 * As synfix_engine_new(). @p few_packets: the kernel maps memory of the tables when it is first used, which
 * makes the start 1 ms faster and costs a page fault for most of the first packets; and the cache of
 * fingerprints has fewer slots. The result is the same.
 */
synfix_status_t engine_new(const synfix_engine_config_t *config, bool few_packets, synfix_engine_t **engine,
                           synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
