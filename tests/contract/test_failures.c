/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A source, an enricher and a sink that fail on purpose in the function that the test names: whatever fails,
 * what was opened is closed once, the failure is reported with its reason, and the others go on to the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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

/* How a function fails: with a reason, without one, or by an answer that is neither success nor failure. */
typedef enum manner { WITH_REASON, WITHOUT_REASON, POSITIVE } manner_t;

/* One run. What the modules note is theirs to count, and the test's to look at when all is over. */
static struct {
    const char *fails; /* `kind.function` */
    manner_t manner;
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
} now;

static synfix_status_t answer(const char *function, synfix_error_t *error)
{
    if (now.fails == NULL || strcmp(now.fails, function) != 0) {
        return SYNFIX_OK;
    }
    if (now.manner == POSITIVE) {
        return SYNFIX_END;
    }
    if (now.manner == WITHOUT_REASON) {
        return SYNFIX_UNSUPPORTED;
    }
    return synfix_fail(error, SYNFIX_IO, "%s on purpose", function);
}

static synfix_status_t opened(const char *function, void **instance, synfix_error_t *error)
{
    static int something;
    const synfix_status_t status = answer(function, error);
    if (status == SYNFIX_OK) {
        atomic_fetch_add(&now.open, 1);
        *instance = &something;
    }
    return status;
}

static void closed(void *instance)
{
    assert_non_null(instance);
    atomic_fetch_sub(&now.open, 1);
}

/* The source: SYNs in small pieces; it ends when all were given, what should have been called was, and the
 * good sink has seen them. */
static uint32_t given;

static synfix_status_t source_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                   void **instance, synfix_error_t *error)
{
    (void)context, (void)options;
    given = 0;
    return opened("source.open", instance, error);
}

static bool awaited(void)
{
    const bool ticks = now.fails != NULL && strcmp(now.fails, "sink.tick") == 0;
    const bool reloads = now.fails != NULL && strstr(now.fails, ".reload") != NULL;
    return (ticks && atomic_load(&now.ticks) == 0) || (reloads && atomic_load(&now.reloads) == 0) ||
           (now.live && atomic_load(&now.good_records) < PACKETS);
}

/* A reconfiguration to the same outputs requests a reload of each. */
static void *request_reload(void *user)
{
    (void)user;
    now.reload_status = pipeline_set_outputs(now.pipeline, &now.outputs, NULL);
    return NULL;
}

static synfix_status_t source_read(void *instance, synfix_packet_t *packets, size_t capacity, size_t *count,
                                   synfix_error_t *error)
{
    static uint8_t bytes[PIECE][SYN_BYTES];
    (void)instance, (void)capacity;
    *count = 0;
    if (given == PACKETS / 2) {
        if (strstr(now.fails != NULL ? now.fails : "", ".reload") != NULL &&
            !atomic_exchange(&now.reload_requested, true)) {
            assert_int_equal(pthread_create(&now.reloader, NULL, request_reload, NULL), 0);
        }
        const synfix_status_t status = answer("source.read", error);
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    /* live, no thread waits: the source keeps the pace of the good sink */
    if ((now.live && given > atomic_load(&now.good_records) + PIECE) || (given == PACKETS && awaited())) {
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        return SYNFIX_AGAIN;
    }
    for (; *count < PIECE && given < PACKETS; ++*count) {
        packets[*count] = syn_of(++given, bytes[*count]);
    }
    if (*count > 0) {
        return SYNFIX_OK;
    }
    atomic_store(&now.release, true);
    return SYNFIX_END;
}

static const synfix_source_t source = {.open = source_open, .read = source_read, .close = closed};
static const synfix_module_t source_module = SOURCE_MODULE("failing", &source);

static synfix_status_t enricher_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                     void **instance, synfix_error_t *error)
{
    (void)context, (void)options;
    return opened("enricher.open", instance, error);
}

