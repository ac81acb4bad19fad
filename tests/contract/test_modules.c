/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "noting_modules.h"

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
