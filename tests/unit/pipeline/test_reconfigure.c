/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Sinks and enrichers that change while packets come without end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/reconfigure_run.h"

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
    assert_int_equal(summary.removed.stats.delivered, atomic_load(&first->delivered_records));
    assert_true(summary.sinks[0].before > 0);
}

static void kept_modules_only_reload(void **state)
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
        pause_briefly();
    }
    assert_int_equal(pthread_create(&changer, NULL, change_main, &error), 0);
    do {
        pipeline_summary(running, &summary);
    } while (summary.removed_count == 0);
    pipeline_stop(running); /* it does not wait any longer */
    (void)pthread_join(changer, &status);
    assert_int_equal(*(const synfix_status_t *)status, SYNFIX_IO);
    assert_non_null(strstr(error.text, "1 of 1 workers have not applied the change"));
    atomic_store(&hang, false);
    summary = end(thread);
    assert_int_equal(instance_count, 2);
    assert_int_equal(summary.sink_count, 1);
}

static void unwanted_records_are_not_lost(void **state)
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

static void a_failed_sink_is_opened_again(void **state)
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
        pause_briefly();
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
        cmocka_unit_test(kept_modules_only_reload),
        cmocka_unit_test(a_failure_changes_nothing),
        cmocka_unit_test(another_domain_is_another_sink),
        cmocka_unit_test(two_of_one_target_have_two_names),
        cmocka_unit_test(a_spool_is_handed_on),
        cmocka_unit_test(a_worker_that_hangs_keeps_a_spool_back),
        cmocka_unit_test(unwanted_records_are_not_lost),
        cmocka_unit_test(a_failed_sink_is_opened_again),
        cmocka_unit_test(enrichers_come_and_go),
        cmocka_unit_test(many_changes),
        cmocka_unit_test(not_when_it_has_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
