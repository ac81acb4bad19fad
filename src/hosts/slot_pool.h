/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file slot_pool.h
 * Items of one size in chunks, identified by 32-bit numbers, which need half the memory of pointers; items do
 * not move. One thread at a time.
 */
#ifndef HOSTS_SLOT_POOL_H
#define HOSTS_SLOT_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SLOT_CHUNK 1024u /* items of one allocation */

typedef struct slot_pool {
    char **chunks;
    size_t item_size; /* bytes, at least 4 */
    uint32_t limit;   /* items at most */
    uint32_t used;    /* highest number of items in use */
    uint32_t live;    /* items in use */
    uint32_t vacant;  /* first released item; 0 none */
} slot_pool_t;

/** False without memory. */
bool slot_pool_init(slot_pool_t *pool, size_t item_size, uint32_t limit);
void slot_pool_clear(slot_pool_t *pool);

/** A zeroed item, counted from 1; 0 when the limit is reached or memory is missing. */
uint32_t slot_take(slot_pool_t *pool);
void slot_release(slot_pool_t *pool, uint32_t slot);

static inline void *slot_at(const slot_pool_t *pool, uint32_t slot)
{
    const uint32_t index = slot - 1;
    return pool->chunks[index / SLOT_CHUNK] + (index % SLOT_CHUNK) * pool->item_size;
}

#endif
