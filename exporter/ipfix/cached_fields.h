/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file cached_fields.h
 * The fields of a record that follow from its fingerprint, encoded once for each fingerprint. A worker's
 * encoder has one cache; one thread.
 */
#ifndef EXPORTER_IPFIX_CACHED_FIELDS_H
#define EXPORTER_IPFIX_CACHED_FIELDS_H

#include "base/prefetch.h"
#include "exporter/ipfix/compiled_template.h"
#include "exporter/ipfix/message_encoder.h"
#include <string.h>
#include <synfix/engine.h>

#define COPY_STEP      64u /* bytes of one copy step; the length of the fields may be smaller */
#define PREFETCH_AHEAD 512 /* bytes between a store and the line that is prefetched: some records */
#define COPY_SLACK     64u /* bytes that a copy or a scratch position may overwrite */

_Static_assert(COPY_SLACK >= PACKET_FIELD_SIZE_MAX && COPY_SLACK >= COPY_STEP, "slack is enough for both");

/** One entry of the cache. */
typedef struct cached_fields {
    uint64_t stamp;
    uint32_t slot;
    uint16_t length; /* 0: empty */
    uint16_t cached_id;
    uint8_t bytes[];
} cached_fields_t;

typedef struct fields_cache {
    uint32_t stride;       /* length of one entry */
    uint8_t *entries;      /* SYNFIX_FINGERPRINT_SLOTS_DEFAULT; more slots of an engine share them */
    uint8_t scratch[2048]; /* fields that are too long for an entry: 1852 bytes at most, and COPY_SLACK */
} fields_cache_t;

/** COPY_SLACK bytes after them are readable. */
typedef struct encoded_fields {
    const uint8_t *bytes;
    uint32_t length;
} encoded_fields_t;

/** Makes an empty cache for @p compiled, and numbers their cached fields. False: out of memory. */
bool fields_cache_init(fields_cache_t *cache, compiled_template_t compiled[IPFIX_VARIANTS]);
void fields_cache_clear(fields_cache_t *cache);

/**
 * Encodes the fields of @p observation, or finds them in the cache. Valid until the next call.
 */
encoded_fields_t fields_cache_find(fields_cache_t *cache, const compiled_template_t *compiled,
                                   const synfix_observation_t *observation);

/** The entry for @p fingerprint, which may hold another one. */
static inline cached_fields_t *fields_cache_entry(const fields_cache_t *cache,
                                                  const synfix_fingerprint_t *fingerprint)
{
    const uint32_t index = fingerprint->slot % SYNFIX_FINGERPRINT_SLOTS_DEFAULT;
    return (cached_fields_t *)(void *)(cache->entries + (size_t)index * cache->stride);
}

/** Whether @p entry holds the fields of @p fingerprint in @p compiled. */
static inline bool cached_fields_match(const cached_fields_t *entry, const compiled_template_t *compiled,
                                       const synfix_fingerprint_t *fingerprint)
{
    return entry->stamp == fingerprint->stamp && entry->slot == fingerprint->slot &&
           entry->cached_id == compiled->cached_id;
}

/**
 * Copies fields and returns the byte after them. Both buffers have COPY_SLACK spare bytes. Most fields need
 * one or two steps. The sink thread used the block last, so the block is in another core's cache: each step
 * prefetches the memory of a later record.
 */
static inline uint8_t *cached_fields_copy(uint8_t *to, const uint8_t *from, uint32_t length)
{
    uint8_t *end = to + length;
    do {
        prefetch_to_write(to + PREFETCH_AHEAD);
        memcpy(to, from, COPY_STEP);
        to += COPY_STEP;
        from += COPY_STEP;
    } while (to < end);
    return end;
}

#endif
