/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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

static synfix_status_t syns_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                 void **instance, synfix_error_t *error)
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

static synfix_status_t syns_read(void *instance, synfix_packet_t *packets, size_t capacity, size_t *count,
                                 synfix_error_t *error)
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

static notes_t last_notes[4]; /* what closed sinks leave, by the digit after their target */
static unsigned encoders;

static bool fails(const notes_t *notes, const char *function)
{
    return strcmp(notes->fails, function) == 0;
}

static synfix_status_t notes_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                  void **instance, synfix_error_t *error)
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

static synfix_status_t create(const void *settings, unsigned worker, void **encoder, synfix_error_t *error)
{
    (void)worker;
    *encoder = NULL;
    if (strcmp(settings, "create") == 0) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "notes: no encoder");
    }
    encoders++;
    return SYNFIX_OK;
}

static synfix_status_t encode_nothing(void *encoder, const synfix_observation_t *observation,
                                      synfix_block_t *block)
{
    (void)encoder, (void)observation, (void)block;
    return SYNFIX_INVALID;
}

static const synfix_encoding_t numbers = {
    .block_size = 512, .create = create, .encode = encode_packet_number};
static const synfix_encoding_t nothings = {.block_size = 512, .create = create, .encode = encode_nothing};

static const synfix_encoding_t *notes_encoding(void *instance, const void **settings, const char **key)
{
    notes_t *notes = instance;
    *settings = notes->fails;
    *key = fails(notes, "create") ? "other" : "";
    return fails(notes, "encode") ? &nothings : &numbers;
}

static synfix_status_t notes_start(void *instance, synfix_error_t *error)
{
    notes_t *notes = instance;
    notes->started = true;
    return fails(notes, "start") ? synfix_fail(error, SYNFIX_IO, "notes: not started") : SYNFIX_OK;
}

static synfix_status_t notes_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
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

static synfix_status_t notes_finish(void *instance, synfix_error_t *error)
{
    notes_t *notes = instance;
    notes->finished = true;
    return fails(notes, "finish") ? synfix_fail(error, SYNFIX_IO, "notes: not finished") : SYNFIX_OK;
}

static void notes_close(void *instance)
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

static synfix_status_t tired_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                  void **instance, synfix_error_t *error)
{
    (void)context, (void)options, (void)error;
    *instance = NULL;
    atomic_store(&enriched, 0);
    return SYNFIX_OK;
}

static synfix_status_t tired_enrich(void *instance, void *state, synfix_observation_t *observation)
{
    (void)instance, (void)state;
    assert_int_equal(synfix_observation_annotate(observation, "mood", "tired"), SYNFIX_OK);
    return atomic_fetch_add(&enriched, 1) < 10 ? SYNFIX_OK : SYNFIX_IO;
}

static void tired_close(void *instance)
{
    (void)instance;
}

static const synfix_enricher_t tired_enricher = {
    .open = tired_open, .enrich = tired_enrich, .close = tired_close};
static const synfix_module_t tired_module = ENRICHER_MODULE("tired", &tired_enricher);

typedef struct outcome {
    synfix_status_t made;
    synfix_status_t run;
    synfix_error_t error;
    pipeline_summary_t summary;
} outcome_t;

/* syns:@p source into notes:good and notes:@p second. */
static outcome_t run(const char *source, const char *second, bool tired, unsigned workers)
{
    outcome_t outcome = {.made = SYNFIX_OK};
    pipeline_config_t config;
    pipeline_t *pipeline = NULL;
    module_spec_t *const sources[] = {spec_of_target(&syns_module, source)};
    module_spec_t *const sinks[] = {spec_of(&notes_module, "notes:good"),
                                    second == NULL ? NULL : spec_of_target(&notes_module, second)};
    module_spec_t *const enrichers[] = {spec_of_target(&tired_module, "")};
    memset(last_notes, 0, sizeof last_notes);
    encoders = 0;
    pipeline_config_init(&config);
    config.sources = sources;
    config.source_count = 1;
    config.sinks = sinks;
    config.sink_count = second == NULL ? 1 : 2;
    config.enrichers = enrichers;
    config.enricher_count = tired ? 1 : 0;
    config.workers = workers;
    outcome.made = pipeline_new(&config, &pipeline, &outcome.error);
    if (outcome.made == SYNFIX_OK) {
        outcome.run = pipeline_run(pipeline, &outcome.error);
        pipeline_summary(pipeline, &outcome.summary);
        for (size_t i = 0; i < outcome.summary.sink_count; i++) {
            outcome.summary.sinks[i].name = NULL; /* dies with the pipeline */
        }
        pipeline_free(pipeline);
    }
    return outcome;
}

