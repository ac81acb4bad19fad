/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file reconfigure_modules.h
 * For tests that change the outputs of a running pipeline: an endless source, and sinks and enrichers that
 * record how they are used. Include cmocka.h before this file.
 */
#ifndef SUPPORT_RECONFIGURE_MODULES_H
#define SUPPORT_RECONFIGURE_MODULES_H

#include "support/pause.h"
#include "support/test_modules.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define AT_ONCE   4u
#define INSTANCES 24u

static atomic_bool dry;  /* the source has nothing more */
static atomic_bool hang; /* the source does not come back for as long */
static atomic_bool hangs;

/* SYNs over raw IPv4 from another port each time. */
typedef struct source {
    uint8_t bytes[AT_ONCE][SYN_BYTES];
    uint32_t next;
} source_t;

static synfix_status_t source_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                   void **instance, synfix_error_t *error)
{
    (void)context, (void)options, (void)error;
    *instance = calloc(1, sizeof(source_t));
    assert_non_null(*instance);
    return SYNFIX_OK;
}

static synfix_status_t source_read(void *instance, synfix_packet_t *packets, size_t capacity, size_t *count,
                                   synfix_error_t *error)
{
    source_t *source = instance;
    (void)error, (void)capacity;
    pause_briefly();
    while (atomic_load(&hang)) {
        atomic_store(&hangs, true);
        pause_briefly();
    }
    for (*count = 0; *count < AT_ONCE && !atomic_load(&dry); ++*count) {
        packets[*count] = syn_of(++source->next, source->bytes[*count]);
    }
    return *count > 0 ? SYNFIX_OK : SYNFIX_AGAIN;
}

static void source_stats(void *instance, synfix_source_stats_t *stats)
{
    (void)instance;
    *stats = (synfix_source_stats_t){.received = 0};
}

static const synfix_source_t source_functions = {
    .open = source_open, .read = source_read, .stats = source_stats, .close = free};
static const synfix_module_t source_module = SOURCE_MODULE("numbers", &source_functions);

/* Remembers all that ever were, in the order of their opening. */
typedef struct instance {
    char target[16];
    uint32_t domain;
    uint32_t last;
    _Atomic uint64_t delivered_records;
    unsigned reloads;
    bool in_order;
    bool fails;
    atomic_bool finished;
    atomic_bool closed;
} instance_t;

static instance_t instances[INSTANCES];
static unsigned instance_count;
static atomic_int encoders;
static const char *locked; /* a spool that another sink holds */

static instance_t *find(const char *target)
{
    for (unsigned i = instance_count; i-- > 0;) {
        if (strcmp(instances[i].target, target) == 0) {
            return &instances[i];
        }
    }
    fail_msg("no sink %s was ever opened", target);
    return NULL;
}

static synfix_status_t sink_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                 void **made, synfix_error_t *error)
{
    const char *target = synfix_options_target(options);
    const char *spool = synfix_options_string(options, "spool");
    if (strcmp(target, "closed") == 0 || (strcmp(target, "shy") == 0 && spool != NULL && locked == NULL)) {
        return synfix_fail(error, SYNFIX_IO, "%s: can't be opened", target);
    }
    if (spool != NULL && locked != NULL) {
        return synfix_fail(error, SYNFIX_IO, "spool: in use");
    }
    instance_t *instance = &instances[instance_count++];
    assert_true(instance_count < INSTANCES);
    *instance = (instance_t){
        .domain = context->observation_domain, .in_order = true, .fails = strcmp(target, "fails") == 0};
    (void)snprintf(instance->target, sizeof instance->target, "%s", target);
    if (spool != NULL) {
        locked = instance->target;
    }
    *made = instance;
    return SYNFIX_OK;
}

static synfix_status_t create(const void *settings, unsigned worker, void **encoder, synfix_error_t *error)
{
    (void)worker, (void)error;
    const instance_t *instance = settings;
    assert_false(atomic_load(&instance->closed));
    atomic_fetch_add(&encoders, 1);
    *encoder = (void *)(uintptr_t)settings;
    return SYNFIX_OK;
}

/* The settings are those of a sink: it must be there. */
static synfix_status_t encode(void *encoder, const synfix_observation_t *observation, synfix_block_t *block)
{
    const uint32_t number = (uint32_t)observation->packet_number;
    if (atomic_load(&((instance_t *)encoder)->closed)) {
        return SYNFIX_INVALID;
    }
    if (block->capacity - block->length < sizeof number) {
        return SYNFIX_AGAIN;
    }
    memcpy(block->data + block->length, &number, sizeof number);
    block->length += (uint32_t)sizeof number;
    return SYNFIX_OK;
}

