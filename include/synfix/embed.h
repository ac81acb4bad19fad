/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file embed.h
 * Helpers for programs that capture packets themselves and pass them to an engine (engine.h): link types of
 * libpcap handles, VLAN tags that are not in the frame, a database in one call, and host clocks that several
 * engines share.
 */
#ifndef SYNFIX_EMBED_H
#define SYNFIX_EMBED_H

#include <stddef.h>
#include <stdint.h>
#include <synfix/engine.h>
#include <synfix/export.h>
#include <synfix/headers.h>
#include <synfix/sigdb.h>
#include <synfix/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * LINKTYPE_ number of a link type of libpcap: capture files and libpcap's functions use different numbers for
 * the same link type. Any thread.
 * @param dlt  DLT_ number, as pcap_datalink returns it on this platform
 * @return for example 101 for DLT_RAW (12 or 14); the same number where both are equal
 */
SYNFIX_API uint32_t synfix_link_type_from_dlt(int dlt);

/**
 * Adds VLAN tags that were removed from the frame. Network cards and AF_PACKET remove the outermost tag and
 * deliver its id separately. Call this function between synfix_decode() and synfix_engine_push_headers(). Any
 * thread.
 * @param headers  of the frame; unchanged if the frame has all tags, or if its outermost tag contradicts @p
 * ids
 * @param ids      ids of all tags of the frame as it was on the wire, the outermost first; 0 to 4095
 * @param count    number of ids, 0 to 255
 */
SYNFIX_API void synfix_add_removed_vlans(synfix_headers_t *headers, const uint16_t *ids, size_t count);

/**
 * Loads files into a finished database. Any thread.
 * @param paths        files; an entry of the first file wins; not needed after the call
 * @param count        number of files; 0: an empty database
 * @param min_quality  minimum quality in percent, 0 to 100: synfix_sigdb_set_min_quality()
 * @param sigdb        on success a reference that the caller owns: synfix_sigdb_unref(); unchanged after a
 *                     failure
 * @param error        receives the reason of a failure; NULL: no reason is wanted
 * @return SYNFIX_OK; as synfix_sigdb_load(); SYNFIX_INVALID: @p min_quality is above 100; SYNFIX_NO_MEMORY
 */
SYNFIX_API synfix_status_t synfix_sigdb_open(const char *const *paths, size_t count, uint8_t min_quality,
                                             synfix_sigdb_t **sigdb, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Clocks of hosts for several engines, one for each thread of the program. An uptime needs the timestamps of
 * all connections of a host, but the threads of a program see only their own connections. Each engine passes
 * its timestamp samples here (synfix_engine_config_t.on_timestamp_sample). The samples are sorted before use,
 * so the uptimes do not depend on the speed of the threads.
 *
 * The order is that of the packet numbers, or of the packet times where packets have no common number. A
 * sample waits until a sample arrives that is @p window later. The window is thus the maximum distance
 * between the slowest and the fastest thread. The number of packets in the program is no bound for this
 * distance: while one thread pauses, the others continue. A program that reads files takes a large window,
 * for example SYNFIX_SHARED_CLOCKS_WAITING_MAX packets.
 */
typedef struct synfix_shared_clocks synfix_shared_clocks_t;

/** Key by which samples are ordered. */
typedef enum synfix_sample_order {
    SYNFIX_SAMPLE_ORDER_NUMBER = 0, /* synfix_packet_t.number; the window counts packets */
    SYNFIX_SAMPLE_ORDER_TIME = 1,   /* synfix_packet_t.time_ns; the window counts nanoseconds */
} synfix_sample_order_t;

/** Maximum number of waiting samples. A further sample releases the oldest sample early. */
#define SYNFIX_SHARED_CLOCKS_WAITING_MAX 65536u

/**
 * Creates shared clocks. Any thread.
 * @param hosts   maximum number of hosts, SYNFIX_HOSTS_MIN to SYNFIX_HOSTS_MAX
 * @param order   order of the samples; decides the unit of the window
 * @param window  packets or nanoseconds, 0 to INT64_MAX
 * @param clocks  on success owned by the caller: synfix_shared_clocks_free(); unchanged after a failure
 * @param error   receives the reason of a failure; NULL: no reason is wanted
 * @return SYNFIX_OK; SYNFIX_INVALID: a value is out of range; SYNFIX_NO_MEMORY
 */
SYNFIX_API synfix_status_t synfix_shared_clocks_new(uint32_t hosts, synfix_sample_order_t order,
                                                    uint64_t window, synfix_shared_clocks_t **clocks,
                                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Adds a sample, and delivers the uptimes that are complete now. Any thread.
 * @param clocks          not NULL
 * @param sample          copied
 * @param on_observation  receives each uptime in the calling thread; the user pointer of the observation is
 *                        that of the packet that completed the uptime, which may come from another thread;
 *                        must not call functions of @p clocks
 * @param user            passed to @p on_observation
 */
SYNFIX_API void synfix_shared_clocks_add(synfix_shared_clocks_t *clocks,
                                         const synfix_timestamp_sample_t *sample,
                                         synfix_observation_fn on_observation, void *user);

/**
 * Uses all samples up to a position, without the window. A program calls it when time passes without samples,
 * and at the end. Any thread.
 * @param clocks          not NULL
 * @param position        packet number, or time in nanoseconds; INT64_MAX: all samples
 * @param on_observation  as for synfix_shared_clocks_add()
 * @param user            passed to @p on_observation
 */
SYNFIX_API void synfix_shared_clocks_advance(synfix_shared_clocks_t *clocks, int64_t position,
                                             synfix_observation_fn on_observation, void *user);

/**
 * Copies the counters of the table of hosts: hosts_evicted, hosts_expired and uptime_observations, which the
 * engines that deliver samples do not count. All others are 0. Any thread.
 * @param clocks    not NULL
 * @param counters  owned by the caller, all fields are set
 */
SYNFIX_API void synfix_shared_clocks_counters(synfix_shared_clocks_t *clocks,
                                              synfix_engine_counters_t *counters);

/**
 * Frees the clocks; waiting samples are dropped. No other thread may use them.
 * @param clocks  NULL is allowed
 */
SYNFIX_API void synfix_shared_clocks_free(synfix_shared_clocks_t *clocks);

#ifdef __cplusplus
}
#endif

#endif
