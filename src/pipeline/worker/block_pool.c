/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Encoder slots: the blocks of one group of sinks in one worker are allocated once, filled, sent, and
 * returned to the pool. */
#include "pipeline/worker/block_pool.h"
#include "pipeline/worker/pipeline_state.h"
#include <stddef.h>
#include <stdlib.h>

#define QUEUE_BLOCKS_MIN 4u
#define QUEUE_BLOCKS_MAX 1024u

uint32_t queue_blocks(const pipeline_t *pipeline, uint32_t block_size)
{
    uint32_t blocks = QUEUE_BLOCKS_MIN;
    while (blocks < QUEUE_BLOCKS_MAX && blocks * 2 * block_size <= pipeline->config.queue_bytes) {
        blocks *= 2;
    }
    return blocks;
}

static bool make_blocks(encoder_slot_t *slot, uint32_t queue)
{
    const uint32_t size = slot->group.block_size;
    /* for each sink: a full queue, a block in work and the kept blocks; for the worker: one in work */
    slot->block_count = slot->group.sink_count * (queue + 1 + SYNFIX_KEPT_BLOCKS_MAX) + 1;
    slot->blocks = calloc(slot->block_count, sizeof *slot->blocks);
    /* the product may need more than 32 bits */
    slot->memory = slot->block_count <= SIZE_MAX / size ? malloc(slot->block_count * size) : NULL;
    if (slot->blocks == NULL || slot->memory == NULL) {
        return false;
    }
    for (size_t i = slot->block_count; i-- > 0;) {
        slot->blocks[i].content.data = slot->memory + i * size;
        slot->blocks[i].slot = slot;
        block_pool_return(slot, &slot->blocks[i]);
    }
    return true;
}

static synfix_status_t make_encoder(encoder_slot_t *slot, unsigned worker, synfix_error_t *error)
{
    const encoding_group_t *group = &slot->group;
    synfix_error_t own = {.text = ""};
    if (group->encoding->create == NULL) {
        return SYNFIX_OK;
    }
    const synfix_status_t status =
        pipeline_opened(group->sinks[0]->name,
                        group->encoding->create(group->settings, worker, &slot->encoder, &own), &own, error);
    if (status != SYNFIX_OK) {
        slot->encoder = NULL;
    }
    return status;
}

synfix_status_t encoder_slot_new(const pipeline_t *pipeline, const encoding_group_t *group, unsigned worker,
                                 encoder_slot_t **made, synfix_error_t *error)
{
    encoder_slot_t *slot = aligned_alloc(RING_LINE, sizeof *slot);
    if (slot == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "worker %u: out of memory", worker);
    }
    *slot = (encoder_slot_t){.group = *group};
    synfix_status_t status = SYNFIX_OK;
    if (!make_blocks(slot, queue_blocks(pipeline, group->block_size))) {
        status = synfix_fail(error, SYNFIX_NO_MEMORY, "worker %u: out of memory", worker);
    }
    if (status == SYNFIX_OK) {
        status = make_encoder(slot, worker, error);
    }
    if (status != SYNFIX_OK) {
        encoder_slot_free(slot);
        return status;
    }
    *made = slot;
    return SYNFIX_OK;
}

void encoder_slot_end(encoder_slot_t *slot)
{
    if (slot->encoder != NULL && slot->group.encoding->destroy != NULL) {
        slot->group.encoding->destroy(slot->encoder);
    }
    slot->encoder = NULL;
}

void encoder_slot_free(encoder_slot_t *slot)
{
    if (slot == NULL) {
        return;
    }
    encoder_slot_end(slot);
    free(slot->blocks);
    free(slot->memory);
    free(slot);
}

void block_pool_return(encoder_slot_t *slot, block_t *block)
{
    block->next = slot->free_list;
    slot->free_list = block;
}

/* The most recently returned blocks are reused first: they may still be in a cache. */
static void collect(encoder_slot_t *slot)
{
    block_t *block = atomic_exchange_explicit(&slot->returned, NULL, memory_order_acquire);
    while (block != NULL) {
        block_t *next = block->next;
        block_pool_return(slot, block);
        block = next;
    }
}

block_t *block_pool_take(encoder_slot_t *slot, int64_t now_ns)
{
    if (slot->free_list == NULL) {
        collect(slot);
    }
    block_t *block = slot->free_list;
    uint8_t *data = block->content.data;
    slot->free_list = block->next;
    block->content = (synfix_block_t){.data = data, .capacity = slot->group.block_size};
    block->born_ns = now_ns;
    return block;
}

bool block_pool_is_idle(encoder_slot_t *slot)
{
    size_t count = 0;
    collect(slot);
    for (const block_t *block = slot->free_list; block != NULL; block = block->next) {
        count++;
    }
    return count == slot->block_count;
}

bool block_release(block_t *block)
{
    return atomic_fetch_sub_explicit(&block->references, 1, memory_order_acq_rel) == 1;
}

void block_return(block_t *block)
{
    _Atomic(block_t *) *returned = &block->slot->returned;
    block->next = atomic_load_explicit(returned, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(returned, &block->next, block, memory_order_release,
                                                  memory_order_relaxed)) {
        continue;
    }
}

/* The copy of a block that waited on disk has no references. */
static bool is_copy(pipeline_t *pipeline, const synfix_block_t *content)
{
    bool copy = false;
    (void)pthread_mutex_lock(&pipeline->sinks_lock);
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        copy |= pipeline->sinks[i] != NULL && content == &pipeline->sinks[i]->copy;
    }
    (void)pthread_mutex_unlock(&pipeline->sinks_lock);
    return copy;
}

static block_t *block_of(const synfix_block_t *content)
{
    return (block_t *)((uintptr_t)content - offsetof(block_t, content));
}

bool block_keep(void *user, const synfix_block_t *content)
{
    if (is_copy(user, content)) {
        return false;
    }
    atomic_fetch_add_explicit(&block_of(content)->references, 1, memory_order_relaxed);
    return true;
}

void block_let_go(void *user, const synfix_block_t *content)
{
    (void)user;
    block_t *block = block_of(content);
    if (block_release(block)) {
        block_return(block);
    }
}
