/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A sink that blocks while files are read: the other sinks get all records and end while it still hangs. Its
 * records wait on disk; only when the disk is full, they are lost. The progress of the other sink decides how
 * long a sink blocks, not time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "blocking_modules.h"
#include "pipeline/worker/pipeline_state.h"
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

typedef struct conditions {
    hold_t hold;
    unsigned workers;
    uint64_t overflow_bytes;
    const char *overflow_directory;
    uint32_t sink_timeout_ms;
    size_t sinks; /* 1: only the held one */
} conditions_t;

/* The pipeline stays open: the caller releases the blocked sink. */
static pipeline_t *run(const conditions_t *conditions, pipeline_summary_t *summary)
{
    module_spec_t *const sources[] = {spec_of_target(&source_module, "x")};
    module_spec_t *const sinks[] = {spec_of_target(&sink_module, "held"),
                                    spec_of_target(&sink_module, "free")};
    pipeline_config_t config;
    pipeline_t *pipeline = NULL;
    synfix_error_t error = {.text = ""};
    memset(&current, 0, sizeof current);
    (void)pthread_mutex_init(&current.mutex, NULL);
    current.hold = conditions->hold;
    pipeline_config_init(&config);
    config.sources = sources;
    config.source_count = 1;
    config.sinks = sinks;
    config.sink_count = conditions->sinks == 0 ? 2 : conditions->sinks;
    config.workers = conditions->workers == 0 ? 1 : conditions->workers;
    config.queue_bytes = 4096;
    config.overflow_bytes = conditions->overflow_bytes;
    config.overflow_directory = conditions->overflow_directory;
    config.sink_timeout_ms = conditions->sink_timeout_ms;
    config.grace_ms = conditions->hold == UNTIL_STOPPED ? 1000 : 20; /* time to obey */
    config.log = on_log;
    assert_int_equal(pipeline_new(&config, &pipeline, &error), SYNFIX_OK);
    assert_int_equal(pipeline_run(pipeline, &error), SYNFIX_OK);
    pipeline_summary(pipeline, summary);
    return pipeline;
}

static void assert_all_delivered(const pipeline_summary_t *summary)
{
    for (size_t i = 0; i < summary->sink_count; i++) {
        assert_int_equal(atomic_load(&current.records[i]), PACKETS);
        assert_int_equal(summary->sinks[i].queued, PACKETS);
        assert_int_equal(summary->sinks[i].dropped, 0);
        assert_false(summary->sinks[i].failed);
    }
}

/* The free sink ends first: the held one waits for that. */
static void others_end_while_one_hangs(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= 4; workers += 3) {
        pipeline_summary_t summary;
        const conditions_t conditions = {
            .hold = UNTIL_THE_END, .workers = workers, .overflow_bytes = 16u << 20, .sink_timeout_ms = 60000};
        pipeline_t *pipeline = run(&conditions, &summary);
        assert_all_delivered(&summary);
        if (workers == 1) {
            assert_int_equal(atomic_load(&current.misplaced), 0);
        }
        assert_non_null(strstr(current.log, "sink numbers:held: slower than the other sinks"));
        pipeline_free(pipeline);
    }
}

/* The overflow is small and gets round many times: the slow sink sets the pace, and nothing is lost. */
static void a_slow_one_sets_the_pace(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= 2; workers++) {
        pipeline_summary_t summary;
        const conditions_t conditions = {
            .hold = AT_A_DISTANCE, .workers = workers, .overflow_bytes = 64u << 10, .sink_timeout_ms = 60000};
        pipeline_t *pipeline = run(&conditions, &summary);
        assert_all_delivered(&summary);
        if (workers == 1) {
            assert_int_equal(atomic_load(&current.misplaced), 0);
        }
        pipeline_free(pipeline);
    }
}

static void one_that_stops_when_asked_loses_nothing(void **state)
{
    (void)state;
    pipeline_summary_t summary;
    const conditions_t conditions = {
        .hold = UNTIL_STOPPED, .overflow_bytes = 16u << 20, .sink_timeout_ms = PATIENCE_MS};
    pipeline_t *pipeline = run(&conditions, &summary);
    assert_all_delivered(&summary);
    assert_false(pipeline_abandoned(pipeline));
    assert_int_equal(atomic_load(&current.misplaced), 0);
    pipeline_free(pipeline);
}

