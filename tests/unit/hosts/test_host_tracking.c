/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hosts/host_tracking.h"
#include "support/host_sightings.h"
#include "support/sample_observation.h"

static const synfix_label_t other_system = {
    .type = 's', .id = 9, .os_class = "unix", .name = "Plan 9", .flavor = "4", .text = "Plan 9 4"};

typedef struct fixture {
    host_model_t *model;
    host_tracking_t tracking;
    sample_t sample;
    synfix_host_change_t change;
    synfix_observation_t record;
} fixture_t;

static void set_up(fixture_t *fixture, bool changes)
{
    synfix_error_t error;
    *fixture = (fixture_t){.model = test_model(0)};
    assert_int_equal(host_tracking_init(&fixture->tracking, fixture->model, changes, &error), SYNFIX_OK);
}

static void tear_down(fixture_t *fixture)
{
    host_tracking_clear(&fixture->tracking);
    host_model_free(fixture->model);
}

/* Adds the sample @p times; number of records. */
static unsigned add(fixture_t *fixture, unsigned times)
{
    unsigned records = 0;
    for (unsigned i = 0; i < times; i++) {
        fixture->sample.observation.time_ns += SECOND_NS;
        records += host_tracking_add(&fixture->tracking, &fixture->sample.observation, &fixture->change,
                                     &fixture->record);
    }
    return records;
}

/* Three SYNs of one system, which give no record, and three of another one; number of their records. */
static unsigned change_system(fixture_t *fixture)
{
    sample_syn(&fixture->sample);
    assert_int_equal(add(fixture, 3), 0);
    fixture->sample.fingerprint.match.label = &other_system;
    fixture->sample.fingerprint.stamp++; /* other content */
    return add(fixture, 3);
}

static void a_change_becomes_a_record(void **state)
{
    (void)state;
    fixture_t fixture;
    set_up(&fixture, true);
    assert_int_equal(change_system(&fixture), 1);
    const synfix_observation_t *record = &fixture.record;
    assert_int_equal(record->kind, SYNFIX_OBSERVATION_HOST_CHANGE);
    assert_null(record->fingerprint);
    assert_ptr_equal(record->headers, &fixture.sample.headers);
    assert_ptr_equal(record->host_change, &fixture.change);
    assert_int_equal(fixture.change.reasons & SYNFIX_HOST_SYSTEM, SYNFIX_HOST_SYSTEM);
    assert_string_equal(fixture.change.before, "Windows XP");
    assert_string_equal(fixture.change.after, "Plan 9 4");
    tear_down(&fixture);
}

static void without_records_hosts_are_kept(void **state)
{
    (void)state;
    fixture_t fixture;
    set_up(&fixture, false);
    assert_int_equal(change_system(&fixture), 0);
    host_model_stats_t stats;
    host_model_stats(fixture.model, &stats);
    assert_int_equal(stats.hosts, 1);
    assert_int_equal(stats.changes, 1);
    assert_int_equal(stats.observations, 6);
    tear_down(&fixture);
}

static void records_of_changes_are_no_sightings(void **state)
{
    (void)state;
    fixture_t fixture;
    set_up(&fixture, true);
    sample_host_change(&fixture.sample);
    assert_int_equal(add(&fixture, 3), 0);
    host_model_stats_t stats;
    host_model_stats(fixture.model, &stats);
    assert_int_equal(stats.observations, 0);
    tear_down(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_becomes_a_record),
        cmocka_unit_test(without_records_hosts_are_kept),
        cmocka_unit_test(records_of_changes_are_no_sightings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
