/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/record_observation/record_fingerprints.h"
#include "base/hash_mix.h"
#include "exporter/record_observation/record_fingerprint_make.h"
#include <glib.h>
#include <string.h>

#define SLOTS      16384u /* a power of two; about 20 MB when all are used */
#define WAYS       4u     /* ways of a key */
#define KEY_MAX    512u   /* longer ones are created again each time */
#define LINE       64u    /* bytes that memory delivers together */
#define KEY_LIKELY 192u   /* bytes of most keys */

#define LANE_FACTOR UINT64_C(0x9E3779B97F4A7C15)

/* Flags of the observation that follow from the match. */
#define MATCH_FLAGS                                                                                          \
    ((uint32_t)SYNFIX_FLAG_TOOL | (uint32_t)SYNFIX_FLAG_RANDOM_TTL | (uint32_t)SYNFIX_FLAG_EXCESS_DISTANCE)

typedef struct fingerprint_entry {
    uint64_t table;
    uint32_t flags;
    uint32_t key_length;
    uint8_t key[KEY_MAX];
    record_fingerprint_t made;
} fingerprint_entry_t;

typedef struct key_view {
    const uint8_t *data;
    uint32_t length; /* 0: the record has no key; of a record whose values were not found: bytes after data */
    uint32_t
        hashed; /* bytes that the hash covers: numbers and signature, from which the rest mostly follows */
    bool open;  /* the key may end before `length` */
    uint32_t flags;
    uint64_t table;
} key_view_t;

typedef struct cache_way {
    uint32_t tag;  /* part of the hash of the entry's key; 0: none */
    uint32_t slot; /* of the entry, plus 1; 0: the way was never used */
} cache_way_t;

struct record_fingerprints {
    record_labels_t *labels;
    uint64_t stamp;
    uint32_t used; /* entries with a way */
    cache_way_t ways[SLOTS];
    fingerprint_entry_t entries[SLOTS + 1]; /* in the order of their first use, so that few pages are touched;
                                   the last one is of records without a key */
};

record_fingerprints_t *record_fingerprints_new(record_labels_t *labels)
{
    record_fingerprints_t *const all = g_new0(record_fingerprints_t, 1);
    all->labels = labels;
    return all;
}

void record_fingerprints_free(record_fingerprints_t *all)
{
    g_free(all);
}

static inline uint32_t hashed_length(const record_table_t *table, const key_view_t *key)
{
    const uint32_t fixed = table->key_fixed;
    if (fixed == 0 || key->length <= fixed || key->data[fixed] == UINT8_MAX) {
        return key->length;
    }
    return MIN(fixed + 1 + key->data[fixed], key->length);
}

static inline key_view_t key_of(const record_table_t *table, const ipfix_decoder_record_t *record,
                                uint32_t flags)
{
    key_view_t key = {.table = table->number, .flags = flags & MATCH_FLAGS};
    if (table->key_last > table->key_first) {
        const ipfix_decoder_value_t last = ipfix_decoder_value(record, table->key_last - 1);
        key.data = ipfix_decoder_value(record, table->key_first).data;
        key.length = (uint32_t)(last.data + last.length - key.data);
    }
    key.length = key.length <= KEY_MAX ? key.length : 0;
    key.hashed = hashed_length(table, &key);
    return key;
}

/* A word enters a lane without loss: both steps can be undone. */
static inline uint64_t lane_add(uint64_t lane, const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return (lane ^ word) * LANE_FACTOR;
}

static inline uint64_t key_hash(const key_view_t *key)
{
    uint64_t one = key->table;
    uint64_t other = (uint64_t)key->hashed << 32 | key->flags;
    const uint8_t *at = key->data;
    const uint8_t *const end = at + key->hashed;
    if (key->hashed < 16) {
        for (; at < end; at++) {
            one = (one ^ *at) * LANE_FACTOR;
        }
        return hash_mix(one, other);
    }
#pragma GCC unroll 4
    for (; at < end - 16; at += 16) { /* independent products */
        one = lane_add(one, at);
        other = lane_add(other, at + 8);
    }
    return hash_mix(lane_add(one, end - 16), lane_add(other, end - 8));
}

static uint32_t tag_of(uint64_t hash)
{
    return (uint32_t)(hash >> 32) | 1;
}

/* A key contains the lengths of its texts. So an open key, whose end is not known, equals the key of an entry
 * if it begins with the same bytes. */
static inline bool has_key(const fingerprint_entry_t *entry, const key_view_t *key)
{
    const bool length = key->open ? entry->key_length <= key->length : entry->key_length == key->length;
    return length && entry->table == key->table && entry->flags == key->flags &&
           memcmp(entry->key, key->data, entry->key_length) == 0;
}

/* Prefetches the cache lines of an entry that each use reads, but not its texts: users keep the text that
 * they write of a fingerprint. */