static synfix_status_t enricher_worker_open(void *instance, unsigned worker, void **state,
                                            synfix_error_t *error)
{
    (void)instance, (void)worker;
    return opened("enricher.worker_open", state, error);
}

static synfix_status_t enricher_enrich(void *instance, void *state, synfix_observation_t *observation)
{
    (void)instance, (void)state;
    atomic_fetch_add(&now.enriched, 1);
    assert_int_equal(synfix_observation_annotate(observation, "mood", "bad"), SYNFIX_OK);
    return answer("enricher.enrich", NULL);
}

static void enricher_worker_close(void *instance, void *state)
{
    (void)instance;
    closed(state);
}

static synfix_status_t enricher_reload(void *instance, synfix_error_t *error)
{
    (void)instance;
    atomic_fetch_add(&now.reloads, 1);
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

static synfix_status_t bad_answer(const void *instance, const char *function, synfix_error_t *error)
{
    return ((const sink_instance_t *)instance)->good ? SYNFIX_OK : answer(function, error);
}

static synfix_status_t sink_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                 void **instance, synfix_error_t *error)
{
    (void)context;
    sink_instance_t *sink = strcmp(synfix_options_target(options), "good") == 0 ? &good_sink : &bad_sink;
    const synfix_status_t status = bad_answer(sink, "sink.open", error);
    if (status != SYNFIX_OK) {
        return status;
    }
    atomic_fetch_add(&now.open, 1);
    *instance = sink;
    return SYNFIX_OK;
}

static synfix_status_t encoder_create(const void *settings, unsigned worker, void **encoder,
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
    atomic_fetch_add(&now.open, 1);
    *encoder = as.any;
    return SYNFIX_OK;
}

