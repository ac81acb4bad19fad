/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_change.h
 * A change of a host: its system, its link, a restart, or a first sign that several hosts share its address.
 */
#ifndef SYNFIX_HOST_CHANGE_H
#define SYNFIX_HOST_CHANGE_H

#include <stdint.h>
#include <synfix/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** X(identifier, bit, name, text). The bits are those of the element hostChangeReasons and never change. Bits
 * 0 to 15 are reasons of the sharing score, bits 16 and above are kinds of changes. */
#define SYNFIX_HOST_REASONS(X)                                                                               \
    X(FAMILY, 0, "families", "different operating systems alternate")                                        \
    X(TTL, 1, "initial_ttl", "different initial TTLs alternate")                                             \
    X(LAYOUT, 2, "option_order", "the same TCP options in different orders alternate")                       \
    X(SCALE, 3, "window", "different window scales or window sizes alternate")                               \
    X(DISTANCE, 4, "distance", "different distances alternate")                                              \
    X(MTU, 5, "mtu", "different MTUs alternate")                                                             \
    X(CLOCK, 6, "clocks", "several timestamp clocks run at the same time")                                   \
    X(IP_ID, 7, "ip_ids", "several IP ID counters run at the same time")                                     \
    X(PORTS, 8, "source_ports", "several sequences of source ports run at the same time")                    \
    X(SYSTEM, 16, "system", "the operating system changed")                                                  \
    X(VERSION, 17, "version", "the version of the operating system changed")                                 \
    X(RESTART, 18, "restart", "the host restarted")                                                          \
    X(LINK, 19, "link", "the MTU changed")                                                                   \
    X(SHARED, 20, "shared", "several hosts share the address")

/** Bits of SYNFIX_HOST_REASONS. */
typedef enum synfix_host_reason {
#define SYNFIX_HOST_REASON_ENUM(identifier, bit, name, text) SYNFIX_HOST_##identifier = 1 << bit,
    SYNFIX_HOST_REASONS(SYNFIX_HOST_REASON_ENUM)
#undef SYNFIX_HOST_REASON_ENUM
} synfix_host_reason_t;

/** Reasons of the sharing score. */
#define SYNFIX_HOST_SHARING_REASONS 0xFFFFu

/** Minimum sharing score of an address that several hosts share. */
#define SYNFIX_HOST_SHARED_SCORE 50u

/** A change of a host. */
typedef struct synfix_host_change {
    uint32_t reasons;   /* SYNFIX_HOST_*: at least one of bits 16 and above */
    uint8_t score;      /* sharing score after the change, 0 to 100 */
    const char *before; /* label before the change, `?` for none; never NULL */
    const char *after;  /* label after the change; the same where the system did not change */
} synfix_host_change_t;

#ifdef __cplusplus
}
#endif

#endif
