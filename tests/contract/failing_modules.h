/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file failing_modules.h
 * A source, an enricher and a sink that fail in the function that the test names.
 */
#ifndef CONTRACT_FAILING_MODULES_H
#define CONTRACT_FAILING_MODULES_H

#include "pipeline/pipeline.h"
#include "support/module_specs.h"
#include "support/test_modules.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PACKETS 4000u
#define PIECE   100u

/* How a function fails: with a reason, without one, or with a status that it must not return. */
typedef enum failure_form { WITH_REASON, WITHOUT_REASON, POSITIVE } failure_form_t;

/* One run. The modules count; the test reads the counts after the run. */
static struct {
    const char *fails; /* `kind.function` */
    failure_form_t form;
    bool live;
    pipeline_t *pipeline;
    output_config_t outputs; /* of the run */
    pthread_t reloader;
    atomic_bool reload_requested;
    synfix_status_t reload_status;
    atomic_int open; /* opened less closed, of everything */
    atomic_int reloads;
    atomic_int ticks;
    atomic_uint good_records;
    atomic_bool release;
    atomic_uint enriched;
    char log[4096];
} current;

static inline synfix_status_t answer(const char *function, synfix_error_t *error)
{
    if (current.fails == NULL || strcmp(current.fails, function) != 0) {
        return SYNFIX_OK;
    }
    if (current.form == POSITIVE) {
        return SYNFIX_END;
    }
    if (current.form == WITHOUT_REASON) {
        return SYNFIX_UNSUPPORTED;
    }
    return synfix_fail(error, SYNFIX_IO, "%s on purpose", function);
}

static inline synfix_status_t opened(const char *function, void **instance, synfix_error_t *error)
{
    static int something;
    const synfix_status_t status = answer(function, error);
    if (status == SYNFIX_OK) {
        atomic_fetch_add(&current.open, 1);
        *instance = &something;
    }
    return status;
}

static inline void closed(void *instance)
{
    assert_non_null(instance);
    atomic_fetch_sub(&current.open, 1);
}

/* The source: SYNs in small pieces; it ends when all were given, what should have been called was, and the
 * good sink has seen them. */
static uint32_t given;

static inline synfix_status_t source_open(const synfix_module_context_t *context,
                                          const synfix_options_t *options, void **instance,
                                          synfix_error_t *error)
{
    (void)context, (void)options;
    given = 0;
    return opened("source.open", instance, error);
}

static inline bool awaited(void)
{
    const bool ticks = current.fails != NULL && strcmp(current.fails, "sink.tick") == 0;
    const bool reloads = current.fails != NULL && strstr(current.fails, ".reload") != NULL;
    return (ticks && atomic_load(&current.ticks) == 0) || (reloads && atomic_load(&current.reloads) == 0) ||
           (current.live && atomic_load(&current.good_records) < PACKETS);
}

/* A reconfiguration to the same outputs requests a reload of each. */
static inline void *request_reload(void *user)
{
    (void)user;
    current.reload_status = pipeline_set_outputs(current.pipeline, &current.outputs, NULL);
    return NULL;
}

