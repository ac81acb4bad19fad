/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file counters.h
 * Counters of an engine, as a snapshot by value. One list defines field, metric name and help text.
 */
#ifndef SYNFIX_COUNTERS_H
#define SYNFIX_COUNTERS_H

#include <stdint.h>
#include <synfix/export.h>
#include <synfix/verdict.h>

#ifdef __cplusplus
extern "C" {
#endif

/** X(field, help). New counters are appended. packets_received is the sum of verdicts[]. */
#define SYNFIX_ENGINE_COUNTERS(X)                                                                            \
    X(packets_received, "packets passed to the engine")                                                      \
    X(octets_received, "bytes on the wire of these packets")                                                 \
    X(uptime_observations, "uptime observations made")                                                       \
    X(retransmissions, "SYN and SYN+ACK observations that repeat an earlier one")                            \
    X(syn_not_seen, "SYN+ACK observations whose SYN was not seen")                                           \
    X(matched, "observations with a label")                                                                  \
    X(fingerprint_hits, "observations whose signature was cached")                                           \
    X(fingerprint_misses, "signatures that were computed")                                                   \
    X(handshakes_evicted, "handshakes evicted because the table was full")                                   \
    X(handshakes_expired, "handshakes that expired")                                                         \
    X(hosts_evicted, "hosts evicted because the table was full")                                             \
    X(hosts_expired, "hosts that expired")                                                                   \
    X(timestamp_samples, "timestamp values used for uptime")                                                 \
    X(enricher_failures, "failures of enrichers")

/** Counters of one engine; all of them only grow. */
typedef struct {
#define SYNFIX_COUNTER_FIELD(field, help) uint64_t field;
    SYNFIX_ENGINE_COUNTERS(SYNFIX_COUNTER_FIELD)
#undef SYNFIX_COUNTER_FIELD
    uint64_t verdicts[SYNFIX_VERDICT_COUNT];
} synfix_engine_counters_t;

#ifdef __cplusplus
}
#endif

#endif
