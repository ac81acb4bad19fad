/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fanout_probe.h
 * Trying out what the kernel of this machine does with a fanout group: frames of connections in every
 * wrapping go through the loopback, addressed to a station that does not exist (so no protocol takes them),
 * to the members of a group of sockets made for it. Sees whether both directions of a connection come to one
 * member.
 */
#ifndef CAPTURE_FANOUT_FANOUT_PROBE_H
#define CAPTURE_FANOUT_FANOUT_PROBE_H

#include "capture/fanout/fanout_group.h"
#include <synfix/status.h>

typedef enum fanout_encapsulation {
    FANOUT_IPV4,
    FANOUT_IPV6,
    FANOUT_VLAN,
    FANOUT_QINQ,
    FANOUT_PPPOE,
    FANOUT_MPLS,
    FANOUT_GRE,
    FANOUT_IP_IN_IP,
    FANOUT_VXLAN,
    FANOUT_GENEVE,
    FANOUT_GTP_U,
    FANOUT_WRAPPINGS
} fanout_encapsulation_t;

/** Connections of each wrapping that are tried. */
#define FANOUT_TRIAL_FLOWS 16u

typedef struct fanout_probe {
    fanout_mode_t mode;             /* as tried: inner or hash */
    unsigned met[FANOUT_WRAPPINGS]; /* connections whose directions met */
} fanout_probe_t;

/** `IPv4`, `VXLAN` and so on. */
const char *fanout_wrapping_name(fanout_encapsulation_t wrapping);

/** Takes some milliseconds. IO or PERMISSION when it can't be tried (no loopback, not allowed). */
synfix_status_t fanout_trial_run(fanout_mode_t mode, fanout_probe_t *trial,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Whether every connection of every wrapping met. */
bool fanout_probe_all(const fanout_probe_t *trial);

#endif
