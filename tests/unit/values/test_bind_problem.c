/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "values/bind_problem.h"
#include <errno.h>
#include <string.h>

static void a_refused_port_has_a_remedy(void **state)
{
    (void)state;
    assert_non_null(strstr(bind_problem(EACCES), "CAP_NET_BIND_SERVICE; choose another port"));
    assert_string_equal(bind_problem(EADDRINUSE), strerror(EADDRINUSE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refused_port_has_a_remedy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
