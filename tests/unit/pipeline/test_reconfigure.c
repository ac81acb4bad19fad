/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Sinks and enrichers that change while packets come without end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pipeline/pipeline.h"
#include "support/module_specs.h"
#include "support/pipeline_parts.h"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT_ONCE   4u
#define INSTANCES 24u

static pipeline_t *running;
static char last_name[32]; /* of the last sink of the run that has ended */
static atomic_bool dry;    /* the source has nothing more */
static atomic_bool hang;   /* the source does not come back for as long */
static atomic_bool hangs;
static synfix_error_t run_error;
static synfix_status_t run_status;

/* SYNs over raw IPv4 from another port each time. */
typedef struct source {
    uint8_t bytes[AT_ONCE][SYN_OCTETS];
    uint32_t next;
} source_t;

static synfix_status_t source_open(const synfix_module_context_t *host, const synfix_options_t *options,
                                   void **instance, synfix_error_t *error)
{
    (void)host, (void)options, (void)error;
    *instance = calloc(1, sizeof(source_t));
    assert_non_null(*instance);
    return SYNFIX_OK;
}

static synfix_status_t source_read(void *instance, synfix_packet_t *packets, size_t capacity, size_t *count,
                                   synfix_error_t *error)
{
    source_t *source = instance;
    (void)error, (void)capacity;
    (void)sched_yield();
    while (atomic_load(&hang)) {
        atomic_store(&hangs, true);
        (void)sched_yield();
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
    _Atomic uint64_t taken;
    unsigned reloads;
    bool in_order;
    bool fails;
    atomic_bool finished;
    atomic_bool closed;
} instance_t;

static instance_t instances[INSTANCES];
static unsigned instance_count;
static atomic_int encoders;
static const char *locked; /* a spool that somebody has */

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

static synfix_status_t sink_open(const synfix_module_context_t *host, const synfix_options_t *options,
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
        .domain = host->observation_domain, .in_order = true, .fails = strcmp(target, "fails") == 0};
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
    atomic_fetch_add(&instance->taken, block->records);
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
    stats->delivered = stats->produced = atomic_load(&((instance_t *)user)->taken);
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

/* Counts who is there. */
static atomic_int enrichers_open;
static atomic_int states_open;
static _Atomic uint64_t enriched;

static synfix_status_t enricher_open(const synfix_module_context_t *host, const synfix_options_t *options,
                                     void **instance, synfix_error_t *error)
{
    (void)host, (void)options, (void)error;
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

#define SINKS_MAX 4

typedef struct wish {
    module_spec_t *sinks[SINKS_MAX];
    module_spec_t *enrichers[SINKS_MAX];
    output_config_t outputs;
} wish_t;

/* Sinks in one word each, with spaces in between. */
static wish_t *wish(const char *sinks, size_t enrichers, uint32_t domain)
{
    static wish_t made;
    static char words[128];
    made =
        (wish_t){.outputs = {.sinks = made.sinks, .enrichers = made.enrichers, .enricher_count = enrichers}};
    made.outputs.observation_domain = domain;
    (void)snprintf(words, sizeof words, "%s", sinks);
    for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " ")) {
        made.sinks[made.outputs.sink_count++] = spec_of(&sink_module, word);
    }
    for (size_t i = 0; i < enrichers; i++) {
        made.enrichers[i] = spec_of_target(&enricher_module, "");
    }
    return &made;
}

static void *run_main(void *user)
{
    (void)user;
    run_status = pipeline_run(running, &run_error);
    return NULL;
}

static pthread_t begin(const char *sinks, size_t enrichers)
{
    module_spec_t *const source = spec_of(&source_module, "numbers:");
    const wish_t *first = wish(sinks, enrichers, 1);
    pipeline_config_t config;
    pthread_t thread;
    pipeline_config_init(&config);
    instance_count = 0;
    locked = NULL;
    atomic_store(&dry, false);
    atomic_store(&hang, false);
    config.sources = &source;
    config.source_count = 1;
    config.sinks = first->sinks;
    config.sink_count = first->outputs.sink_count;
    config.enrichers = first->enrichers;
    config.enricher_count = enrichers;
    config.observation_domain = 1;
    config.live = true;
    config.flush_ms = 1;
    assert_int_equal(pipeline_new(&config, &running, NULL), SYNFIX_OK);
    assert_int_equal(pthread_create(&thread, NULL, run_main, NULL), 0);
    return thread;
}

static void await_records(const char *target)
{
    const instance_t *instance = find(target);
    const uint64_t before = atomic_load(&instance->taken);
    while (atomic_load(&instance->taken) == before) {
        (void)sched_yield();
    }
}

static void await_closed(const instance_t *instance)
{
    while (!atomic_load(&instance->closed)) {
        pipeline_reap(running);
        (void)sched_yield();
    }
}

static synfix_status_t change(const char *sinks, size_t enrichers, uint32_t domain, synfix_error_t *error)
{
    return pipeline_set_outputs(running, &wish(sinks, enrichers, domain)->outputs, error);
}

