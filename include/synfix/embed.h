/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file embed.h
 * Helpers for programs that capture packets themselves and pass them to an engine (engine.h): link types of
 * libpcap handles, a database in one call, and host clocks that several engines share.
 */
#ifndef SYNFIX_EMBED_H
#define SYNFIX_EMBED_H

#include <stddef.h>
#include <stdint.h>
#include <synfix/engine.h>
#include <synfix/export.h>
#include <synfix/sigdb.h>
#include <synfix/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * LINKTYPE_ number for the DLT_ number that pcap_datalink returns on this platform, for example 101 for
 * DLT_RAW (12 or 14). Any thread.
 */
SYNFIX_API uint32_t synfix_link_type_from_dlt(int dlt);

/**
 * Loads @p count files (the first file wins), sets the minimum quality (0 to 100) and builds the index. The
 * caller owns the reference in @p sigdb. Errors as synfix_sigdb_load. Any thread.
 */
SYNFIX_API synfix_status_t synfix_sigdb_open(const char *const *paths, size_t count, uint8_t min_quality,
                                             synfix_sigdb_t **sigdb, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Clocks of hosts for several engines, one for each thread of the program. An uptime needs the timestamps of
 * all connections of a host, but the threads of a program see only their own connections. Each engine passes
 * its timestamp samples here (synfix_engine_config_t.on_timestamp_sample). The samples are put in order
 * before they are used, so the uptimes do not depend on the speed of the threads.
 *
 * The order is that of the packet numbers, or of the packet times where packets have no common number. A
 * sample waits until a sample arrives that is @p window further on. A program whose threads work on at most N
 * packets at a time sets the window to N.
 */
typedef struct synfix_shared_clocks synfix_shared_clocks_t;

typedef enum synfix_sample_order {
    SYNFIX_SAMPLE_ORDER_NUMBER = 0, /* synfix_packet_t.number; the window counts packets */
    SYNFIX_SAMPLE_ORDER_TIME = 1,   /* synfix_packet_t.time_ns; the window counts nanoseconds */
} synfix_sample_order_t;

/** Samples that wait at most; more release the oldest one early. */
#define SYNFIX_SHARED_CLOCKS_WAITING_MAX 65536u

/**
 * Creates the clocks of at most @p hosts hosts (SYNFIX_HOSTS_MIN to SYNFIX_HOSTS_MAX). The caller frees them.
 * SYNFIX_INVALID, SYNFIX_NO_MEMORY.
 */
SYNFIX_API synfix_status_t synfix_shared_clocks_new(uint32_t hosts, synfix_sample_order_t order,
                                                    uint64_t window, synfix_shared_clocks_t **clocks,
                                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Adds a sample. Uptimes that are complete now are delivered to @p on_observation in the calling thread;
 * their user pointer is that of the packet that completed them, which may come from another thread. The
 * callback must not call functions of @p clocks. Any thread.
 */
SYNFIX_API void synfix_shared_clocks_add(synfix_shared_clocks_t *clocks,
                                         const synfix_timestamp_sample_t *sample,
                                         synfix_observation_fn on_observation, void *user);

/**
 * Uses all samples up to @p position (packet number or time, without the window). A program calls it when
 * time passes without samples, and with INT64_MAX at the end. Any thread.
 */
SYNFIX_API void synfix_shared_clocks_advance(synfix_shared_clocks_t *clocks, int64_t position,
                                             synfix_observation_fn on_observation, void *user);

/**
 * Copies the counters of the table of hosts: hosts_evicted, hosts_expired and uptime_observations, which the
 * engines that deliver samples do not count. All others are 0. Any thread.
 */
SYNFIX_API void synfix_shared_clocks_counters(synfix_shared_clocks_t *clocks,
                                              synfix_engine_counters_t *counters);

/** Frees the clocks; waiting samples are dropped. @p clocks may be NULL. No other thread may use them. */
SYNFIX_API void synfix_shared_clocks_free(synfix_shared_clocks_t *clocks);

#ifdef __cplusplus
}
#endif

#endif
