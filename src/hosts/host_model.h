/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_model.h
 * All hosts that were seen, one entry for each address, set of outer tags and role: in memory and bounded.
 *
 * One thread at a time; threads that share a model call host_model_lock around their calls. The hash of a key
 * is no secret: an attacker who fills the table only evicts hosts, the oldest of a small sample first.
 */
#ifndef HOSTS_HOST_MODEL_H
#define HOSTS_HOST_MODEL_H

#include "hosts/host_row.h"
#include "hosts/host_sighting.h"

typedef struct host_model host_model_t;

#define HOST_MODEL_HOSTS_DEFAULT 1048576u
#define HOST_MODEL_HOSTS_MIN     64u
#define HOST_MODEL_HOSTS_MAX     16777216u

typedef struct host_model_config {
    uint32_t hosts;      /* at most so many; 0: HOST_MODEL_HOSTS_DEFAULT */
    int64_t lifetime_ns; /* of a host without observations, on packet time; 0: no end */
    bool evidence;       /* sharing and changes are scored; without, only what was merged is known */
    bool note_updates;   /* for host_model_updated */
} host_model_config_t;

/** NULL without memory. Memory grows with the number of hosts: about 300 bytes for each, 1 KiB for each of
 * the busiest eighth. */
host_model_t *host_model_new(const host_model_config_t *config);
void host_model_free(host_model_t *model);

void host_model_lock(host_model_t *model);
void host_model_unlock(host_model_t *model);

/** For host_sighting_t.label and .link. Any thread. */
host_labels_t *host_model_labels(host_model_t *model);

/**
 * Takes an observation. True when the host changed: @p change (may be NULL) says how; its texts live as long
 * as the model. Without memory for another host the observation is counted as lost.
 */
bool host_model_add(host_model_t *model, const host_sighting_t *sighting, synfix_host_change_t *change);

/** host_sighting_read, the numbers of label and link, host_model_add. */
bool host_model_observe(host_model_t *model, const synfix_observation_t *observation,
                        synfix_host_change_t *change);

/** Adds @p row to the host of its key: counts are added, the newer uptime wins. False without memory. */
bool host_model_merge(host_model_t *model, const host_row_t *row);

/** Adds a change of a record or an inventory; a known one is skipped. */
void host_model_add_change(host_model_t *model, const host_key_t *key, const host_change_t *change);

/** Called for each host; @p row is valid during the call. False ends the iteration. */
typedef bool (*host_row_fn)(const host_row_t *row, void *user);

/** All hosts, in no order. False when @p each ended it. */
bool host_model_each(host_model_t *model, host_row_fn each, void *user);

/** The row of one host; @p slot is host_row_t.slot of an earlier row. False when the host is gone. */
bool host_model_row(const host_model_t *model, uint32_t slot, host_row_t *row);

/** All hosts (roles, tags) of one address, until @p each returns false. Number of calls. */
size_t host_model_find(host_model_t *model, const synfix_address_t *address, uint8_t ip_version,
                       host_row_fn each, void *user);

/** With note_updates: hosts with news since the last call, at most @p limit; their number. */
size_t host_model_updated(host_model_t *model, size_t limit, host_row_fn each, void *user);
/** The hosts of the last host_model_updated() have news again: they were not saved. */
void host_model_restore_updated(host_model_t *model);

/** Removes hosts older than the lifetime. Not between host_model_updated and host_model_restore_updated. */
void host_model_expire(host_model_t *model);

typedef struct host_model_stats {
    uint64_t hosts;
    uint64_t limit;
    uint64_t observations;
    uint64_t evicted; /* hosts that made room for others */
    uint64_t expired;
    uint64_t lost; /* observations without memory for their host */
    uint64_t changes;
    int64_t first_ns; /* packet times of all observations; 0: none */
    int64_t last_ns;
} host_model_stats_t;
void host_model_stats(const host_model_t *model, host_model_stats_t *stats);

#endif