static void destroy(void *encoder)
{
    (void)encoder;
    atomic_fetch_sub(&encoders, 1);
}

static const synfix_encoding_t numbers = {
    .block_size = SYNFIX_BLOCK_SIZE_MIN, .create = create, .encode = encode, .destroy = destroy};

static const synfix_encoding_t *sink_encoding(void *instance, const void **settings, const char **key)
{
    *settings = instance;
    *key = "";
    return &numbers;
}

static synfix_status_t sink_write(void *user, const synfix_block_t *block, synfix_error_t *error)
{
    instance_t *instance = user;
    if (instance->fails) {
        return synfix_fail(error, SYNFIX_IO, "fails");
    }
    if (strcmp(instance->target, "enough") == 0) {
        return SYNFIX_END;
    }
    for (uint32_t i = 0; i < block->records; i++) {
        uint32_t number;
        memcpy(&number, block->data + i * sizeof number, sizeof number);
        instance->in_order =
            instance->in_order && number > instance->last && !atomic_load(&instance->finished);
        instance->last = number;
    }
    atomic_fetch_add(&instance->delivered_records, block->records);
    return SYNFIX_OK;
}

static synfix_status_t sink_finish(void *user, synfix_error_t *error)
{
    instance_t *instance = user;
    (void)error;
    atomic_store(&instance->finished, true);
    return SYNFIX_OK;
}

static synfix_status_t sink_reload(void *user, synfix_error_t *error)
{
    (void)error;
    ((instance_t *)user)->reloads++;
    return SYNFIX_OK;
}

static void sink_close(void *user)
{
    instance_t *instance = user;
    assert_false(atomic_exchange(&instance->closed, true));
    if (locked == instance->target) {
        locked = NULL;
    }
}

static void sink_stats(void *user, synfix_sink_stats_t *stats)
{
    stats->delivered = stats->produced = atomic_load(&((instance_t *)user)->delivered_records);
}

static const synfix_option_t sink_options[] = {{.name = "spool", .type = SYNFIX_OPTION_STRING},
                                               {.name = "as", .type = SYNFIX_OPTION_STRING},
                                               {.name = NULL}};
static const synfix_sink_t sink_functions = {.open = sink_open,
                                             .encoding = sink_encoding,
                                             .write = sink_write,
                                             .finish = sink_finish,
                                             .reload = sink_reload,
                                             .close = sink_close,
                                             .stats = sink_stats};
static const synfix_module_t sink_module = {.abi = SYNFIX_MODULE_ABI,
                                            .size = sizeof(synfix_module_t),
                                            .kind = SYNFIX_MODULE_SINK,
                                            .name = "set",
                                            .summary = "numbers",
                                            .options = sink_options,
                                            .sink = &sink_functions};

/* Counts the open instances. */
static atomic_int enrichers_open;
static atomic_int states_open;
static _Atomic uint64_t enriched;

static synfix_status_t enricher_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                     void **instance, synfix_error_t *error)
{
    (void)context, (void)options, (void)error;
    atomic_fetch_add(&enrichers_open, 1);
    *instance = NULL;
    return SYNFIX_OK;
}

static synfix_status_t state_open(void *instance, unsigned worker, void **state, synfix_error_t *error)
{
    (void)instance, (void)worker, (void)error;
    atomic_fetch_add(&states_open, 1);
    *state = &states_open;
    return SYNFIX_OK;
}

static synfix_status_t enrich(void *instance, void *state, synfix_observation_t *observation)
{
    (void)instance, (void)observation;
    atomic_fetch_add(&enriched, 1);
    return state == &states_open ? SYNFIX_OK : SYNFIX_INVALID;
}

static void state_close(void *instance, void *state)
{
    (void)instance, (void)state;
    atomic_fetch_sub(&states_open, 1);
}

static void enricher_close(void *instance)
{
    (void)instance;
    atomic_fetch_sub(&enrichers_open, 1);
}

static const synfix_enricher_t enricher_functions = {.open = enricher_open,
                                                     .worker_open = state_open,
                                                     .enrich = enrich,
                                                     .worker_close = state_close,
                                                     .close = enricher_close};
static const synfix_module_t enricher_module = ENRICHER_MODULE("adds", &enricher_functions);

#endif
