/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/engine_fixture.h"

static void on_sample(const synfix_timestamp_sample_t *point, void *user)
{
    (void)point;
    (void)user;
}

static void test_refused_configurations(void **state)
{
    (void)state;
    seen_t seen;
    synfix_engine_config_t good;
    synfix_engine_config_init(&good, sizeof good);
    good.on_observation = on_observation;
    good.observation_user = &seen;
    synfix_engine_config_t bad[7] = {good, good, good, good, good, good, good};
    bad[0].on_observation = NULL;
    bad[1].handshakes = SYNFIX_HANDSHAKES_MIN - 1;
    bad[2].hosts = SYNFIX_HOSTS_MAX + 1;
    bad[3].fingerprint_slots = 0;
    bad[4].uptime = (synfix_uptime_mode_t)9;
    bad[5].uptime = SYNFIX_UPTIME_P0F;
    bad[5].on_timestamp_sample = on_sample;
    bad[6].signatures = (synfix_signature_mode_t)2;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        synfix_engine_t *engine = NULL;
        synfix_error_t error = {.text = ""};
        assert_int_equal(synfix_engine_new(&bad[i], &engine, &error), SYNFIX_INVALID);
        assert_int_equal(strncmp(error.text, "engine: ", 8), 0);
        assert_null(engine);
    }
    synfix_engine_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused_configurations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
