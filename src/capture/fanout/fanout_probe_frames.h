/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fanout_probe_frames.h
 * Ethernet frames of TCP connections in each encapsulation that a fanout group must look into.
 */
#ifndef CAPTURE_FANOUT_FANOUT_PROBE_FRAMES_H
#define CAPTURE_FANOUT_FANOUT_PROBE_FRAMES_H

#include "capture/fanout/fanout_probe.h"
#include <stddef.h>

#define FANOUT_FRAME_MAX 192u

typedef struct fanout_frame {
    uint8_t bytes[FANOUT_FRAME_MAX];
    size_t length;
} fanout_frame_t;

/** Destination of all frames: a locally administered address without an owner. */
extern const uint8_t fanout_station[6];

/**
 * Builds a frame of connection @p flow (below 256), in the reverse direction if @p back. Outer headers
 * differ by direction as in real tunnels.
 */
void fanout_frame_build(fanout_frame_t *frame, fanout_encapsulation_t encapsulation, unsigned flow,
                        bool back);

/** Appends bytes; each frame has room for 16 additional bytes. */
void fanout_frame_add(fanout_frame_t *frame, const void *bytes, size_t length);

#endif