static void assert_all_seen(const notes_t *notes, uint32_t count)
{
    assert_true(notes->started && notes->finished);
    assert_int_equal(notes->records, count);
    for (uint32_t number = 1; number <= count; number++) {
        assert_int_equal(notes->seen[number], 1);
    }
}

static void all_is_well(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= 4; workers++) {
        const outcome_t outcome = run("all", "other", false, workers);
        assert_int_equal(outcome.made, SYNFIX_OK);
        assert_int_equal(outcome.run, SYNFIX_OK);
        assert_int_equal(encoders, workers); /* both sinks share the encoding */
        assert_all_seen(&last_notes[0], PACKETS);
        assert_all_seen(&last_notes[1], PACKETS);
        assert_int_equal(outcome.summary.engine.packets_received, PACKETS);
        assert_int_equal(outcome.summary.engine.verdicts[SYNFIX_VERDICT_SYN], PACKETS);
        assert_int_equal(outcome.summary.sinks[1].queued, PACKETS);
        assert_int_equal(outcome.summary.sinks_failed, 0);
    }
}

static void failing_sinks(void **state)
{
    (void)state;
    static const char *const functions[] = {"start", "write", "finish"};
    for (unsigned workers = 1; workers <= 2; workers++) {
        for (size_t i = 0; i < 3; i++) {
            const outcome_t outcome = run("all", functions[i], false, workers);
            const pipeline_sink_summary_t *sink = &outcome.summary.sinks[1];
            assert_int_equal(outcome.run, SYNFIX_OK);
            assert_all_seen(&last_notes[0], PACKETS);
            assert_false(outcome.summary.sinks[0].failed);
            assert_true(sink->failed);
            assert_ptr_equal(strstr(sink->reason, "not "), sink->reason); /* without the name of the sink */
            assert_int_equal(sink->queued + sink->dropped, PACKETS);
            assert_int_equal(last_notes[1].records, sink->queued);
        }
    }
}

static void records_without_room(void **state)
{
    (void)state;
    const outcome_t outcome = run("all", "encode", false, 1);
    assert_all_seen(&last_notes[0], PACKETS);
    assert_int_equal(outcome.summary.sinks[1].unencodable, PACKETS);
    assert_int_equal(outcome.summary.sinks[1].queued, 0);
}

static void open_failures(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        const char *sink;
        synfix_status_t status;
        const char *reason;
    } table[] = {
        {"closed", "good", SYNFIX_NOT_FOUND, "syns: closed today"},
        {"all", "open", SYNFIX_IO, "notes: not opened"},
        {"all", "create", SYNFIX_NO_MEMORY, "notes: no encoder"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const outcome_t outcome = run(table[i].source, table[i].sink, false, 2);
        assert_int_equal(outcome.made, table[i].status);
        assert_string_equal(outcome.error.text, table[i].reason);
    }
}

static void source_that_breaks_off(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= 2; workers++) {
        const outcome_t outcome = run("half", NULL, false, workers);
        assert_int_equal(outcome.run, SYNFIX_TRUNCATED);
        assert_string_equal(outcome.error.text, "syns: broken off");
        assert_all_seen(&last_notes[0], PACKETS / 2);
    }
}

static void enricher_that_fails(void **state)
{
    (void)state;
    const outcome_t outcome = run("all", NULL, true, 1);
    assert_int_equal(outcome.run, SYNFIX_OK);
    assert_int_equal(outcome.summary.enrichers_failed, 1);
    assert_int_equal(atomic_load(&enriched), 11);
    assert_all_seen(&last_notes[0], PACKETS);
}

static void shared_objects(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *reason; /* NULL: accepted */
    } table[] = {
        {MODULE_DIRECTORY "/module_good.so", NULL},
        {MODULE_DIRECTORY "/module_abi.so", "made for module interface 2"},
        {MODULE_DIRECTORY "/module_size.so", "descriptor of 16 bytes"},
        {MODULE_DIRECTORY "/module_nothing.so", "the symbol synfix_module is missing"},
        {MODULE_DIRECTORY "/module_name.so", "lower case letters"},
        {MODULE_DIRECTORY "/module_function.so", "sink.write is missing"},
        {MODULE_DIRECTORY "/module_default.so", "default of option size"},
        {MODULE_DIRECTORY "/module_none.so", "no such file"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        registry_t *registry = registry_new();
        synfix_error_t error;
        const synfix_status_t status = registry_load(registry, table[i].path, &error);
        assert_int_equal(status == SYNFIX_OK, table[i].reason == NULL);
        assert_int_equal(registry_find(registry, SYNFIX_MODULE_SINK, "loaded") != NULL, status == SYNFIX_OK);
        if (status != SYNFIX_OK) {
            assert_ptr_equal(strstr(error.text, table[i].path), error.text);
            assert_non_null(strstr(error.text, table[i].reason));
        }
        registry_free(registry);
    }
}

