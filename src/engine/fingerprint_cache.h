/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fingerprint_cache.h
 * Cache of fingerprints: a fixed number of slots, an index of 16-way sets, eviction by the clock algorithm
 * (second chance). A lookup compares whole keys, never only their hash. A table of hints makes the search of
 * a set unnecessary for most keys that recur.
 */
#ifndef ENGINE_FINGERPRINT_CACHE_H
#define ENGINE_FINGERPRINT_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/observation.h>

#include "base/prefetch.h"
#include "engine/fingerprint_key.h"

#define FINGERPRINT_WAYS 16u

/** One cache line of the index. An entry is a tag (12 high bits of the hash) and the number of a slot (20
 * bits). It may be out of date: the key in the slot decides. */
typedef struct fingerprint_set {
    _Alignas(64) uint32_t entries[FINGERPRINT_WAYS];
} fingerprint_set_t;

/** The part of a slot that a hit reads: two cache lines. */
typedef struct fingerprint_slot {
    _Alignas(64) fingerprint_key_t key;
    uint32_t hash;
    uint32_t flags; /* SYNFIX_FLAG_* that follow from the match */
    bool used;
    bool recent;           /* hit since the hand of the clock algorithm passed */
    uint8_t matched : 1;   /* has a label */
    uint8_t clock : 3;     /* synfix_clock_t of the label */
    uint8_t timestamps_at; /* offset of the timestamps, see fingerprint_key_make */
    synfix_tcp_options_t options;
    uint32_t as_syn;   /* of a SYN: FINGERPRINT_SYN_MSS and FINGERPRINT_SYN_OFFERS */
    uint32_t syn_mask; /* of a SYN+ACK: the parts of the answered SYN that could change the match */
} fingerprint_slot_t;

typedef struct fingerprint_cache {
    fingerprint_set_t *sets;
    uint32_t *hints; /* by hash: a slot that held such a key; checked before the set is searched */
    uint32_t hint_mask;
    fingerprint_slot_t *slots;
    synfix_fingerprint_t *fingerprints;
    uint32_t slot_count; /* power of two */
    uint32_t set_mask;
    uint32_t hand; /* of the clock algorithm: the slot to look at next */
    uint64_t next_stamp;
} fingerprint_cache_t;

/** @p slots is rounded up to a power of two. False: out of memory. */
bool fingerprint_cache_init(fingerprint_cache_t *cache, uint32_t slots);
/** After init: maps the memory as a whole (huge_pages_map). */
void fingerprint_cache_map(fingerprint_cache_t *cache);
void fingerprint_cache_clear(fingerprint_cache_t *cache);

/** Empties all slots; later stamps continue the sequence. */
void fingerprint_cache_forget(fingerprint_cache_t *cache);

/** The slot that holds @p key, or NULL. @p offset: of its timestamps. */
fingerprint_slot_t *fingerprint_cache_find(fingerprint_cache_t *cache, uint32_t hash,
                                           const fingerprint_key_t *key, unsigned offset);

/** The same, for a key that the hinted slot does not hold. */
fingerprint_slot_t *fingerprint_cache_search(fingerprint_cache_t *cache, uint32_t hash,
                                             const fingerprint_key_t *key, unsigned offset);

/** A slot for @p key, with key, hash, slot number and new stamp set; the caller fills in the rest. */
fingerprint_slot_t *fingerprint_cache_take(fingerprint_cache_t *cache, uint32_t hash,
                                           const fingerprint_key_t *key);

static inline synfix_fingerprint_t *fingerprint_cache_contents(fingerprint_cache_t *cache,
                                                               const fingerprint_slot_t *slot)
{
    return &cache->fingerprints[slot - cache->slots];
}

static inline fingerprint_set_t *fingerprint_cache_set(const fingerprint_cache_t *cache, uint32_t hash)
{
    return &cache->sets[hash & cache->set_mask];
}

/** First step before a lookup: prefetches the hint. */
static inline void fingerprint_cache_prefetch(const fingerprint_cache_t *cache, uint32_t hash)
{
    prefetch(&cache->hints[hash & cache->hint_mask]);
}

/** Second step, once the hint is in the cache: prefetches the slot that probably holds the key, and returns
 * its number; any number when no slot holds the key. */
static inline uint32_t fingerprint_cache_prefetch_slot(const fingerprint_cache_t *cache, uint32_t hash)
{
    const uint32_t number = cache->hints[hash & cache->hint_mask];
    const fingerprint_slot_t *slot = &cache->slots[number];
    prefetch(slot);
    prefetch((const char *)slot + CACHE_LINE);
    prefetch(&cache->fingerprints[number]);
    return number;
}

/** Whether @p slot holds @p key now. A slot that is not in use holds zeros, which are no key. */
static inline bool fingerprint_slot_holds(const fingerprint_slot_t *slot, const fingerprint_key_t *key,
                                          unsigned offset)
{
    return fingerprint_key_equal(&slot->key, key, offset);
}

#endif
