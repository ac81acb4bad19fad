/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file blocking_modules.h
 * A source, and two sinks of which one blocks under the condition that the test states.
 */
#ifndef CONTRACT_BLOCKING_MODULES_H
#define CONTRACT_BLOCKING_MODULES_H

#include "pipeline/pipeline.h"
#include "support/module_specs.h"
#include "support/test_modules.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PACKETS     40000u
#define PIECE       200u
#define PATIENCE_MS 800u  /* far longer than a busy machine keeps a thread waiting */
#define LEAD        3000u /* records: more than queues hold, less than the small overflow */

typedef enum hold {
    UNTIL_THE_END, /* until the other one has finished */
    AT_A_DISTANCE, /* every write waits until the other one is LEAD records ahead */
    UNTIL_STOPPED, /* until stop is called */
    FOR_EVER,      /* until the test releases it, after the run */
    IN_FINISH,     /* until the last sink is reported; all blocks are delivered */
    A_WHILE,       /* the first write takes longer than the patience of the run */
    NOT_AT_ALL,    /* it answers that it wants no more */
} hold_t;

/* One run. */
static struct {
    hold_t hold;
    uint32_t given;
    atomic_uint records[2]; /* of the held and of the free sink */
    atomic_uint begun[2];   /* the same, those of a write that hangs included */
    atomic_uint misplaced;  /* records that came before an older one */
    uint64_t newest[2];
    atomic_bool free_finished;
    atomic_bool stopped;
    atomic_bool let_go;
    atomic_uint hanging;   /* threads in the module's code */
    pthread_mutex_t mutex; /* of log */
    char log[4096];
} current;

static inline void pause_a_little(void)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

static inline synfix_status_t source_open(const synfix_module_context_t *context,
                                          const synfix_options_t *options, void **instance,
                                          synfix_error_t *error)
{
    (void)context, (void)options, (void)error;
    *instance = &current;
    return SYNFIX_OK;
}

static inline synfix_status_t source_read(void *instance, synfix_packet_t *packets, size_t capacity,
                                          size_t *count, synfix_error_t *error)
{
    static uint8_t bytes[PIECE][SYN_BYTES];
    (void)instance, (void)capacity, (void)error;
    for (*count = 0; *count < PIECE && current.given < PACKETS; ++*count) {
        packets[*count] = syn_of(++current.given, bytes[*count]);
    }
    return *count > 0 ? SYNFIX_OK : SYNFIX_END;
}

static inline void nothing(void *instance)
{
    (void)instance;
}

static const synfix_source_t source = {.open = source_open, .read = source_read, .close = nothing};
static const synfix_module_t source_module = SOURCE_MODULE("syns", &source);

/* The sink: as the target `held` it hangs. */
static const unsigned held_index = 0;
static const unsigned free_index = 1;

static inline synfix_status_t sink_open(const synfix_module_context_t *context,
                                        const synfix_options_t *options, void **instance,
                                        synfix_error_t *error)
{
    (void)context, (void)error;
    const bool held = strcmp(synfix_options_target(options), "held") == 0;
    union {
        const void *constant;
        void *any;
    } as = {.constant = held ? &held_index : &free_index};
    *instance = as.any;
    return SYNFIX_OK;
}

static inline synfix_status_t encode(void *encoder, const synfix_observation_t *observation,
                                     synfix_block_t *block)
{
    (void)encoder;
    if (block->capacity - block->length < sizeof observation->packet_number) {
        return SYNFIX_AGAIN;
    }
    memcpy(block->data + block->length, &observation->packet_number, sizeof observation->packet_number);
    block->length += sizeof observation->packet_number;
    return SYNFIX_OK;
}

static const synfix_encoding_t encoding = {.block_size = 512, .encode = encode};

static inline const synfix_encoding_t *sink_encoding(void *instance, const void **settings, const char **key)
{
    (void)instance;
    *settings = NULL;
    *key = "numbers";
    return &encoding;
}

static inline bool is_held(bool in_finish)
{
    const unsigned ahead = atomic_load(&current.records[free_index]);
    if (in_finish != (current.hold == IN_FINISH)) {
        return false;
    }
    switch (current.hold) {
    case UNTIL_THE_END:
        return !atomic_load(&current.free_finished);
    case AT_A_DISTANCE:
        return ahead < PACKETS && ahead < atomic_load(&current.records[held_index]) + LEAD;
    case NOT_AT_ALL:
        return false;
    case A_WHILE:
        pause_a_little();
        return false;
    case UNTIL_STOPPED:
        return !atomic_load(&current.stopped);
    default:
        return !atomic_load(&current.let_go);
    }
}

static inline void hang(bool in_finish)
{
    while (is_held(in_finish)) {
        pause_a_little();
    }
}

static inline synfix_status_t sink_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    const unsigned which = *(const unsigned *)instance;
    (void)error;
    if (which == held_index && current.hold == NOT_AT_ALL) {
        return SYNFIX_END;
    }
    atomic_fetch_add(&current.begun[which], block->records);
    if (which == held_index) {
        atomic_fetch_add(&current.hanging, 1);
        hang(false);
    }
    for (uint32_t at = 0; at < block->length; at += 8) {
        uint64_t number;
        memcpy(&number, block->data + at, sizeof number);
        if (number <= current.newest[which]) {
            atomic_fetch_add(&current.misplaced, 1);
        }
        current.newest[which] = number;
    }
    assert_int_equal(block->length, block->records * 8);
    atomic_fetch_add(&current.records[which], block->records);
    if (which == held_index) {
        atomic_fetch_sub(&current.hanging, 1);
    }
    return SYNFIX_OK;
}

/* As the sinks of a network: a record counts from the beginning of the write on. */
static inline void sink_stats(void *instance, synfix_sink_stats_t *stats)
{
    const unsigned which = *(const unsigned *)instance;
    stats->delivered = atomic_load(&current.records[which]);
    stats->produced = atomic_load(&current.begun[which]);
    stats->pending = stats->produced - stats->delivered;
}

static inline synfix_status_t sink_finish(void *instance, synfix_error_t *error)
{
    (void)error;
    if (*(const unsigned *)instance == held_index) {
        hang(true);
    } else {
        atomic_store(&current.free_finished, true);
    }
    return SYNFIX_OK;
}

static inline void sink_stop(void *instance)
{
    if (*(const unsigned *)instance == held_index) {
        atomic_store(&current.stopped, true);
    }
}

static const synfix_sink_t sink = {.open = sink_open,
                                   .encoding = sink_encoding,
                                   .write = sink_write,
                                   .finish = sink_finish,
                                   .stats = sink_stats,
                                   .close = nothing,
                                   .stop = sink_stop};
static const synfix_module_t sink_module = SINK_MODULE("numbers", &sink);

static inline void on_log(void *user, int level, const char *text)
{
    (void)user, (void)level;
    (void)pthread_mutex_lock(&current.mutex);
    strncat(current.log, text, sizeof current.log - strlen(current.log) - 2);
    strcat(current.log, "\n");
    (void)pthread_mutex_unlock(&current.mutex);
    if (current.hold == IN_FINISH &&
        strstr(text, "not delivered yet, all other parts have ended; to end now, stop the program ") !=
            NULL) {
        atomic_store(&current.let_go, true);
    }
}

#endif
