/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/thread_start.h"
#include <string.h>

static void *note(void *user)
{
    *(int *)user = 1;
    return user;
}

static void runs_the_function(void **state)
{
    (void)state;
    pthread_t thread;
    int noted = 0;
    void *result = NULL;
    synfix_error_t error;
    assert_int_equal(thread_start(&thread, note, &noted, "reader", &error), SYNFIX_OK);
    assert_int_equal(pthread_join(thread, &result), 0);
    assert_int_equal(noted, 1);
    assert_ptr_equal(result, &noted);
}

/* A stack that the address space has no room for. */
static void names_what_has_no_thread(void **state)
{
    (void)state;
    pthread_t thread;
    synfix_error_t error;
    pthread_attr_t attributes, before;
    assert_int_equal(pthread_getattr_default_np(&before) | pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstacksize(&attributes, SIZE_MAX - 0x3FFFFFF), 0);
    assert_int_equal(pthread_setattr_default_np(&attributes), 0);
    const synfix_status_t status = thread_start(&thread, note, NULL, "reader", &error);
    assert_int_equal(pthread_setattr_default_np(&before), 0);
    assert_int_equal(status, SYNFIX_NO_MEMORY);
    assert_ptr_equal(strstr(error.text, "reader: no thread: "), error.text);
    assert_non_null(strstr(error.text, "ulimit -u"));
    assert_non_null(strstr(error.text, "ulimit -v"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_the_function),
        cmocka_unit_test(names_what_has_no_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
