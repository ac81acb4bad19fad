/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/decimal_digits.h"
#include <stdio.h>
#include <string.h>

static void each_octet_and_a_point(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 256; i++) {
        char wanted[8];
        const int length = snprintf(wanted, sizeof wanted, "%u.", i);
        assert_memory_equal(decimal_octets[i], wanted, (size_t)length);
        for (int k = length; k < 4; k++) { /* a copy of four bytes writes no other text */
            assert_int_equal(decimal_octets[i][k], 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_octet_and_a_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
