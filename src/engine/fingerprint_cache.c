/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "engine/fingerprint_cache.h"

#include <string.h>
#include <synfix/engine.h>

#include "base/huge_pages.h"
#include "base/simd.h"

#define SLOT_BITS 20u
#define SLOT_MASK ((1u << SLOT_BITS) - 1)

#define HINTS_PER_SLOT 16u /* with four, one of seven keys shared its hint, in a half-full cache */

_Static_assert(SYNFIX_FINGERPRINT_SLOTS_MAX <= 1u << SLOT_BITS, "slot numbers fit in the index");
_Static_assert(sizeof(fingerprint_slot_t) == 128, "two cache lines a slot");

/* The low bits of the hash select the set, so the tag consists of the high ones. */
static uint32_t entry_of(uint32_t hash, uint32_t slot)
{
    return (hash & ~SLOT_MASK) | slot;
}

bool fingerprint_cache_init(fingerprint_cache_t *cache, uint32_t slots)
{
    uint32_t count = SYNFIX_FINGERPRINT_SLOTS_MIN;
    while (count < slots) {
        count *= 2;
    }
    const uint32_t sets = count / (FINGERPRINT_WAYS / 2); /* half full at most */
    *cache = (fingerprint_cache_t){
        .slot_count = count, .set_mask = sets - 1, .hint_mask = HINTS_PER_SLOT * count - 1, .next_stamp = 1};
    cache->sets = huge_pages_new(sets * sizeof *cache->sets);
    cache->hints = huge_pages_new((cache->hint_mask + (size_t)1) * sizeof *cache->hints);
    cache->slots = huge_pages_new(count * sizeof *cache->slots);
    cache->fingerprints = huge_pages_new_lazy(count * sizeof *cache->fingerprints);
    if (cache->sets == NULL || cache->hints == NULL || cache->slots == NULL || cache->fingerprints == NULL) {
        fingerprint_cache_clear(cache);
        return false;
    }
    return true;
}

void fingerprint_cache_map(fingerprint_cache_t *cache)
{
    huge_pages_map(cache->sets);
    huge_pages_map(cache->hints);
    huge_pages_map(cache->slots);
}

void fingerprint_cache_clear(fingerprint_cache_t *cache)
{
    huge_pages_free(cache->sets);
    huge_pages_free(cache->hints);
    huge_pages_free(cache->slots);
    huge_pages_free(cache->fingerprints);
    *cache = (fingerprint_cache_t){0};
}

void fingerprint_cache_forget(fingerprint_cache_t *cache)
{
    /* An index entry is valid only when its slot agrees, so unused slots make all entries invalid. */
    memset(cache->sets, 0, (cache->set_mask + 1) * sizeof *cache->sets);
    for (uint32_t i = 0; i < cache->slot_count; i++) {
        cache->slots[i].used = false;
        cache->slots[i].key = (fingerprint_key_t){{0}};
    }
    cache->hand = 0;
}

/* Bit i is set when entry i has the tag of @p wanted. */
static uint32_t same_tag(const fingerprint_set_t *set, uint32_t wanted)
{
#ifdef __SSE2__
    const __m128i tag = _mm_set1_epi32((int32_t)(wanted & ~SLOT_MASK));
    const __m128i mask = _mm_set1_epi32((int32_t)~SLOT_MASK);
    __m128i same[4];
    for (unsigned i = 0; i < 4; i++) {
        same[i] = _mm_cmpeq_epi32(_mm_and_si128(simd_load(set->entries + 4 * i), mask), tag);
    }
    return (uint32_t)_mm_movemask_epi8(
        _mm_packs_epi16(_mm_packs_epi32(same[0], same[1]), _mm_packs_epi32(same[2], same[3])));
#else
    uint32_t same = 0;
    for (unsigned i = 0; i < FINGERPRINT_WAYS; i++) {
        same |= (uint32_t)(((set->entries[i] ^ wanted) & ~SLOT_MASK) == 0) << i;
    }
    return same;
#endif
}

fingerprint_slot_t *fingerprint_cache_search(fingerprint_cache_t *cache, uint32_t hash,
                                             const fingerprint_key_t *key, unsigned offset)
{
    const fingerprint_set_t *set = fingerprint_cache_set(cache, hash);
    for (uint32_t left = same_tag(set, entry_of(hash, 0)); left != 0; left &= left - 1) {
        const uint32_t entry = set->entries[__builtin_ctz(left)];
        fingerprint_slot_t *slot = &cache->slots[entry & SLOT_MASK];
        if (fingerprint_slot_holds(slot, key, offset)) {
            slot->recent = true;
            cache->hints[hash & cache->hint_mask] = entry & SLOT_MASK;
            return slot;
        }
    }
    return NULL;
}

fingerprint_slot_t *fingerprint_cache_find(fingerprint_cache_t *cache, uint32_t hash,
                                           const fingerprint_key_t *key, unsigned offset)
{
    fingerprint_slot_t *hinted = &cache->slots[cache->hints[hash & cache->hint_mask]];
    if (fingerprint_slot_holds(hinted, key, offset)) {
        hinted->recent = true;
        return hinted;
    }
    return fingerprint_cache_search(cache, hash, key, offset);
}

/* An entry is stale when its slot holds a key of another set. */
static bool entry_is_live(const fingerprint_cache_t *cache, uint32_t entry, uint32_t set)
{
    const fingerprint_slot_t *slot = &cache->slots[entry & SLOT_MASK];
    return slot->used && (slot->hash & cache->set_mask) == set &&
           entry == entry_of(slot->hash, entry & SLOT_MASK);
}

static uint32_t next_victim(fingerprint_cache_t *cache)
{
    for (;;) {
        const uint32_t at = cache->hand;
        cache->hand = (at + 1) & (cache->slot_count - 1);
        fingerprint_slot_t *slot = &cache->slots[at];
        if (!slot->used || !slot->recent) {
            return at;
        }
        slot->recent = false;
    }
}

fingerprint_slot_t *fingerprint_cache_take(fingerprint_cache_t *cache, uint32_t hash,
                                           const fingerprint_key_t *key)
{
    fingerprint_set_t *set = fingerprint_cache_set(cache, hash);
    unsigned way = 0;
    while (way < FINGERPRINT_WAYS && entry_is_live(cache, set->entries[way], hash & cache->set_mask)) {
        way++;
    }
    uint32_t number;
    if (way < FINGERPRINT_WAYS) {
        number = next_victim(cache);
    } else {
        way = (unsigned)(cache->next_stamp % FINGERPRINT_WAYS); /* a full set overwrites one of its entries */
        number = set->entries[way] & SLOT_MASK;
    }
    set->entries[way] = entry_of(hash, number);
    cache->hints[hash & cache->hint_mask] = number;
    fingerprint_slot_t *slot = &cache->slots[number];
    slot->key = *key;
    slot->hash = hash;
    slot->used = true;
    slot->recent = false;
    cache->fingerprints[number].slot = number;
    cache->fingerprints[number].stamp = cache->next_stamp++;
    return slot;
}
