/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fanout_group.h
 * Joins packet sockets (AF_PACKET) in a fanout group. The kernel delivers each packet to one member.
 */
#ifndef CAPTURE_FANOUT_FANOUT_GROUP_H
#define CAPTURE_FANOUT_FANOUT_GROUP_H

#include <stdbool.h>
#include <stdint.h>

typedef enum fanout_mode {
    FANOUT_AUTO,  /* inner if the kernel supports programs, else hash */
    FANOUT_INNER, /* the program of fanout_program.h */
    FANOUT_HASH,  /* the kernel's flow hash */
} fanout_mode_t;

/** A group. Initialise with zeros and a mode. */
typedef struct fanout_group {
    fanout_mode_t mode; /* the mode in use after the first member joined */
    uint16_t id;        /* chosen by the kernel: unique in the system */
    bool made;
} fanout_group_t;

/** Parses a mode: auto, inner, hash. False for any other name. */
bool fanout_mode_of(const char *name, fanout_mode_t *mode);

/**
 * Adds a socket. The first socket creates the group and becomes member 0, later ones become members 1, 2
 * and so on. All sockets of a group belong to one interface. Returns 0, or -1 with errno.
 */
int fanout_group_join(fanout_group_t *group, int descriptor);

#endif