/* Every observation is accounted for by every sink; all instances are closed, in order, and each once. */
static pipeline_summary_t end(pthread_t thread)
{
    pipeline_summary_t summary;
    atomic_store(&dry, true);
    pipeline_stop(running);
    (void)pthread_join(thread, NULL);
    assert_int_equal(run_status, SYNFIX_OK);
    pipeline_summary(running, &summary);
    const uint64_t observations = summary.engine.verdicts[SYNFIX_VERDICT_SYN];
    for (size_t i = 0; i < summary.sink_count; i++) {
        const pipeline_sink_summary_t *sink = &summary.sinks[i];
        assert_int_equal(sink->before + sink->queued + sink->dropped + sink->unencodable, observations);
        assert_true(sink->failed || sink->queued == sink->stats.delivered);
    }
    assert_int_equal(summary.removed.queued, summary.removed.stats.delivered);
    assert_int_equal(summary.removed.unencodable, 0);
    (void)snprintf(last_name, sizeof last_name, "%s", summary.sinks[summary.sink_count - 1].name);
    pipeline_free(running);
    for (unsigned i = 0; i < instance_count; i++) {
        assert_true(atomic_load(&instances[i].closed));
        assert_true(instances[i].in_order);
    }
    assert_int_equal(atomic_load(&encoders), 0);
    assert_int_equal(atomic_load(&enrichers_open), 0);
    assert_int_equal(atomic_load(&states_open), 0);
    return summary;
}

static void a_sink_comes_and_goes(void **state)
{
    (void)state;
    pthread_t thread = begin("set:a", 0);
    const instance_t *first = find("a");
    await_records("a");
    assert_int_equal(change("set:a set:b", 0, 1, NULL), SYNFIX_OK);
    await_records("b");
    await_records("a");
    assert_int_equal(change("set:b", 0, 1, NULL), SYNFIX_OK); /* whose settings the encoder had */
    await_closed(first);
    assert_true(atomic_load(&first->finished));
    await_records("b");
    const pipeline_summary_t summary = end(thread);
    assert_int_equal(instance_count, 2);
    assert_int_equal(summary.sink_count, 1);
    assert_int_equal(summary.removed_count, 1);
    assert_int_equal(summary.removed.stats.delivered, atomic_load(&first->taken));
    assert_true(summary.sinks[0].before > 0);
}

static void what_stays_is_only_asked_to_reload(void **state)
{
    (void)state;
    pthread_t thread = begin("set:a set:b", 0);
    assert_int_equal(change("set:b set:a", 0, 1, NULL), SYNFIX_OK);
    await_records("a");
    await_records("b");
    (void)end(thread);
    assert_int_equal(instance_count, 2);
    assert_int_equal(find("a")->reloads, 1);
    assert_int_equal(find("b")->reloads, 1);
}

static void a_failure_changes_nothing(void **state)
{
    (void)state;
    synfix_error_t error;
    pthread_t thread = begin("set:a", 1);
    assert_int_equal(change("set:b set:closed", 0, 2, &error), SYNFIX_IO);
    assert_string_equal(error.text, "closed: can't be opened");
    assert_true(atomic_load(&find("b")->closed));
    await_records("a");
    assert_int_equal(atomic_load(&enrichers_open), 1);
    const pipeline_summary_t summary = end(thread);
    assert_int_equal(summary.removed_count, 0);
    assert_string_equal(last_name, "set:a");
    assert_int_equal(find("a")->reloads, 0);
}

static void another_domain_is_another_sink(void **state)
{
    (void)state;
    pthread_t thread = begin("set:a", 0);
    const instance_t *first = find("a");
    assert_int_equal(change("set:a", 0, 7, NULL), SYNFIX_OK);
    assert_ptr_not_equal(find("a"), first);
    assert_int_equal(find("a")->domain, 7);
    await_closed(first);
    await_records("a");
    (void)end(thread);
    assert_string_equal(last_name, "set:a");
}

static void two_of_one_target_have_two_names(void **state)
{
    (void)state;
    pthread_t thread = begin("set:a set:a?as=b", 0);
    await_records("a");
    (void)end(thread);
    assert_string_equal(last_name, "set:a #2");
}

/* The next one has it only when the former has ended. */
static void a_spool_is_handed_on(void **state)
{
    (void)state;
    synfix_error_t error;
    pthread_t thread = begin("set:a?spool=here set:b", 0);
    const instance_t *first = find("a");
    assert_int_equal(change("set:c?spool=here set:b", 0, 1, NULL), SYNFIX_OK);
    assert_true(atomic_load(&first->closed));
    await_records("c");
    assert_int_equal(change("set:shy?spool=here set:b", 0, 1, &error),
                     SYNFIX_IO); /* even without the other */
    assert_string_equal(error.text, "shy: can't be opened");
    await_records("c");
    const pipeline_summary_t summary = end(thread);
    assert_int_equal(instance_count, 4); /* a, b, c, and c again */
    assert_int_equal(summary.sink_count, 2);
}

