/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "hosts/slot_pool.h"

#include <stdlib.h>
#include <string.h>

bool slot_pool_init(slot_pool_t *pool, size_t item_size, uint32_t limit)
{
    const size_t chunks = ((size_t)limit + SLOT_CHUNK - 1) / SLOT_CHUNK;
    *pool = (slot_pool_t){.item_size = item_size, .limit = limit};
    pool->chunks = calloc(chunks + 1, sizeof *pool->chunks);
    return pool->chunks != NULL;
}

void slot_pool_clear(slot_pool_t *pool)
{
    for (char **chunk = pool->chunks; chunk != NULL && *chunk != NULL; chunk++) {
        free(*chunk);
    }
    free(pool->chunks);
    *pool = (slot_pool_t){.chunks = NULL};
}

uint32_t slot_take(slot_pool_t *pool)
{
    uint32_t slot = pool->vacant;
    if (slot != 0) {
        memcpy(&pool->vacant, slot_at(pool, slot), sizeof pool->vacant);
        memset(slot_at(pool, slot), 0, pool->item_size);
    } else {
        char **chunk = &pool->chunks[pool->used / SLOT_CHUNK];
        if (pool->used >= pool->limit) {
            return 0;
        }
        if (*chunk == NULL && (*chunk = calloc(SLOT_CHUNK, pool->item_size)) == NULL) {
            return 0;
        }
        slot = ++pool->used;
    }
    pool->live++;
    return slot;
}

void slot_release(slot_pool_t *pool, uint32_t slot)
{
    memcpy(slot_at(pool, slot), &pool->vacant, sizeof pool->vacant);
    pool->vacant = slot;
    pool->live--;
}
