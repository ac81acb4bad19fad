/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/secrets.h"
#include <string.h>

static void masks_values(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *masked;
    } cases[] = {
        {"json:out", "json:out"},
        {"set=sasl.password=ab,cd&topic=t", "set=sasl.password=*****&topic=t"},
        {"a.secret=xyz&b.password=q", "a.secret=***&b.password=*"},
        {"password-file=/etc/p", "password-file=/etc/p"},
        {"password=", "password="},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[64];
        strcpy(text, cases[i].text);
        (void)secrets_mask(text);
        assert_string_equal(text, cases[i].masked);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(masks_values)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