static void assert_left_behind(pipeline_t *pipeline, const pipeline_summary_t *summary)
{
    const pipeline_sink_summary_t *held = &summary->sinks[held_index];
    assert_true(atomic_load(&current.hanging) == 1 && atomic_load(&current.free_finished));
    assert_int_equal(atomic_load(&current.records[free_index]), PACKETS);
    assert_int_equal(summary->sinks[free_index].dropped, 0);
    assert_false(summary->sinks[free_index].failed);
    assert_true(held->failed && pipeline_abandoned(pipeline));
    assert_true(held->stats.pending > 0);
    assert_int_equal(held->queued, held->stats.pending);
    assert_int_equal(held->dropped, PACKETS - held->stats.pending);
    assert_non_null(strstr(held->reason, "no progress for"));
    assert_non_null(strstr(current.log, held->reason));
    /* its thread comes back to a pipeline that is still there */
    pipeline_free(pipeline);
    atomic_store(&current.let_go, true);
    while (atomic_load(&current.hanging) > 0) {
        pause_a_little();
    }
}

/* Memory of a run that left a thread behind; reachable, so that a leak checker does not report the memory. */
static pipeline_t *left_behind[4];
static size_t left_count;

static void keep_left_behind(pipeline_t *pipeline)
{
    left_behind[left_count++] = pipeline;
#if defined(__SANITIZE_ADDRESS__)
    /* The workers are in mapped memory, which the leak checker does not search by itself. */
    __lsan_register_root_region(pipeline->workers, pipeline->worker_count * sizeof *pipeline->workers);
#endif
}

static void one_that_hangs_for_ever_is_left_behind(void **state)
{
    (void)state;
    const conditions_t conditions[] = {
        {.hold = FOR_EVER, .overflow_bytes = 16u << 20, .sink_timeout_ms = PATIENCE_MS},
        {.hold = FOR_EVER, .overflow_bytes = 64u << 10, .sink_timeout_ms = PATIENCE_MS},
        {.hold = FOR_EVER, .overflow_bytes = 64u << 10, .sink_timeout_ms = PATIENCE_MS, .workers = 2},
        {.hold = FOR_EVER,
         .overflow_bytes = 64u << 10,
         .sink_timeout_ms = PATIENCE_MS,
         .overflow_directory = "/nowhere"},
    };
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
        pipeline_summary_t summary;
        pipeline_t *pipeline = run(&conditions[i], &summary);
        keep_left_behind(pipeline);
        const bool room = conditions[i].overflow_bytes > PACKETS * 16;
        assert_true((strstr(current.log, "its records are lost until the sink continues") == NULL) == room);
        assert_true(
            (strstr(current.log,
                    "other sinks wait for this one: /nowhere: No such file or directory; set TMPDIR to ") !=
             NULL) == (conditions[i].overflow_directory != NULL));
        assert_left_behind(pipeline, &summary);
    }
}

/* Bringing to disk what it has may take long. */
static void one_that_is_in_its_finish_is_waited_for(void **state)
{
    (void)state;
    pipeline_summary_t summary;
    const conditions_t conditions = {
        .hold = IN_FINISH, .sink_timeout_ms = PATIENCE_MS, .overflow_bytes = 16u << 20};
    pipeline_t *pipeline = run(&conditions, &summary);
    assert_all_delivered(&summary);
    assert_false(atomic_load(&current.stopped));
    pipeline_free(pipeline);
}

/* It delays no other sink, so its time has no limit. */
static void the_only_one_may_take_its_time(void **state)
{
    (void)state;
    pipeline_summary_t summary;
    const conditions_t conditions = {.hold = A_WHILE, .overflow_bytes = 64u << 10, .sinks = 1};
    pipeline_t *pipeline = run(&conditions, &summary);
    assert_all_delivered(&summary);
    assert_string_equal(current.log, "");
    pipeline_free(pipeline);
}

static void one_that_wants_no_more_is_no_failure(void **state)
{
    (void)state;
    for (size_t sinks = 1; sinks <= 2; sinks++) {
        pipeline_summary_t summary;
        const conditions_t conditions = {
            .hold = NOT_AT_ALL, .overflow_bytes = 64u << 10, .sink_timeout_ms = PATIENCE_MS, .sinks = sinks};
        pipeline_t *pipeline = run(&conditions, &summary);
        assert_true(summary.sinks[held_index].enough && !summary.sinks[held_index].failed);
        assert_int_equal(summary.sinks_failed, 0);
        assert_int_equal(summary.sinks[held_index].queued, 0);
        assert_int_equal(summary.sinks[held_index].dropped, current.given);
        if (sinks == 2) {
            assert_int_equal(atomic_load(&current.records[free_index]), PACKETS);
        } else {
            assert_true(current.given < PACKETS); /* no sink is left to read for */
        }
        pipeline_free(pipeline);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(others_end_while_one_hangs),
        cmocka_unit_test(a_slow_one_sets_the_pace),
        cmocka_unit_test(one_that_stops_when_asked_loses_nothing),
        cmocka_unit_test(one_that_hangs_for_ever_is_left_behind),
        cmocka_unit_test(one_that_is_in_its_finish_is_waited_for),
        cmocka_unit_test(the_only_one_may_take_its_time),
        cmocka_unit_test(one_that_wants_no_more_is_no_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
