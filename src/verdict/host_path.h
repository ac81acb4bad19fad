/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_path.h
 * Comparison of the IP TTLs of both roles of an address. SYNs and SYN+ACKs of one system have one initial TTL
 * and cross the same number of routers. Address translation, a forwarded port or a load balancer puts two
 * systems behind one address.
 */
#ifndef VERDICT_HOST_PATH_H
#define VERDICT_HOST_PATH_H

#include <stdint.h>

typedef struct host_path {
    uint8_t initial_ttl; /* 0: not known */
    uint8_t distance;    /* routers */
} host_path_t;

/** Below this probability one role is no evidence about the other one. */
#define HOST_ONE_SYSTEM_LEAST 0.5

/** Returns the probability, 0 to 1, that @p own and @p other are roles of one system. */
double host_path_one_system(host_path_t own, host_path_t other);

#endif
