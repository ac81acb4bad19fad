/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/huge_pages.h"

static void test_sizes(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 64, 4096, (2u << 20) - 1, 2u << 20, (2u << 20) + 1, 5000000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint8_t *memory = huge_pages_new(sizes[i]);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % 64, 0);
        assert_int_equal(memory[0] | memory[sizes[i] - 1], 0);
        memset(memory, 1, sizes[i]);
        huge_pages_free(memory);
    }
    huge_pages_free(NULL);
    assert_null(huge_pages_new(SIZE_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sizes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
