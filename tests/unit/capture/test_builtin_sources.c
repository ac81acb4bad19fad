/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/builtin_sources.h"
#include "support/descriptor_checks.h"

static void sources_check_their_options(void **state)
{
    (void)state;
    check_descriptors(capture_sources);
}

/* Mistakes other than the type of a value. */
static void each_part_is_named(void **state)
{
    (void)state;
    static const wrong_row_t rows[] = {
        {"file:", ": file:: no capture named"},
        {"file:x?filter=tcp porrt 80", "filter: file:x: filter: 'tcp porrt 80': "},
        {"file:x?filter=wlan type mgt", ""}, /* of the link type 802.11 only */
        {"file:/nonexistent?filter=tcp", ""},
        {"follow:", ": follow:: no directory named"},
        {"follow:/nonexistent?filter=(", "filter: follow:/nonexistent: filter: '(': "},
        {"live:", ": live:: '' is not the name of an interface"},
        {"live:a-name-of-20-letters?filter=)&fanout=no", "fanout: live:a-name-of-20-letters: fanout: 'no' is "
                                                         "unknown; write auto, hash or inner|: live:a-name|"
                                                         "filter: live:a-name-of-20-letters: filter: ')': "},
        {"sflow://[::1", ": sflow://[::1: "},
    };
    check_rows(capture_sources, rows, G_N_ELEMENTS(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sources_check_their_options),
                                       cmocka_unit_test(each_part_is_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
