/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fanout_probe_frames.h
 * Ethernet frames of TCP connections in every wrapping that a fanout group must look into.
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

/** Where all frames go: a locally administered address that nobody has. */
extern const uint8_t fanout_station[6];

/**
 * Connection @p flow (below 256), in one direction or @p back. Outer headers differ by direction where those
 * of a real tunnel do.
 */
void fanout_frame_build(fanout_frame_t *frame, fanout_encapsulation_t wrapping, unsigned flow, bool back);

/** Appends bytes; frames have room for 16 more than is built. */
void fanout_frame_add(fanout_frame_t *frame, const void *bytes, size_t length);

#endif
