/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file block_pool.h
 * Encoders of a worker, and the pool of blocks that each fills.
 *
 * Ownership of blocks: a worker owns the blocks of its encoder slots. A block that leaves has one reference
 * for each sink of its group; the release of the last one returns it to the pool. An encoder slot has so many
 * blocks that one is always free when all queues are full. A block that goes to disk because a ring is full
 * is a copy.
 */
#ifndef PIPELINE_BLOCK_POOL_H
#define PIPELINE_BLOCK_POOL_H

#include "base/spsc_ring.h"
#include "pipeline/pipeline.h"

typedef struct sink sink_t;
typedef struct stage encoder_slot_t;

typedef struct block {
    synfix_block_t content;
    atomic_uint references;
    int64_t born_ns;       /* monotonic */
    encoder_slot_t *stage; /* its home */
    struct block *next;    /* at home */
} block_t;

/** Sinks with one encoding. */
typedef struct group {
    const synfix_encoding_t *encoding;
    const void *settings; /* of the first sink, as the key is */
    const char *key;
    uint32_t block_size;
    size_t sink_count;
    sink_t *sinks[PIPELINE_SINKS_MAX];
} encoding_group_t;

/** One group's encoder in one worker. */
struct stage {
    encoding_group_t group;
    void *encoder;
    block_t *current;
    block_t *home;
    block_t *blocks;
    size_t block_count;
    uint8_t *memory;
    int64_t notify_pending_ns; /* when the oldest block began that its sinks were not woken for; 0: none */
    encoder_slot_t *next;      /* of those that a worker has left behind */
    _Alignas(RING_LINE) _Atomic(block_t *) returned; /* by sinks; the worker takes all at once */
};

/** Blocks that a queue of @p block_size takes. */
uint32_t queue_blocks(const pipeline_t *pipeline, uint32_t block_size);
/** With all blocks at home. @p group is copied. */
synfix_status_t stage_new(const pipeline_t *pipeline, const encoding_group_t *group, unsigned worker,
                          encoder_slot_t **made, synfix_error_t *error);
/** The sinks' settings are not needed any more; blocks may still be on their way. */
void stage_end_encoder(encoder_slot_t *stage);
void stage_free(encoder_slot_t *stage);
/** Worker: an empty block; there is always one. */
block_t *pool_take(encoder_slot_t *stage, int64_t now_ns);
/** Worker: a block that no sink has. */
void pool_return(encoder_slot_t *stage, block_t *block);
/** Worker: all blocks are home. */
bool pool_is_idle(encoder_slot_t *stage);
/** Gives up one reference; true when it was the last one: then the block is to go home. */
bool block_release(block_t *block);
/** Any thread: sends it home. */
void block_return(block_t *block);
/** keep_block and release_block of the module context; @p user: the pipeline. */
bool block_keep(void *user, const synfix_block_t *content);
void block_let_go(void *user, const synfix_block_t *content);

#endif