static void refuse(registry_t *registry, const synfix_module_t *module, const char *reason)
{
    synfix_error_t error;
    assert_int_equal(registry_add(registry, module, &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, reason));
}

static void each_function_that_must_be_there(void **state)
{
    (void)state;
    registry_t *registry = registry_new();
    synfix_module_t module = syns_module;
    synfix_source_t source;
    synfix_enricher_t enricher;
    synfix_sink_t sink;
#define WITHOUT(kind, original, function)                                                                    \
    do {                                                                                                     \
        kind = original;                                                                                     \
        kind.function = NULL;                                                                                \
        module.kind = &kind;                                                                                 \
        refuse(registry, &module, "module " MODULE_NAME ": " #kind "." #function " is missing");             \
    } while (0)
#define MODULE_NAME "syns"
    WITHOUT(source, syns_source, open);
    WITHOUT(source, syns_source, read);
    WITHOUT(source, syns_source, close);
    module.source = NULL;
    refuse(registry, &module, "module syns: source is missing");
#undef MODULE_NAME
#define MODULE_NAME "tired"
    module = tired_module;
    WITHOUT(enricher, tired_enricher, open);
    WITHOUT(enricher, tired_enricher, enrich);
    WITHOUT(enricher, tired_enricher, close);
    module.enricher = NULL;
    refuse(registry, &module, "module tired: enricher is missing");
#undef MODULE_NAME
#define MODULE_NAME "notes"
    module = notes_module;
    WITHOUT(sink, notes_sink, open);
    WITHOUT(sink, notes_sink, encoding);
    WITHOUT(sink, notes_sink, write);
    WITHOUT(sink, notes_sink, close);
    module.sink = NULL;
    refuse(registry, &module, "module notes: sink is missing");
    registry_free(registry);
}

static void options_that_are_not_described_rightly(void **state)
{
    (void)state;
    registry_t *registry = registry_new();
    static const synfix_option_t wrong[][2] = {
        {{.name = "a", .type = SYNFIX_OPTION_STRING}, {.name = NULL}},
        {{.name = "a", .type = (synfix_option_type_t)9, .help = "x"}, {.name = NULL}},
        {{.name = "a", .type = SYNFIX_OPTION_INTEGER, .minimum = 2, .maximum = 1, .help = "x"},
         {.name = NULL}},
        {{.name = "a", .type = SYNFIX_OPTION_BOOLEAN, .fallback = "perhaps", .help = "x"}, {.name = NULL}},
        {{.name = "a", .type = SYNFIX_OPTION_DURATION, .fallback = "1y", .help = "x"}, {.name = NULL}},
        {{.name = "a", .type = SYNFIX_OPTION_INTEGER, .fallback = "3", .maximum = 2, .help = "x"},
         {.name = NULL}},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        synfix_module_t module = notes_module;
        module.options = wrong[i];
        refuse(registry, &module, "option a");
    }
    registry_free(registry);
}

static void names_are_taken_once(void **state)
{
    (void)state;
    registry_t *registry = registry_new();
    synfix_error_t error;
    assert_null(registry_find(registry, SYNFIX_MODULE_SOURCE, "notes"));
    assert_int_equal(registry_add(registry, &notes_module, NULL), SYNFIX_OK);
    assert_int_equal(registry_add(registry, &notes_module, &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "another sink of this name"));
    registry_free(registry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_well),
        cmocka_unit_test(failing_sinks),
        cmocka_unit_test(records_without_room),
        cmocka_unit_test(open_failures),
        cmocka_unit_test(source_that_breaks_off),
        cmocka_unit_test(enricher_that_fails),
        cmocka_unit_test(shared_objects),
        cmocka_unit_test(each_function_that_must_be_there),
        cmocka_unit_test(options_that_are_not_described_rightly),
        cmocka_unit_test(names_are_taken_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
