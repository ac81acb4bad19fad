/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fanout_program.h
 * The program by which the kernel shares packets between the handles of a group: both directions of the
 * innermost connection go to the same one, also where the kernel's own hash sees only a tunnel's outside.
 */
#ifndef CAPTURE_FANOUT_FANOUT_PROGRAM_H
#define CAPTURE_FANOUT_FANOUT_PROGRAM_H

#include <linux/filter.h>
#include <stdbool.h>

#define FANOUT_PROGRAM_MAX 2048u

/** The packet itself and tunnels that are looked into. */
#define FANOUT_LEVELS 3u

typedef struct fanout_program {
    struct sock_filter steps[FANOUT_PROGRAM_MAX];
    unsigned short count;
} fanout_program_t;

/** @p base is what offsets count from: SKF_NET_OFF for the kernel. False without memory. */
bool fanout_build(fanout_program_t *program, int base);

#endif
