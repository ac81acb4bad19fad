/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "sigdb_tools/sigdb_tools.h"

static void learns_from_one_half_and_tells_of_the_other(void **state)
{
    (void)state;
    const synfix_label_t label = {.type = 's', .name = "Linux", .text = "Linux 4.x"};
    const synfix_label_t proxy = {.type = 's', .name = "Proxy or middlebox", .text = "Proxy or middlebox"};
    const synfix_match_t match = {.kind = SYNFIX_MATCH_EXACT, .quality = 90, .label = &label};
    const synfix_match_t undecided = {.kind = SYNFIX_MATCH_EXACT, .quality = 90, .label = &proxy};
    sigdb_observed_t right = {.name = "Android", .exact = true, .weight = 7};
    const sigdb_observed_t wrong = {.name = "Windows", .exact = true, .weight = 1};
    static sigdb_calibration_t calibration;
    char text[2048] = "";
    assert_true(sigdb_calibration_add(&calibration, &right, &match, true));
    assert_false(sigdb_calibration_add(&calibration, &wrong, &match, true));
    assert_true(sigdb_calibration_add(&calibration, &right, &undecided, true));
    assert_true(sigdb_calibration_add(&calibration, &right, &match, false));
    assert_true(sigdb_calibration_add(&calibration, &wrong, &undecided, false));
    /* answers are kept apart; nothing of them to tell: no table */
    right.direction = SYNFIX_DIRECTION_RESPONSE;
    assert_true(sigdb_calibration_add(&calibration, &right, &match, true));
    FILE *out = fmemopen(text, sizeof text, "w");
    sigdb_calibration_print(&calibration, out);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "\n90                        8          87.5%             80\n"));
    assert_non_null(strstr(text, "SYN, the other half, 8 observations, 12.5% undecided:\n"));
    assert_non_null(strstr(text, "\n81 to 90                  7         100.0%           0.0%\n"));
    assert_null(strstr(text, "SYN+ACK"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(learns_from_one_half_and_tells_of_the_other)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