static void *change_main(void *user)
{
    static synfix_status_t status;
    status = change("set:c?spool=here set:b", 0, 1, user);
    return &status;
}

/* The worker may take up the first half of the change at any time: there is no second half. */
static void a_worker_that_hangs_keeps_a_spool_back(void **state)
{
    (void)state;
    synfix_error_t error;
    pthread_t changer;
    pipeline_summary_t summary;
    void *status;
    pthread_t thread = begin("set:a?spool=here set:b", 0);
    await_records("a");
    atomic_store(&hangs, false);
    atomic_store(&hang, true);
    while (!atomic_load(&hangs)) {
        (void)sched_yield();
    }
    assert_int_equal(pthread_create(&changer, NULL, change_main, &error), 0);
    do {
        pipeline_summary(running, &summary);
    } while (summary.removed_count == 0);
    pipeline_stop(running); /* it does not wait any longer */
    (void)pthread_join(changer, &status);
    assert_int_equal(*(const synfix_status_t *)status, SYNFIX_IO);
    assert_non_null(strstr(error.text, "1 of 1 workers have not changed over"));
    atomic_store(&hang, false);
    summary = end(thread);
    assert_int_equal(instance_count, 2);
    assert_int_equal(summary.sink_count, 1);
}

static void what_its_reader_did_not_want_is_not_lost(void **state)
{
    (void)state;
    pthread_t thread = begin("set:enough set:a", 0);
    const instance_t *first = find("enough");
    pipeline_summary_t summary;
    do {
        pipeline_summary(running, &summary);
    } while (!summary.sinks[0].enough);
    await_records("a");
    assert_int_equal(change("set:a", 0, 1, NULL), SYNFIX_OK);
    await_closed(first);
    summary = end(thread);
    assert_true(summary.removed.dropped > 0);
    assert_int_equal(summary.removed.lost, 0);
}

static void one_that_failed_is_opened_anew(void **state)
{
    (void)state;
    pthread_t thread = begin("set:fails set:a", 0);
    pipeline_summary_t summary;
    do {
        pipeline_summary(running, &summary);
    } while (summary.sinks_failed == 0);
    const instance_t *first = find("fails");
    assert_int_equal(change("set:fails set:a", 0, 1, NULL), SYNFIX_OK);
    assert_ptr_not_equal(find("fails"), first);
    await_closed(first);
    (void)end(thread);
    assert_int_equal(instance_count, 3);
}

static void enrichers_come_and_go(void **state)
{
    (void)state;
    pthread_t thread = begin("set:a", 0);
    assert_int_equal(change("set:a", 2, 1, NULL), SYNFIX_OK);
    assert_int_equal(atomic_load(&enrichers_open), 2);
    const uint64_t before = atomic_load(&enriched);
    while (atomic_load(&enriched) == before) {
        (void)sched_yield();
    }
    assert_int_equal(change("set:a", 1, 1, NULL), SYNFIX_OK);
    assert_int_equal(atomic_load(&enrichers_open), 1);
    const pipeline_summary_t summary = end(thread);
    assert_int_equal(summary.enrichers_failed, 0);
}

static void many_changes(void **state)
{
    (void)state;
    static const char *const sinks[] = {"set:a set:b", "set:b", "set:b set:c", "set:a"};
    pthread_t thread = begin("set:a", 0);
    for (unsigned i = 0; i < 12; i++) {
        assert_int_equal(change(sinks[i % 4], i % 3, 1, NULL), SYNFIX_OK);
    }
    const pipeline_summary_t summary = end(thread);
    assert_int_equal(summary.sink_count, 1);
}

static void not_when_it_has_ended(void **state)
{
    (void)state;
    synfix_error_t error;
    pthread_t thread = begin("set:a", 0);
    atomic_store(&dry, true);
    pipeline_stop(running);
    (void)pthread_join(thread, NULL);
    assert_int_equal(change("set:b", 0, 1, &error), SYNFIX_INVALID);
    assert_string_equal(error.text, "sinks: the run is at its end");
    pipeline_free(running);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sink_comes_and_goes),
        cmocka_unit_test(what_stays_is_only_asked_to_reload),
        cmocka_unit_test(a_failure_changes_nothing),
        cmocka_unit_test(another_domain_is_another_sink),
        cmocka_unit_test(two_of_one_target_have_two_names),
        cmocka_unit_test(a_spool_is_handed_on),
        cmocka_unit_test(a_worker_that_hangs_keeps_a_spool_back),
        cmocka_unit_test(what_its_reader_did_not_want_is_not_lost),
        cmocka_unit_test(one_that_failed_is_opened_anew),
        cmocka_unit_test(enrichers_come_and_go),
        cmocka_unit_test(many_changes),
        cmocka_unit_test(not_when_it_has_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