static synfix_status_t encoder_encode(void *encoder, const synfix_observation_t *observation,
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

static const synfix_encoding_t *sink_encoding(void *instance, const void **settings, const char **key)
{
    const sink_instance_t *sink = instance;
    *settings = sink;
    *key = sink->good ? "good" : "bad";
    const char *fails = sink->good || now.fails == NULL ? "" : now.fails;
    return strcmp(fails, "sink.encoding") == 0      ? NULL
           : strcmp(fails, "encoding.nothing") == 0 ? &no_encoding
           : strcmp(fails, "encoding.tiny") == 0    ? &tiny_encoding
                                                    : &encoding;
}

static synfix_status_t sink_start(void *instance, synfix_error_t *error)
{
    return bad_answer(instance, "sink.start", error);
}

static synfix_status_t sink_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    if (instance == &good_sink) {
        atomic_fetch_add(&now.good_records, block->records);
    } else if (now.fails != NULL && strcmp(now.fails, "sink.blocks") == 0) {
        while (!atomic_load(&now.release)) {
            (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        }
    }
    return bad_answer(instance, "sink.write", error);
}

static synfix_status_t sink_tick(void *instance, int64_t now_ns, synfix_error_t *error)
{
    (void)now_ns;
    if (instance != &good_sink) {
        atomic_fetch_add(&now.ticks, 1);
    }
    return bad_answer(instance, "sink.tick", error);
}

static synfix_status_t sink_finish(void *instance, synfix_error_t *error)
{
    return bad_answer(instance, "sink.finish", error);
}

static synfix_status_t sink_reload(void *instance, synfix_error_t *error)
{
    if (instance != &good_sink) {
        atomic_fetch_add(&now.reloads, 1);
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

static void on_log(void *user, int level, const char *text)
{
    (void)user, (void)level;
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* sinks log from threads of their own */
    (void)pthread_mutex_lock(&mutex);
    strncat(now.log, text, sizeof now.log - strlen(now.log) - 2);
    strcat(now.log, "\n");
    (void)pthread_mutex_unlock(&mutex);
}

typedef struct outcome {
    synfix_status_t made;
    synfix_status_t run;
    synfix_error_t error;
    pipeline_summary_t summary;
    synfix_engine_counters_t worker;
} outcome_t;

/* Two sinks, the bad one first, an enricher, one source. */
static outcome_t run(const char *fails, manner_t manner, bool live, bool drop)
{
    outcome_t outcome = {.made = SYNFIX_OK};
    memset(&now, 0, sizeof now);
    now.fails = fails;
    now.manner = manner;
    now.live = live || drop;
    module_spec_t *const sources[] = {spec_of_target(&source_module, "x")};
    module_spec_t *const sinks[] = {spec_of_target(&sink_module, "bad"),
                                    spec_of_target(&sink_module, "good")};
    module_spec_t *const enrichers[] = {spec_of_target(&enricher_module, "")};
    pipeline_config_t config;
    pipeline_config_init(&config);
    config.sources = sources;
    config.source_count = 1;
    config.sinks = sinks;
    config.sink_count = 2;
    config.enrichers = enrichers;
    config.enricher_count = 1;
    now.outputs =
        (output_config_t){.sinks = sinks, .sink_count = 2, .enrichers = enrichers, .enricher_count = 1};
    config.live = live;
    config.drop_when_full = drop;
    config.queue_bytes = 4096;
    config.flush_ms = 1;
    config.log = on_log;
    memset(&outcome.error, '?', sizeof outcome.error - 1); /* bytes that no function wrote show */
    outcome.made = pipeline_new(&config, &now.pipeline, &outcome.error);
    if (outcome.made == SYNFIX_OK) {
        outcome.run = pipeline_run(now.pipeline, &outcome.error);
        if (atomic_load(&now.reload_requested)) {
            assert_int_equal(pthread_join(now.reloader, NULL), 0);
            assert_int_equal(now.reload_status, SYNFIX_OK);
        }
        pipeline_summary(now.pipeline, &outcome.summary);
        pipeline_worker_counters(now.pipeline, 0, &outcome.worker);
        pipeline_free(now.pipeline);
    }
    assert_int_equal(atomic_load(&now.open), 0);
    return outcome;
}

static void open_failures(void **state)
{
    (void)state;
    static const char *const functions[] = {"source.open", "enricher.open", "enricher.worker_open",
                                            "sink.open", "encoding.create"};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        for (int manner = WITH_REASON; manner <= POSITIVE; manner++) {
            const outcome_t outcome = run(functions[i], (manner_t)manner, false, false);
            assert_true(outcome.made < 0);
            const char *reason = manner == WITH_REASON      ? functions[i]
                                 : manner == WITHOUT_REASON ? synfix_status_text(SYNFIX_UNSUPPORTED)
                                                            : "failing";
            assert_non_null(strstr(outcome.error.text, reason));
            assert_non_null(strstr(outcome.error.text, manner == WITH_REASON ? "on purpose" : "failing"));
        }
    }
}

static void sinks_without_a_usable_encoding(void **state)
{
    (void)state;
    static const char *const functions[][2] = {
        {"sink.encoding", "failing:bad: the module gives no encoding"},
        {"encoding.nothing", "failing:bad: the module gives no encoding"},
        {"encoding.tiny", "failing:bad: blocks of 16 bytes"}};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        const outcome_t outcome = run(functions[i][0], WITH_REASON, false, false);
        assert_int_equal(outcome.made, SYNFIX_INVALID);
        assert_string_equal(outcome.error.text, functions[i][1]);
    }
}

static void sinks_that_fail_while_running(void **state)
{
    (void)state;
    static const char *const functions[] = {"sink.start", "sink.write", "sink.tick", "sink.finish"};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        for (int manner = WITH_REASON; manner <= WITHOUT_REASON; manner++) {
            for (int live = 0; live <= 1; live++) {
                const outcome_t outcome = run(functions[i], (manner_t)manner, live != 0, false);
                const pipeline_sink_summary_t *bad = &outcome.summary.sinks[0];
                const char *reason =
                    manner == WITH_REASON ? functions[i] : synfix_status_text(SYNFIX_UNSUPPORTED);
                assert_int_equal(outcome.run, SYNFIX_OK);
                assert_int_equal(atomic_load(&now.good_records), PACKETS);
                assert_true(bad->failed && !outcome.summary.sinks[1].failed);
                assert_int_equal(outcome.summary.sinks_failed, 1);
                assert_int_equal(bad->queued + bad->dropped, PACKETS);
                assert_non_null(strstr(bad->reason, reason));
                assert_non_null(strstr(now.log, reason));
                assert_non_null(strstr(now.log, "switched off"));
            }
        }
    }
}

