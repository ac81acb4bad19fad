/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "values/interface_name.h"
#include <string.h>

static void test_advice(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *advice;
    } rows[] = {
        {"eth9", "--list-interfaces"},        {"eth0.7", "--list-interfaces"}, {"", "--list-interfaces"},
        {"eth0,eth1", "by its own -i"},       {"eth0 eth1", "by its own -i"},  {"\"eth0\"", "without quotes"},
        {"eth0 # uplink", "on its own line"}, {"'eth0'", "without quotes"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strstr(interface_name_advice(rows[i].name), rows[i].advice) == NULL) {
            fail_msg("%s: %s", rows[i].name, interface_name_advice(rows[i].name));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_advice)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
