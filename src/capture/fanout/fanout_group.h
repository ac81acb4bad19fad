/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fanout_group.h
 * Joining packet sockets (AF_PACKET) in a fanout group of the kernel, which hands each packet to one of them.
 */
#ifndef CAPTURE_FANOUT_FANOUT_GROUP_H
#define CAPTURE_FANOUT_FANOUT_GROUP_H

#include <stdbool.h>
#include <stdint.h>

typedef enum fanout_mode {
    FANOUT_AUTO,  /* inner where the kernel takes a program, else hash */
    FANOUT_INNER, /* the program of fanout.h */
    FANOUT_HASH,  /* the kernel's own */
} fanout_mode_t;

/** Start with zeros and a mode. */
typedef struct fanout_group {
    fanout_mode_t mode; /* what it became, once the first one has joined */
    uint16_t id;        /* given by the kernel: no other process can have it */
    bool made;
} fanout_group_t;

/** Mode by its name: auto, inner, hash. False for any other. */
bool fanout_mode_of(const char *name, fanout_mode_t *mode);

/**
 * The first descriptor makes the group, later ones become its members 1, 2 and so on. Both a descriptor and
 * its group belong to one interface. 0, or -1 with errno.
 */
int fanout_group_join(fanout_group_t *group, int descriptor);

#endif