static void records_that_do_not_encode(void **state)
{
    (void)state;
    for (int manner = WITH_REASON; manner <= POSITIVE; manner++) {
        const outcome_t outcome = run("encoding.encode", (manner_t)manner, false, false);
        assert_int_equal(outcome.run, SYNFIX_OK);
        assert_int_equal(outcome.summary.sinks[0].unencodable, PACKETS);
        assert_int_equal(outcome.summary.sinks[0].queued, 0);
        assert_int_equal(atomic_load(&now.good_records), PACKETS);
    }
}

static void reloads_that_fail(void **state)
{
    (void)state;
    static const char *const functions[] = {"sink.reload", "enricher.reload"};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        const outcome_t outcome = run(functions[i], WITH_REASON, true, false);
        assert_int_equal(outcome.run, SYNFIX_OK);
        assert_int_equal(outcome.summary.sinks_failed + outcome.summary.enrichers_failed, 0);
        assert_int_equal(atomic_load(&now.good_records), PACKETS);
        assert_non_null(strstr(now.log, "not reloaded"));
    }
}

static void an_enricher_that_fails(void **state)
{
    (void)state;
    for (int live = 0; live <= 1; live++) {
        const outcome_t outcome = run("enricher.enrich", WITH_REASON, live != 0, false);
        assert_int_equal(outcome.run, SYNFIX_OK);
        assert_int_equal(outcome.summary.enrichers_failed, 1);
        assert_int_equal(outcome.summary.engine.enricher_failures, 1);
        assert_int_equal(outcome.worker.enricher_failures, 1); /* what the metrics show */
        assert_int_equal(atomic_load(&now.enriched), 1);
        assert_int_equal(atomic_load(&now.good_records), PACKETS);
        assert_non_null(strstr(now.log, "switched off"));
    }
}

static void a_source_that_fails(void **state)
{
    (void)state;
    for (int live = 0; live <= 1; live++) {
        const outcome_t outcome = run("source.read", WITH_REASON, live != 0, false);
        assert_int_equal(outcome.run, SYNFIX_IO);
        assert_string_equal(outcome.error.text, "source.read on purpose");
        assert_int_equal(atomic_load(&now.good_records), PACKETS / 2); /* what was whole is delivered */
    }
}

/* The source ends only after the good sink has everything, and only then the bad one is let go. */
static void a_sink_that_blocks_delays_nobody(void **state)
{
    (void)state;
    for (int live = 0; live <= 1; live++) {
        const outcome_t outcome = run("sink.blocks", WITH_REASON, live != 0, live == 0);
        const pipeline_sink_summary_t *bad = &outcome.summary.sinks[0];
        assert_int_equal(outcome.run, SYNFIX_OK);
        assert_int_equal(atomic_load(&now.good_records), PACKETS);
        assert_int_equal(outcome.summary.sinks[1].dropped, 0);
        assert_true(bad->dropped > 0 && !bad->failed);
        assert_int_equal(bad->queued + bad->dropped, PACKETS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_failures),
        cmocka_unit_test(sinks_without_a_usable_encoding),
        cmocka_unit_test(sinks_that_fail_while_running),
        cmocka_unit_test(records_that_do_not_encode),
        cmocka_unit_test(reloads_that_fail),
        cmocka_unit_test(an_enricher_that_fails),
        cmocka_unit_test(a_source_that_fails),
        cmocka_unit_test(a_sink_that_blocks_delays_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
