/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_path.h
 * What the IP TTLs of the two roles of an address say about each other. One system sends SYNs and SYN+ACKs
 * with one initial TTL, over one number of routers. Address translation, a port that is passed on and a load
 * balancer put two systems behind one address.
 */
#ifndef VERDICT_HOST_PATH_H
#define VERDICT_HOST_PATH_H

#include <stdint.h>

typedef struct host_path {
    uint8_t initial_ttl; /* 0: not known */
    uint8_t distance;    /* hops */
} host_path_t;

/** Below this probability one role says nothing about the other one. */
#define HOST_ONE_SYSTEM_LEAST 0.5

/** Returns the probability, 0 to 1, that @p own and @p other are roles of one system. */
double host_path_one_system(host_path_t own, host_path_t other);

#endif
