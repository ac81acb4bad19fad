/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fanout_program.h
 * The program by which the kernel distributes packets among the members of a group: both directions of the
 * innermost connection reach the same member, even where the kernel's hash sees only the outer header of a
 * tunnel.
 */
#ifndef CAPTURE_FANOUT_FANOUT_PROGRAM_H
#define CAPTURE_FANOUT_FANOUT_PROGRAM_H

#include <linux/filter.h>
#include <stdbool.h>

#define FANOUT_PROGRAM_MAX 2048u

/** IP headers to inspect: the outer packet and nested tunnels. */
#define FANOUT_MAX_IP_HEADERS 3u

typedef struct fanout_program {
    struct sock_filter steps[FANOUT_PROGRAM_MAX];
    unsigned short count;
} fanout_program_t;

/**
 * Builds the program. Offsets are relative to @p base: SKF_NET_OFF for the kernel. False: out of memory.
 */
bool fanout_build(fanout_program_t *program, int base);

#endif
