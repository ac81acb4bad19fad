/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/fanout/fanout_probe.h"
#include "support/skip.h"
#include <stdlib.h>
#include <string.h>

/* A mode that this machine does not permit is skipped; the test needs a machine that permits it. */
static fanout_probe_t tried(fanout_mode_t mode)
{
    fanout_probe_t trial;
    synfix_error_t error = {.text = ""};
    if (fanout_probe_run(mode, &trial, &error) != SYNFIX_OK) {
        assert_memory_equal(error.text, "lo: ", 4);
        SKIP("%s; run as root", error.text);
    }
    return trial;
}

static void program_brings_all_together(void **state)
{
    (void)state;
    const fanout_probe_t trial = tried(FANOUT_AUTO);
    assert_int_equal(trial.mode, FANOUT_INNER);
    assert_true(fanout_probe_all(&trial));
}

static void hash_does_not_look_into_vxlan(void **state)
{
    (void)state;
    const fanout_probe_t trial = tried(FANOUT_HASH);
    assert_int_equal(trial.mode, FANOUT_HASH);
    assert_int_equal(trial.same_socket[FANOUT_IPV4], FANOUT_PROBE_FLOWS);
    assert_int_equal(trial.same_socket[FANOUT_IPV6], FANOUT_PROBE_FLOWS);
    assert_true(trial.same_socket[FANOUT_VXLAN] < FANOUT_PROBE_FLOWS);
    assert_false(fanout_probe_all(&trial));
}

static void names(void **state)
{
    (void)state;
    fanout_mode_t mode = FANOUT_AUTO;
    assert_true(fanout_mode_of("hash", &mode));
    assert_int_equal(mode, FANOUT_HASH);
    assert_true(fanout_mode_of("inner", &mode));
    assert_int_equal(mode, FANOUT_INNER);
    assert_false(fanout_mode_of("", &mode));
    for (fanout_encapsulation_t i = 0; i < FANOUT_ENCAPSULATIONS; i++) {
        assert_non_null(fanout_encapsulation_name(i));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(program_brings_all_together),
                                       cmocka_unit_test(hash_does_not_look_into_vxlan),
                                       cmocka_unit_test(names)};
    return tests_exit_code(cmocka_run_group_tests(tests, NULL, NULL));
}
