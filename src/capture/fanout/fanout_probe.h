/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fanout_probe.h
 * Tests the fanout of the running kernel: frames of connections in each encapsulation pass over the
 * loopback into a group of sockets. Their destination address does not exist, so no protocol processes
 * them. The result states whether both directions of each connection reached the same socket.
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
    FANOUT_ENCAPSULATIONS
} fanout_encapsulation_t;

/** Connections tested in each encapsulation. */
#define FANOUT_PROBE_FLOWS 16u

typedef struct fanout_probe {
    fanout_mode_t mode;                          /* mode under test: inner or hash */
    unsigned same_socket[FANOUT_ENCAPSULATIONS]; /* connections whose directions reached the same socket */
} fanout_probe_t;

/** Name of an encapsulation (`IPv4`, `VXLAN`); never NULL. */
const char *fanout_encapsulation_name(fanout_encapsulation_t encapsulation);

/**
 * Runs the test; takes some milliseconds. SYNFIX_IO, SYNFIX_PERMISSION: the test is not possible (no
 * loopback, no privileges).
 */
synfix_status_t fanout_probe_run(fanout_mode_t mode, fanout_probe_t *probe,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

/** True if both directions of all connections reached the same socket. */
bool fanout_probe_all(const fanout_probe_t *probe);

#endif
