/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/hosts/hosts_feeder.h"
#include "support/host_sightings.h"

/* More than all blocks hold; the model has everything after each drain, in order. */
static void nothing_is_lost(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    hosts_feeder_t *feeder = hosts_feeder_new(model);
    host_sighting_t sighting = sighting_of(model, 7, LINUX_TEXT, &linux_label, 0);
    for (unsigned round = 1; round <= 3; round++) {
        for (unsigned i = 0; i < 10001; i++) {
            sighting.time_ns += 1000;
            hosts_feeder_put(feeder, &sighting);
        }
        hosts_feeder_drain(feeder);
        const host_row_t row = row_of(model, 7);
        assert_int_equal(row.observations, round * 10001);
        assert_int_equal(row.last_ns, sighting.time_ns);
    }
    hosts_feeder_put(feeder, &sighting);
    hosts_feeder_free(feeder);
    assert_int_equal(row_of(model, 7).observations, 3 * 10001 + 1);
    host_model_free(model);
}

static void an_unused_feeder_ends(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    hosts_feeder_t *feeder = hosts_feeder_new(model);
    hosts_feeder_drain(feeder);
    hosts_feeder_free(feeder);
    hosts_feeder_free(NULL);
    host_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_lost),
                                       cmocka_unit_test(an_unused_feeder_ends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
