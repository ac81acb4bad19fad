/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/on_demand.h"
#include <pthread.h>
#include <string.h>

/* Functions of the C library, which is always there. */
typedef struct functions {
    size_t (*strlen)(const char *text);
    int (*strcmp)(const char *a, const char *b);
} functions_t;

#define LIBRARY "libc.so.6"

static on_demand_t table(const char *library, const char *names, functions_t *functions)
{
    return (on_demand_t){.library = library, .names = names, .functions = functions};
}

static void test_functions_are_found(void **state)
{
    (void)state;
    functions_t functions = {0};
    on_demand_t library = table(LIBRARY, "strlen\0strcmp\0", &functions);
    synfix_error_t error = {.text = ""};
    assert_int_equal(on_demand_load(&library, &error), SYNFIX_OK);
    on_demand_need(&library);
    assert_int_equal(functions.strlen("four"), 4);
    assert_int_equal(functions.strcmp("a", "a"), 0);
    assert_int_equal(on_demand_load(&library, &error), SYNFIX_OK);
}

static void test_missing_library_is_named(void **state)
{
    (void)state;
    functions_t functions = {0};
    on_demand_t library = table("libsynfix-missing.so.9", "strlen\0", &functions);
    synfix_error_t error = {.text = ""};
    assert_int_equal(on_demand_load(&library, &error), SYNFIX_UNSUPPORTED);
    assert_non_null(strstr(error.text, "the library libsynfix-missing.so.9 cannot be loaded"));
    library.library = LIBRARY; /* as if the package were installed now */
    assert_int_equal(on_demand_load(&library, &error), SYNFIX_OK);
}

static void test_missing_function_is_named(void **state)
{
    (void)state;
    functions_t functions = {0};
    on_demand_t library = table(LIBRARY, "strlen\0synfix_missing\0", &functions);
    synfix_error_t error = {.text = ""};
    assert_int_equal(on_demand_load(&library, &error), SYNFIX_UNSUPPORTED);
    assert_string_equal(error.text, LIBRARY " has no function synfix_missing: another version is needed");
}

static functions_t shared_functions;
static on_demand_t shared = {.library = LIBRARY, .names = "strlen\0strcmp\0", .functions = &shared_functions};

static void *use(void *result)
{
    on_demand_need(&shared);
    *(size_t *)result = shared_functions.strlen("four");
    return NULL;
}

static void test_threads_load_once(void **state)
{
    (void)state;
    pthread_t threads[8];
    size_t results[8] = {0};
    for (unsigned i = 0; i < 8; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, use, &results[i]), 0);
    }
    for (unsigned i = 0; i < 8; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(results[i], 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_functions_are_found),
        cmocka_unit_test(test_missing_library_is_named),
        cmocka_unit_test(test_missing_function_is_named),
        cmocka_unit_test(test_threads_load_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