static inline void prefetch(const fingerprint_entry_t *entry, uint32_t key_length)
{
    const char *const key = (const char *)entry;
    const char *const made = (const char *)&entry->made;
    const char *const options = (const char *)&entry->made.options;
    for (size_t at = 0; at < offsetof(fingerprint_entry_t, key) + key_length; at += LINE) {
        __builtin_prefetch(key + at);
    }
#pragma GCC unroll 32
    for (size_t at = 0; at < offsetof(synfix_fingerprint_t, text); at += LINE) {
        __builtin_prefetch(made + at);
    }
    __builtin_prefetch(options);
    __builtin_prefetch(options + sizeof entry->made.options);
}

/* The entry of @p key; NULL: it has none. */
static inline const fingerprint_entry_t *find(const record_fingerprints_t *all, const key_view_t *key,
                                              uint64_t hash)
{
    const cache_way_t *way = &all->ways[hash & (SLOTS - WAYS)];
    const uint32_t tag = tag_of(hash);
    for (unsigned i = 0; i < WAYS; i++, way++) {
        if (way->tag == tag) {
            const fingerprint_entry_t *entry = &all->entries[way->slot - 1];
            prefetch(entry, key->open ? KEY_LIKELY : key->length);
            if (has_key(entry, key)) {
                return entry;
            }
        }
    }
    return NULL;
}

/* An empty way for @p hash, or that of another key, in turn. */
static cache_way_t *way_for_new(record_fingerprints_t *all, uint64_t hash)
{
    cache_way_t *const first = &all->ways[hash & (SLOTS - WAYS)];
    cache_way_t *way = first;
    while (way < first + WAYS && way->tag != 0) {
        way++;
    }
    way = way < first + WAYS ? way : first + all->stamp % WAYS;
    way->slot = way->slot == 0 ? ++all->used : way->slot;
    return way;
}

static void keep_key(fingerprint_entry_t *entry, const key_view_t *key)
{
    entry->key_length = key->length;
    entry->table = key->table;
    entry->flags = key->flags;
    memcpy(entry->key, key->data, key->length);
}

static synfix_status_t make_entry(record_fingerprints_t *all, const record_table_t *table,
                                  const ipfix_decoder_record_t *record, record_values_t *values,
                                  uint32_t slot, uint16_t *field)
{
    record_fingerprint_t *made = &all->entries[slot].made;
    if (!record_values_read_fingerprint(values, table, record, field)) {
        return SYNFIX_UNSUPPORTED;
    }
    *made = (record_fingerprint_t){.stamps = false};
    const synfix_status_t status = record_fingerprint_make(all->labels, table, values, made);
    made->fingerprint.slot = slot;
    made->fingerprint.stamp = ++all->stamp;
    return status;
}

/* Apart, so that the usual call is short. */
static __attribute__((noinline)) synfix_status_t
renew(record_fingerprints_t *all, const record_table_t *table, const ipfix_decoder_record_t *record,
      record_values_t *values, const key_view_t *key, uint64_t hash, const record_fingerprint_t **found,
      uint16_t *field)
{
    cache_way_t *way = way_for_new(all, hash);
    fingerprint_entry_t *entry = &all->entries[way->slot - 1];
    way->tag = 0;
    *found = &entry->made;
    const synfix_status_t status = make_entry(all, table, record, values, way->slot - 1, field);
    if (status == SYNFIX_OK) {
        keep_key(entry, key);
        way->tag = tag_of(hash);
    }
    return status;
}

const record_fingerprint_t *record_fingerprints_find(const record_fingerprints_t *all,
                                                     const record_table_t *table, const uint8_t *start,
                                                     size_t available, uint32_t flags, size_t *length)
{
    if (!table->key_is_tail || available <= table->key_offset) {
        return NULL;
    }
    key_view_t key = {.data = start + table->key_offset,
                      .length = (uint32_t)MIN(available - table->key_offset, KEY_MAX),
                      .open = true,
                      .flags = flags & MATCH_FLAGS,
                      .table = table->number};
    key.hashed = hashed_length(table, &key);
    const fingerprint_entry_t *entry = find(all, &key, key_hash(&key));
    if (entry == NULL) {
        return NULL;
    }
    *length = table->key_offset + (size_t)entry->key_length;
    return &entry->made;
}

synfix_status_t record_fingerprints_get(record_fingerprints_t *all, const record_table_t *table,
                                        const ipfix_decoder_record_t *record, record_values_t *values,
                                        const record_fingerprint_t **found, uint16_t *field)
{
    const key_view_t key = key_of(table, record, (uint32_t)values->numbers[RECORD_FLAGS]);
    if (key.length == 0) {
        *found = &all->entries[SLOTS].made;
        return make_entry(all, table, record, values, SLOTS, field);
    }
    const uint64_t hash = key_hash(&key);
    const fingerprint_entry_t *entry = find(all, &key, hash);
    if (entry != NULL) {
        *found = &entry->made;
        return SYNFIX_OK;
    }
    return renew(all, table, record, values, &key, hash, found, field);
}
