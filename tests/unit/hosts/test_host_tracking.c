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

/* Adds the sample @p times; number of records. */
static unsigned add(host_tracking_t *tracking, sample_t *sample, unsigned times, synfix_host_change_t *change,
                    synfix_observation_t *record)
{
    unsigned records = 0;
    for (unsigned i = 0; i < times; i++) {
        sample->observation.time_ns += SECOND_NS;
        records += host_tracking_add(tracking, &sample->observation, change, record);
    }
    return records;
}

static void open_tracking(host_tracking_t *tracking, host_model_t *model, bool changes)
{
    synfix_error_t error;
    assert_int_equal(host_tracking_init(tracking, model, changes, &error), SYNFIX_OK);
}

/* Three SYNs of one system, which give no record, and three of another one; number of their records. */
static unsigned change_system(host_tracking_t *tracking, sample_t *sample, synfix_host_change_t *change,
                              synfix_observation_t *record)
{
    sample_syn(sample);
    assert_int_equal(add(tracking, sample, 3, change, record), 0);
    sample->fingerprint.match.label = &other_system;
    sample->fingerprint.stamp++; /* other content */
    return add(tracking, sample, 3, change, record);
}

static void a_change_becomes_a_record(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    host_tracking_t tracking;
    synfix_host_change_t change;
    synfix_observation_t record = {.kind = 0};
    sample_t sample;
    open_tracking(&tracking, model, true);
    assert_int_equal(change_system(&tracking, &sample, &change, &record), 1);
    assert_int_equal(record.kind, SYNFIX_OBSERVATION_HOST_CHANGE);
    assert_null(record.fingerprint);
    assert_ptr_equal(record.headers, &sample.headers);
    assert_ptr_equal(record.host_change, &change);
    assert_int_equal(change.reasons & SYNFIX_HOST_SYSTEM, SYNFIX_HOST_SYSTEM);
    assert_string_equal(change.before, "Windows XP");
    assert_string_equal(change.after, "Plan 9 4");
    host_tracking_clear(&tracking);
    host_model_free(model);
}

static void without_records_hosts_are_kept(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    host_tracking_t tracking;
    synfix_host_change_t change;
    synfix_observation_t record;
    sample_t sample;
    open_tracking(&tracking, model, false);
    assert_int_equal(change_system(&tracking, &sample, &change, &record), 0);
    host_model_stats_t stats;
    host_model_stats(model, &stats);
    assert_int_equal(stats.hosts, 1);
    assert_int_equal(stats.changes, 1);
    assert_int_equal(stats.observations, 6);
    host_tracking_clear(&tracking);
    host_model_free(model);
}

static void records_of_changes_are_no_sightings(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    host_tracking_t tracking;
    synfix_host_change_t change;
    synfix_observation_t record;
    sample_t sample;
    sample_host_change(&sample);
    open_tracking(&tracking, model, true);
    assert_int_equal(add(&tracking, &sample, 3, &change, &record), 0);
    host_model_stats_t stats;
    host_model_stats(model, &stats);
    assert_int_equal(stats.observations, 0);
    host_tracking_clear(&tracking);
    host_model_free(model);
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
