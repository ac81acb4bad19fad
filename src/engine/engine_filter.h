/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file engine_filter.h
 * Changes the filter of an engine, for the pipeline. Without one, most packets need no decoded headers.
 */
#ifndef ENGINE_ENGINE_FILTER_H
#define ENGINE_ENGINE_FILTER_H

#include <synfix/engine.h>

/** The fields filter and filter_user of the configuration from now on. NULL: no filter. Between packets. */
void engine_set_filter(synfix_engine_t *engine, bool (*filter)(const synfix_headers_t *headers, void *user),
                       void *user);

#endif
