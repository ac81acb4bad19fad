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

static bool make_blocks(encoder_slot_t *stage, uint32_t queue)
{
    const uint32_t size = stage->group.block_size;
    /* all queues full, one block held by each sink and those that the sink keeps, one being filled */
    stage->block_count = stage->group.sink_count * (queue + 1 + SYNFIX_KEPT_BLOCKS_MAX) + 1;
    stage->blocks = calloc(stage->block_count, sizeof *stage->blocks);
    stage->memory = malloc(stage->block_count * size);
    if (stage->blocks == NULL || stage->memory == NULL) {
        return false;
    }
    for (size_t i = stage->block_count; i-- > 0;) {
        stage->blocks[i].content.data = stage->memory + i * size;
        stage->blocks[i].stage = stage;
        pool_return(stage, &stage->blocks[i]);
    }
    return true;
}

static synfix_status_t make_encoder(encoder_slot_t *stage, unsigned worker, synfix_error_t *error)
{
    const encoding_group_t *group = &stage->group;
    synfix_error_t own = {.text = ""};
    if (group->encoding->create == NULL) {
        return SYNFIX_OK;
    }
    const synfix_status_t status =
        pipeline_opened(group->sinks[0]->name,
                        group->encoding->create(group->settings, worker, &stage->encoder, &own), &own, error);
    if (status != SYNFIX_OK) {
        stage->encoder = NULL;
    }
    return status;
}

synfix_status_t encoder_slot_new(const pipeline_t *pipeline, const encoding_group_t *group, unsigned worker,
                                 encoder_slot_t **made, synfix_error_t *error)
{
    encoder_slot_t *stage = aligned_alloc(RING_LINE, sizeof *stage);
    if (stage == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "worker %u: out of memory", worker);
    }
    *stage = (encoder_slot_t){.group = *group};
    synfix_status_t status = SYNFIX_OK;
    if (!make_blocks(stage, queue_blocks(pipeline, group->block_size))) {
        status = synfix_fail(error, SYNFIX_NO_MEMORY, "worker %u: out of memory", worker);
    }
    if (status == SYNFIX_OK) {
        status = make_encoder(stage, worker, error);
    }
    if (status != SYNFIX_OK) {
        encoder_slot_free(stage);
        return status;
    }
    *made = stage;
    return SYNFIX_OK;
}

void encoder_slot_end(encoder_slot_t *stage)
{
    if (stage->encoder != NULL && stage->group.encoding->destroy != NULL) {
        stage->group.encoding->destroy(stage->encoder);
    }
    stage->encoder = NULL;
}

void encoder_slot_free(encoder_slot_t *stage)
{
    if (stage == NULL) {
        return;
    }
    encoder_slot_end(stage);
    free(stage->blocks);
    free(stage->memory);
    free(stage);
}

void pool_return(encoder_slot_t *stage, block_t *block)
{
    block->next = stage->free_list;
    stage->free_list = block;
}

/* The most recently returned blocks are reused first: they may still be in a cache. */
static void collect(encoder_slot_t *stage)
{
    block_t *block = atomic_exchange_explicit(&stage->returned, NULL, memory_order_acquire);
    while (block != NULL) {
        block_t *next = block->next;
        pool_return(stage, block);
        block = next;
    }
}

block_t *pool_take(encoder_slot_t *stage, int64_t now_ns)
{
    if (stage->free_list == NULL) {
        collect(stage);
    }
    block_t *block = stage->free_list;
    uint8_t *data = block->content.data;
    stage->free_list = block->next;
    block->content = (synfix_block_t){.data = data, .capacity = stage->group.block_size};
    block->born_ns = now_ns;
    return block;
}

bool pool_is_idle(encoder_slot_t *stage)
{
    size_t count = 0;
    collect(stage);
    for (const block_t *block = stage->free_list; block != NULL; block = block->next) {
        count++;
    }
    return count == stage->block_count;
}

bool block_release(block_t *block)
{
    return atomic_fetch_sub_explicit(&block->references, 1, memory_order_acq_rel) == 1;
}

void block_return(block_t *block)
{
    _Atomic(block_t *) *returned = &block->stage->returned;
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
