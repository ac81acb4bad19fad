/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file engine_points.h
 * Many points at once, for the pipeline.
 */
#ifndef ENGINE_ENGINE_POINTS_H
#define ENGINE_ENGINE_POINTS_H

#include <synfix/engine.h>

/** As synfix_engine_push_point for points[which[0]], points[which[1]] ... in this order, with their hosts
 * fetched ahead. */
void engine_push_points(synfix_engine_t *engine, const synfix_host_point_t *points, const uint16_t *which,
                        size_t count);

#endif
