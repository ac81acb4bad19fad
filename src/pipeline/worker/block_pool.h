/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file block_pool.h
 * Encoders of a worker, and the pool of blocks that each fills.
 *
 * Ownership of blocks: a worker owns the blocks of its encoder slots. A block that leaves has one reference
 * for each sink of its group; the release of the last one returns it to the pool. An encoder slot has
 * enough blocks that one is always free when all queues are full. A block that is written to disk because a
 * ring is full is a copy.
 */
#ifndef PIPELINE_WORKER_BLOCK_POOL_H
#define PIPELINE_WORKER_BLOCK_POOL_H

#include "base/spsc_ring.h"
#include "pipeline/worker/pipeline_config.h"

typedef struct sink sink_t;
typedef struct encoder_slot encoder_slot_t;

typedef struct block {
    synfix_block_t content;
    atomic_uint references;
    int64_t born_ns;      /* monotonic */
    encoder_slot_t *slot; /* the slot that owns it */
    struct block *next;   /* in the free list of the slot */
} block_t;

/** Sinks with one encoding. */
typedef struct encoding_group {
    const synfix_encoding_t *encoding;
    const void *settings; /* settings and key are those of the first sink */
    const char *key;
    uint32_t block_size;
    size_t sink_count;
    sink_t *sinks[PIPELINE_SINKS_MAX];
} encoding_group_t;

/** One group's encoder in one worker. */
struct encoder_slot {
    encoding_group_t group;
    void *encoder;
    block_t *current;
    block_t *free_list;
    block_t *blocks;
    size_t block_count;
    uint8_t *memory;
    int64_t notify_pending_ns; /* birth of the oldest block whose sinks were not woken; monotonic; 0: none */
    encoder_slot_t *next;      /* list of retired slots of the worker */
    _Alignas(
        RING_LINE) _Atomic(block_t *) returned; /* pushed by sinks; the worker empties the list at once */
};

/** Capacity of a queue of blocks of @p block_size bytes. */
uint32_t queue_blocks(const pipeline_t *pipeline, uint32_t block_size);
/** Allocates a slot with all its blocks. @p group is copied. */
synfix_status_t encoder_slot_new(const pipeline_t *pipeline, const encoding_group_t *group, unsigned worker,
                                 encoder_slot_t **made, synfix_error_t *error);
/** Destroys the encoder, so that the settings of the sinks may be freed; blocks may still be queued. */
void encoder_slot_end(encoder_slot_t *slot);
void encoder_slot_free(encoder_slot_t *slot);
/** Worker: takes an empty block from the pool. Never NULL. */
block_t *block_pool_take(encoder_slot_t *slot, int64_t now_ns);
/** Worker: returns a block that no sink references. */
void block_pool_return(encoder_slot_t *slot, block_t *block);
/** Worker: whether all blocks are in the pool. */
bool block_pool_is_idle(encoder_slot_t *slot);
/** Drops one reference. True when it was the last one: the caller then calls block_return(). */
bool block_release(block_t *block);
/** Any thread: returns the block to the pool of its slot. */
void block_return(block_t *block);
/** keep_block and release_block of the module context; @p user: the pipeline. */
bool block_keep(void *user, const synfix_block_t *content);
void block_let_go(void *user, const synfix_block_t *content);

#endif
