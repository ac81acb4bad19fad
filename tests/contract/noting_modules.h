/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file noting_modules.h
 * A source of SYNs, a sink that notes the packets that it gets, and an enricher that ends early.
 */
#ifndef CONTRACT_NOTING_MODULES_H
#define CONTRACT_NOTING_MODULES_H

#include "module/module_registry.h"
#include "pipeline/pipeline.h"
#include "support/module_specs.h"
#include "support/test_modules.h"
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A source of SYNs, each of another client, over raw IPv4. */
#define PACKETS 5000u

typedef struct syns {
    uint8_t bytes[SYNFIX_BATCH_MAX][SYN_BYTES];
    uint32_t next;
    uint32_t fail_at;
    _Atomic uint32_t closed;
} syns_t;

static inline synfix_status_t syns_open(const synfix_module_context_t *context,
                                        const synfix_options_t *options, void **instance,
                                        synfix_error_t *error)
{
    (void)context;
    if (strcmp(synfix_options_target(options), "closed") == 0) {
        return synfix_fail(error, SYNFIX_NOT_FOUND, "syns: closed today");
    }
    syns_t *syns = calloc(1, sizeof *syns);
    assert_non_null(syns);
    syns->fail_at = strcmp(synfix_options_target(options), "half") == 0 ? PACKETS / 2 : UINT32_MAX;
    *instance = syns;
    return SYNFIX_OK;
}

static inline synfix_status_t syns_read(void *instance, synfix_packet_t *packets, size_t capacity,
                                        size_t *count, synfix_error_t *error)
{
    syns_t *syns = instance;
    for (*count = 0; *count < capacity && syns->next < PACKETS; ++*count) {
        if (syns->next == syns->fail_at) {
            syns->fail_at = UINT32_MAX;
            return synfix_fail(error, SYNFIX_TRUNCATED, "syns: broken off");
        }
        packets[*count] = syn_of(++syns->next, syns->bytes[*count]);
    }
    return *count > 0 ? SYNFIX_OK : SYNFIX_END;
}

static const synfix_source_t syns_source = {.open = syns_open, .read = syns_read, .close = free};
static const synfix_module_t syns_module = SOURCE_MODULE("syns", &syns_source);

/* A sink that notes the numbers of the packets it gets and fails in the function that its target names. */
typedef struct notes {
    char fails[16];
    uint8_t seen[PACKETS + 1];
    _Atomic uint32_t writes;
    uint32_t records;
    bool started;
    bool finished;
} notes_t;

static notes_t last_notes[4]; /* of closed sinks, by the digit after their target */
static unsigned encoders;

static inline bool fails(const notes_t *notes, const char *function)
{
    return strcmp(notes->fails, function) == 0;
}

static inline synfix_status_t notes_open(const synfix_module_context_t *context,
                                         const synfix_options_t *options, void **instance,
                                         synfix_error_t *error)
{
    const char *target = synfix_options_target(options);
    assert_int_equal(context->struct_size, sizeof *context);
    if (strcmp(target, "open") == 0) {
        return synfix_fail(error, SYNFIX_IO, "notes: not opened");
    }
    notes_t *notes = calloc(1, sizeof *notes);
    assert_non_null(notes);
    (void)snprintf(notes->fails, sizeof notes->fails, "%s", target);
    *instance = notes;
    return SYNFIX_OK;
}

static inline synfix_status_t create(const void *settings, unsigned worker, void **encoder,
                                     synfix_error_t *error)
{
    (void)worker;
    *encoder = NULL;
    if (strcmp(settings, "create") == 0) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "notes: no encoder");
    }
    encoders++;
    return SYNFIX_OK;
}

static inline synfix_status_t encode_nothing(void *encoder, const synfix_observation_t *observation,
                                             synfix_block_t *block)
{
    (void)encoder, (void)observation, (void)block;
    return SYNFIX_INVALID;
}

static const synfix_encoding_t numbers = {
    .block_size = 512, .create = create, .encode = encode_packet_number};
static const synfix_encoding_t nothings = {.block_size = 512, .create = create, .encode = encode_nothing};

static inline const synfix_encoding_t *notes_encoding(void *instance, const void **settings, const char **key)
{
    notes_t *notes = instance;
    *settings = notes->fails;
    *key = fails(notes, "create") ? "other" : "";
    return fails(notes, "encode") ? &nothings : &numbers;
}

static inline synfix_status_t notes_start(void *instance, synfix_error_t *error)
{
    notes_t *notes = instance;
    notes->started = true;
    return fails(notes, "start") ? synfix_fail(error, SYNFIX_IO, "notes: not started") : SYNFIX_OK;
}

static inline synfix_status_t notes_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    notes_t *notes = instance;
    if (fails(notes, "write") && atomic_fetch_add(&notes->writes, 1) == 3) {
        return synfix_fail(error, SYNFIX_IO, "notes: not written");
    }
    for (uint32_t i = 0; i < block->records; i++) {
        uint32_t number;
        memcpy(&number, block->data + i * sizeof number, sizeof number);
        assert_in_range(number, 1, PACKETS);
        notes->seen[number]++;
        notes->records++;
    }
    return SYNFIX_OK;
}

static inline synfix_status_t notes_finish(void *instance, synfix_error_t *error)
{
    notes_t *notes = instance;
    notes->finished = true;
    return fails(notes, "finish") ? synfix_fail(error, SYNFIX_IO, "notes: not finished") : SYNFIX_OK;
}

static inline void notes_close(void *instance)
{
    notes_t *notes = instance;
    last_notes[strcmp(notes->fails, "good") == 0 ? 0 : 1] = *notes;
    free(notes);
}

static const synfix_sink_t notes_sink = {.open = notes_open,
                                         .encoding = notes_encoding,
                                         .start = notes_start,
                                         .write = notes_write,
                                         .finish = notes_finish,
                                         .close = notes_close};
static const synfix_module_t notes_module = SINK_MODULE("notes", &notes_sink);

/* An enricher that fails from its tenth observation on. */
static _Atomic uint32_t enriched;

static inline synfix_status_t tired_open(const synfix_module_context_t *context,
                                         const synfix_options_t *options, void **instance,
                                         synfix_error_t *error)
{
    (void)context, (void)options, (void)error;
    *instance = NULL;
    atomic_store(&enriched, 0);
    return SYNFIX_OK;
}

static inline synfix_status_t tired_enrich(void *instance, void *state, synfix_observation_t *observation)
{
    (void)instance, (void)state;
    assert_int_equal(synfix_observation_annotate(observation, "mood", "tired"), SYNFIX_OK);
    return atomic_fetch_add(&enriched, 1) < 10 ? SYNFIX_OK : SYNFIX_IO;
}

static inline void tired_close(void *instance)
{
    (void)instance;
}

static const synfix_enricher_t tired_enricher = {
    .open = tired_open, .enrich = tired_enrich, .close = tired_close};
static const synfix_module_t tired_module = ENRICHER_MODULE("tired", &tired_enricher);

#endif
