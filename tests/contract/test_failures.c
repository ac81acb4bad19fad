/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Modules that fail in each of their functions: every opened instance is closed once, the failure is reported
 * with its reason, and the other modules process all packets.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing_modules.h"

typedef struct outcome {
    synfix_status_t made;
    synfix_status_t run;
    synfix_error_t error;
    pipeline_summary_t summary;
    synfix_engine_counters_t worker;
} outcome_t;

/* Two sinks, the bad one first, an enricher, one source. */
static outcome_t run(const char *fails, failure_form_t form, bool live, bool drop)
{
    outcome_t outcome = {.made = SYNFIX_OK};
    memset(&current, 0, sizeof current);
    current.fails = fails;
    current.form = form;
    current.live = live || drop;
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
    current.outputs =
        (output_config_t){.sinks = sinks, .sink_count = 2, .enrichers = enrichers, .enricher_count = 1};
    config.live = live;
    config.drop_when_full = drop;
    config.queue_bytes = 4096;
    config.flush_ms = 1;
    config.log = on_log;
    memset(&outcome.error, '?', sizeof outcome.error - 1); /* bytes that no function wrote show */
    outcome.made = pipeline_new(&config, &current.pipeline, &outcome.error);
    if (outcome.made == SYNFIX_OK) {
        outcome.run = pipeline_run(current.pipeline, &outcome.error);
        if (atomic_load(&current.reload_requested)) {
            assert_int_equal(pthread_join(current.reloader, NULL), 0);
            assert_int_equal(current.reload_status, SYNFIX_OK);
        }
        pipeline_summary(current.pipeline, &outcome.summary);
        pipeline_worker_counters(current.pipeline, 0, &outcome.worker);
        pipeline_free(current.pipeline);
    }
    assert_int_equal(atomic_load(&current.open), 0);
    return outcome;
}

static void open_failures(void **state)
{
    (void)state;
    static const char *const functions[] = {"source.open", "enricher.open", "enricher.worker_open",
                                            "sink.open", "encoding.create"};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        for (int form = WITH_REASON; form <= POSITIVE; form++) {
            const outcome_t outcome = run(functions[i], (failure_form_t)form, false, false);
            assert_true(outcome.made < 0);
            const char *reason = form == WITH_REASON      ? functions[i]
                                 : form == WITHOUT_REASON ? synfix_status_text(SYNFIX_UNSUPPORTED)
                                                          : "failing";
            assert_non_null(strstr(outcome.error.text, reason));
            assert_non_null(strstr(outcome.error.text, form == WITH_REASON ? "on purpose" : "failing"));
        }
    }
}

static void sinks_without_a_usable_encoding(void **state)
{
    (void)state;
    static const char *const functions[][2] = {
        {"sink.encoding", "failing:bad: the module returns no encoding"},
        {"encoding.nothing", "failing:bad: the module returns no encoding"},
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
        for (int form = WITH_REASON; form <= WITHOUT_REASON; form++) {
            for (int live = 0; live <= 1; live++) {
                const outcome_t outcome = run(functions[i], (failure_form_t)form, live != 0, false);
                const pipeline_sink_summary_t *bad = &outcome.summary.sinks[0];
                const char *reason =
                    form == WITH_REASON ? functions[i] : synfix_status_text(SYNFIX_UNSUPPORTED);
                assert_int_equal(outcome.run, SYNFIX_OK);
                assert_int_equal(atomic_load(&current.good_records), PACKETS);
                assert_true(bad->failed && !outcome.summary.sinks[1].failed);
                assert_int_equal(outcome.summary.sinks_failed, 1);
                assert_int_equal(bad->queued + bad->dropped, PACKETS);
                assert_non_null(strstr(bad->reason, reason));
                assert_non_null(strstr(current.log, reason));
                assert_int_equal(strstr(current.log, "disabled") != NULL,
                                 strcmp(functions[i], "sink.finish") != 0); /* at the end, nothing is left */
            }
        }
    }
}

static void records_that_do_not_encode(void **state)
{
    (void)state;
    for (int form = WITH_REASON; form <= POSITIVE; form++) {
        const outcome_t outcome = run("encoding.encode", (failure_form_t)form, false, false);
        assert_int_equal(outcome.run, SYNFIX_OK);
        assert_int_equal(outcome.summary.sinks[0].unencodable, PACKETS);
        assert_int_equal(outcome.summary.sinks[0].queued, 0);
        assert_int_equal(atomic_load(&current.good_records), PACKETS);
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
        assert_int_equal(atomic_load(&current.good_records), PACKETS);
        assert_non_null(strstr(current.log, "not reloaded"));
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
        assert_int_equal(outcome.worker.enricher_failures, 1); /* the metrics show this counter */
        assert_int_equal(atomic_load(&current.enriched), 1);
        assert_int_equal(atomic_load(&current.good_records), PACKETS);
        assert_non_null(strstr(current.log, "disabled"));
    }
}

static void a_source_that_fails(void **state)
{
    (void)state;
    for (int live = 0; live <= 1; live++) {
        const outcome_t outcome = run("source.read", WITH_REASON, live != 0, false);
        assert_int_equal(outcome.run, SYNFIX_IO);
        assert_string_equal(outcome.error.text, "source.read on purpose");
        assert_int_equal(atomic_load(&current.good_records), PACKETS / 2); /* whole blocks are delivered */
    }
}

/* The source ends after the good sink has received all records, and the test then releases the bad sink. */
static void a_sink_that_blocks_delays_nobody(void **state)
{
    (void)state;
    for (int live = 0; live <= 1; live++) {
        const outcome_t outcome = run("sink.blocks", WITH_REASON, live != 0, live == 0);
        const pipeline_sink_summary_t *bad = &outcome.summary.sinks[0];
        assert_int_equal(outcome.run, SYNFIX_OK);
        assert_int_equal(atomic_load(&current.good_records), PACKETS);
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
