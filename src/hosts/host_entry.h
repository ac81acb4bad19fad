/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_entry.h
 * One host in the model. Private to the files of the model.
 */
#ifndef HOSTS_HOST_ENTRY_H
#define HOSTS_HOST_ENTRY_H

#include "hosts/host_behaviour.h"
#include "hosts/host_evidence.h"
#include "hosts/host_model.h"
#include "hosts/slot_pool.h"
#include <pthread.h>

#define ENTRY_LABELS 6u

/** A signature of a host. */
typedef struct entry_signature {
    synfix_signature_t signature;
    uint32_t label;
    uint32_t count;
    uint32_t link;
    uint32_t next; /* slot of the next one; 0 none */
    int64_t last_ns;
    uint16_t link_mtu;
    uint8_t match_kind;
    uint8_t quality;
    uint8_t distance;
    uint8_t initial_ttl;
    bool random_ttl;
} entry_signature_t;

typedef struct entry_change {
    int64_t time_ns;
    uint32_t reasons;
    uint32_t before;
    uint32_t after;
    uint32_t next; /* slot of the next older one */
    uint8_t score;
} entry_change_t;

typedef struct host_entry {
    host_key_t key; /* role 0: the slot is free */
    uint32_t hash;
    int64_t first_ns;
    int64_t last_ns;
    uint64_t observations;
    entry_signature_t signature; /* count 0: none */
    uint32_t signature_slots;    /* more of them */
    uint32_t evidence;           /* slot; 0 none */
    uint32_t changes;            /* slot of the newest; 0 none */
    uint32_t changes_seen;
    uint32_t labels[ENTRY_LABELS];
    uint32_t label_counts[ENTRY_LABELS]; /* 0: free */
    uint8_t label_quality[ENTRY_LABELS];
    uint8_t label_version_quality[ENTRY_LABELS];
    uint8_t signature_count;
    uint8_t change_count;
    uint32_t next_address; /* next entry whose address may be equal; 0: none */
    uint32_t previous_address;
    uint32_t next_updated; /* slot; 0 the last one */
    bool updated;          /* in the list of updates */
    uint8_t score;
    uint16_t kept_reasons; /* changes of an inventory, without their evidence */
    uint16_t reasons;
    /* current label and MTU, and their candidates */
    uint8_t pending_count;
    uint8_t pending_mtu_count;
    uint16_t mtu;
    uint16_t pending_mtu;
    uint32_t verdict;
    uint32_t pending;
    uint8_t distance; /* of the newest observation */
    uint8_t initial_ttl;
    bool random_ttl;
    bool mtu_repeated; /* the MTU is of a repeated SYN: the next SYN that is none has a better one */
    uint32_t link;
    host_uptime_t uptime;
    host_behaviour_t behaviour;
} host_entry_t;

struct host_model {
    host_model_config_t config;
    pthread_mutex_t mutex;
    host_labels_t *labels;
    slot_pool_t entries;
    slot_pool_t signatures;
    slot_pool_t changes;
    slot_pool_t evidence;
    uint32_t *index;         /* host_index.h */
    uint32_t *address_index; /* of the same size */
    uint32_t index_mask;
    uint32_t hand; /* of eviction */
    uint32_t evidence_hand;
    uint32_t *evidence_owners; /* entries by evidence slot - 1 */
    uint32_t first_updated;
    uint32_t last_updated;
    uint32_t passed_first; /* list for host_model_updated() */
    uint32_t passed_last;
    host_model_stats_t stats;
};

static inline host_entry_t *entry_at(const host_model_t *model, uint32_t slot)
{
    return slot_at(&model->entries, slot);
}

/** Returns the evidence of a host, created if there is space; NULL: none. */
host_evidence_t *entry_evidence(host_model_t *model, host_entry_t *entry, uint32_t slot);

/** Returns the entry of @p key, created if missing; 0: out of memory. */
uint32_t model_get(host_model_t *model, const host_key_t *key, int64_t time_ns);
void model_note_update(host_model_t *model, uint32_t slot);

/** Counts a label of a host; evicts the rarest label. */
void entry_count_label(host_entry_t *entry, uint32_t label, uint32_t count, uint8_t quality,
                       uint8_t version_quality);
/** Counts the signature @p wanted and updates its properties; evicts the rarest signature. */
void entry_count_signature(host_model_t *model, host_entry_t *entry, const entry_signature_t *wanted);
/** Releases signatures, changes and evidence of an entry. */
void entry_clear(host_model_t *model, host_entry_t *entry);
void entry_add_change(host_model_t *model, host_entry_t *entry, const entry_change_t *change);

/** Records a change that @p sighting shows; returns true and @p change if the host changed. */
bool entry_detect(host_model_t *model, host_entry_t *entry, uint32_t slot, const host_sighting_t *sighting,
                  synfix_host_change_t *change);

/** Row of an entry. */
void entry_row(const host_model_t *model, const host_entry_t *entry, host_row_t *row);

#endif