static inline synfix_status_t source_read(void *instance, synfix_packet_t *packets, size_t capacity,
                                          size_t *count, synfix_error_t *error)
{
    static uint8_t bytes[PIECE][SYN_BYTES];
    (void)instance, (void)capacity;
    *count = 0;
    if (given == PACKETS / 2) {
        if (strstr(current.fails != NULL ? current.fails : "", ".reload") != NULL &&
            !atomic_exchange(&current.reload_requested, true)) {
            assert_int_equal(pthread_create(&current.reloader, NULL, request_reload, NULL), 0);
        }
        const synfix_status_t status = answer("source.read", error);
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    /* live, no thread waits: the source keeps the pace of the good sink */
    if ((current.live && given > atomic_load(&current.good_records) + PIECE) ||
        (given == PACKETS && awaited())) {
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        return SYNFIX_AGAIN;
    }
    for (; *count < PIECE && given < PACKETS; ++*count) {
        packets[*count] = syn_of(++given, bytes[*count]);
    }
    if (*count > 0) {
        return SYNFIX_OK;
    }
    atomic_store(&current.release, true);
    return SYNFIX_END;
}

static const synfix_source_t source = {.open = source_open, .read = source_read, .close = closed};
static const synfix_module_t source_module = SOURCE_MODULE("failing", &source);

static inline synfix_status_t enricher_open(const synfix_module_context_t *context,
                                            const synfix_options_t *options, void **instance,
                                            synfix_error_t *error)
{
    (void)context, (void)options;
    return opened("enricher.open", instance, error);
}

static inline synfix_status_t enricher_worker_open(void *instance, unsigned worker, void **state,
                                                   synfix_error_t *error)
{
    (void)instance, (void)worker;
    return opened("enricher.worker_open", state, error);
}

static inline synfix_status_t enricher_enrich(void *instance, void *state, synfix_observation_t *observation)
{
    (void)instance, (void)state;
    atomic_fetch_add(&current.enriched, 1);
    assert_int_equal(synfix_observation_annotate(observation, "mood", "bad"), SYNFIX_OK);
    return answer("enricher.enrich", NULL);
}

static inline void enricher_worker_close(void *instance, void *state)
{
    (void)instance;
    closed(state);
}

static inline synfix_status_t enricher_reload(void *instance, synfix_error_t *error)
{
    (void)instance;
    atomic_fetch_add(&current.reloads, 1);
    return answer("enricher.reload", error);
}

static const synfix_enricher_t enricher = {.open = enricher_open,
                                           .worker_open = enricher_worker_open,
                                           .enrich = enricher_enrich,
                                           .worker_close = enricher_worker_close,
                                           .close = closed,
                                           .reload = enricher_reload};
static const synfix_module_t enricher_module = ENRICHER_MODULE("failing", &enricher);

/* The sink: as the target `good` it counts what it gets, as `bad` it fails. */
typedef struct sink_instance {
    bool good;
} sink_instance_t;

static sink_instance_t good_sink = {.good = true};
static sink_instance_t bad_sink = {.good = false};

static inline synfix_status_t bad_answer(const void *instance, const char *function, synfix_error_t *error)
{
    return ((const sink_instance_t *)instance)->good ? SYNFIX_OK : answer(function, error);
}

static inline synfix_status_t sink_open(const synfix_module_context_t *context,
                                        const synfix_options_t *options, void **instance,
                                        synfix_error_t *error)
{
    (void)context;
    sink_instance_t *sink = strcmp(synfix_options_target(options), "good") == 0 ? &good_sink : &bad_sink;
    const synfix_status_t status = bad_answer(sink, "sink.open", error);
    if (status != SYNFIX_OK) {
        return status;
    }
    atomic_fetch_add(&current.open, 1);
    *instance = sink;
    return SYNFIX_OK;
}

static inline synfix_status_t encoder_create(const void *settings, unsigned worker, void **encoder,
                                             synfix_error_t *error)
{
    (void)worker;
    union {
        const void *constant;
        void *any;
    } as = {.constant = settings};
    const synfix_status_t status = bad_answer(settings, "encoding.create", error);
    if (status != SYNFIX_OK) {
        return status;
    }
    atomic_fetch_add(&current.open, 1);
    *encoder = as.any;
    return SYNFIX_OK;
}

static inline synfix_status_t encoder_encode(void *encoder, const synfix_observation_t *observation,
                                             synfix_block_t *block)
{
    (void)observation;
    const synfix_status_t status = bad_answer(encoder, "encoding.encode", NULL);
    if (status != SYNFIX_OK) {
        return status;
    }
    if (block->capacity - block->length < 8) {
        return SYNFIX_AGAIN;
    }
    block->length += 8;
    return SYNFIX_OK;
}

static const synfix_encoding_t encoding = {
    .block_size = 512, .create = encoder_create, .encode = encoder_encode, .destroy = closed};
static const synfix_encoding_t no_encoding = {.block_size = 512};
static const synfix_encoding_t tiny_encoding = {.block_size = 16, .encode = encoder_encode};

static inline const synfix_encoding_t *sink_encoding(void *instance, const void **settings, const char **key)
{
    const sink_instance_t *sink = instance;
    *settings = sink;
    *key = sink->good ? "good" : "bad";
    const char *fails = sink->good || current.fails == NULL ? "" : current.fails;
    return strcmp(fails, "sink.encoding") == 0      ? NULL
           : strcmp(fails, "encoding.nothing") == 0 ? &no_encoding
           : strcmp(fails, "encoding.tiny") == 0    ? &tiny_encoding
                                                    : &encoding;
}

static inline synfix_status_t sink_start(void *instance, synfix_error_t *error)
{
    return bad_answer(instance, "sink.start", error);
}

static inline synfix_status_t sink_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    if (instance == &good_sink) {
        atomic_fetch_add(&current.good_records, block->records);
    } else if (current.fails != NULL && strcmp(current.fails, "sink.blocks") == 0) {
        while (!atomic_load(&current.release)) {
            (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        }
    }
    return bad_answer(instance, "sink.write", error);
}

static inline synfix_status_t sink_tick(void *instance, int64_t now_ns, synfix_error_t *error)
{
    (void)now_ns;
    if (instance != &good_sink) {
        atomic_fetch_add(&current.ticks, 1);
    }
    return bad_answer(instance, "sink.tick", error);
}

static inline synfix_status_t sink_finish(void *instance, synfix_error_t *error)
{
    return bad_answer(instance, "sink.finish", error);
}

static inline synfix_status_t sink_reload(void *instance, synfix_error_t *error)
{
    if (instance != &good_sink) {
        atomic_fetch_add(&current.reloads, 1);
    }
    return bad_answer(instance, "sink.reload", error);
}

static const synfix_sink_t sink = {.open = sink_open,
                                   .encoding = sink_encoding,
                                   .start = sink_start,
                                   .write = sink_write,
                                   .tick = sink_tick,
                                   .finish = sink_finish,
                                   .close = closed,
                                   .reload = sink_reload};
static const synfix_module_t sink_module = SINK_MODULE("failing", &sink);

static inline void on_log(void *user, int level, const char *text)
{
    (void)user, (void)level;
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* sinks log from threads of their own */
    (void)pthread_mutex_lock(&mutex);
    strncat(current.log, text, sizeof current.log - strlen(current.log) - 2);
    strcat(current.log, "\n");
    (void)pthread_mutex_unlock(&mutex);
}

#endif
