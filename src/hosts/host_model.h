/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_model.h
 * All hosts in memory, bounded, one entry for each address, set of outer tags and role. One thread at a time;
 * threads that share a model hold host_model_lock around their calls. The hash of a key is not secret: an
 * attacker who fills the table only evicts hosts, the oldest of a small sample first.
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
    uint32_t hosts;      /* maximum number of hosts; 0: HOST_MODEL_HOSTS_DEFAULT */
    int64_t lifetime_ns; /* lifetime of a host without observations, in packet time; 0: unlimited */
    bool evidence;       /* score sharing and detect changes; otherwise only merged rows have them */
    bool note_updates;   /* for host_model_updated */
} host_model_config_t;

/**
 * Creates a model; NULL: out of memory. Memory grows with the number of hosts: about 330 bytes each, 1 KiB
 * for each of the busiest eighth.
 */
host_model_t *host_model_new(const host_model_config_t *config);
void host_model_free(host_model_t *model);

/** Keeps other threads from changing the model, for readers that need several calls. Not recursive. */
void host_model_lock(host_model_t *model);
void host_model_unlock(host_model_t *model);

/** Returns the label table, for host_sighting_t.label and .link. Any thread. */
host_labels_t *host_model_labels(host_model_t *model);

/**
 * Adds an observation. Returns true and fills in @p change (may be NULL) if the host changed; the texts are
 * valid as long as the model. If memory for another host is short, the observation is counted as lost.
 */
bool host_model_add(host_model_t *model, const host_sighting_t *sighting, synfix_host_change_t *change);

/** Merges @p row into the host of its key: counts are added, the newer uptime wins. False: out of memory. */
bool host_model_merge(host_model_t *model, const host_row_t *row);

/** Adds a change of a record or an inventory; a known one is skipped. */
void host_model_add_change(host_model_t *model, const host_key_t *key, const host_change_t *change);

/** Receives each host; @p row is valid during the call. False ends the iteration. */
typedef bool (*host_row_fn)(const host_row_t *row, void *user);

/** Iterates over all hosts in no defined order. False: @p each ended the iteration. */
bool host_model_each(host_model_t *model, host_row_fn each, void *user);

/** The key of a host of which host_model_row has a row. Valid until the model changes. */
const host_key_t *host_model_key(const host_model_t *model, uint32_t slot);

/** Reads the row of one host; @p slot is host_row_t.slot of an earlier row. False: the host was evicted. */
bool host_model_row(const host_model_t *model, uint32_t slot, host_row_t *row);

/**
 * Iterates over all hosts (roles, tags) of one address until @p each returns false. Returns the number of
 * calls.
 */
size_t host_model_find(host_model_t *model, const synfix_address_t *address, uint8_t ip_version,
                       host_row_fn each, void *user);

/**
 * With note_updates: returns the hosts that changed since the last call, at most @p limit, and their number.
 */
size_t host_model_updated(host_model_t *model, size_t limit, host_row_fn each, void *user);
/** With note_updates: marks all hosts as changed. */
void host_model_update_all(host_model_t *model);
/** Marks the hosts of the last host_model_updated() as changed again, because they were not saved. */
void host_model_restore_updated(host_model_t *model);

/** Removes hosts older than the lifetime. Not between host_model_updated and host_model_restore_updated. */
void host_model_expire(host_model_t *model);

typedef struct host_model_stats {
    uint64_t hosts;
    uint64_t limit;
    uint64_t observations;
    uint64_t evicted; /* evicted hosts */
    uint64_t expired;
    uint64_t lost;          /* observations without memory for their host */
    uint64_t details_lost;  /* signatures and changes without memory, although their host had room for them */
    uint64_t evidence_lost; /* evidence of sharing that was evicted for another host, or not kept */
    uint64_t changes;
    int64_t first_ns; /* packet times of all observations; 0: none */
    int64_t last_ns;
} host_model_stats_t;
/** Copies the counters. */
void host_model_stats(const host_model_t *model, host_model_stats_t *stats);

#endif
