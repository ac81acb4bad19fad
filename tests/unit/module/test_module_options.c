/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/parse_options.h"
#include <string.h>

static const synfix_option_t list[] = {
    {.name = "path", .type = SYNFIX_OPTION_STRING, .help = "text"},
    {.name = "size", .type = SYNFIX_OPTION_INTEGER, .fallback = "4k", .minimum = 1, .maximum = 1 << 20},
    {.name = "wait", .type = SYNFIX_OPTION_DURATION, .fallback = "2", .minimum = 10, .maximum = 60000},
    {.name = "big", .type = SYNFIX_OPTION_BOOLEAN, .fallback = "no"},
    {.name = NULL},
};
static const synfix_module_t module = {.name = "demo", .options = list};

static void defaults_and_values(void **state)
{
    (void)state;
    synfix_options_t *options = NULL;
    assert_int_equal(parse_options(&module, "demo:-", &options, NULL), SYNFIX_OK);
    assert_string_equal(synfix_options_target(options), "-");
    assert_string_equal(synfix_options_scheme(options), "demo");
    assert_null(synfix_options_string(options, "path"));
    assert_int_equal(synfix_options_integer(options, "size"), 4096);
    assert_int_equal(synfix_options_duration_ms(options, "wait"), 2000);
    assert_false(synfix_options_boolean(options, "big"));
    assert_int_equal(synfix_options_integer(options, "nothing"), 0);
    module_options_free(options);

    assert_int_equal(
        parse_options(&module, "demo://[::1]:80?path=a%26b%25c=d&size=2k&wait=500ms&big", &options, NULL),
        SYNFIX_OK);
    assert_string_equal(synfix_options_target(options), "[::1]:80");
    assert_string_equal(synfix_options_string(options, "path"), "a&b%c=d");
    assert_int_equal(synfix_options_integer(options, "size"), 2048);
    assert_int_equal(synfix_options_duration_ms(options, "wait"), 500);
    assert_true(synfix_options_boolean(options, "big"));
    module_options_free(options);

    assert_int_equal(module_options_make(&module, "a?b&c", "size=7", &options, NULL), SYNFIX_OK);
    assert_string_equal(synfix_options_target(options), "a?b&c");
    assert_int_equal(synfix_options_integer(options, "size"), 7);
    module_options_free(options);
}

static void refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *reason;
    } table[] = {
        {"demo", "SCHEME:TARGET"},
        {"Demo:x", "SCHEME:TARGET"},
        {"other:x", "not a demo"},
        {"demo:x?colour=red", "the options are: path, size, wait, big"},
        {"demo:x?size", "has no value; write size=VALUE"},
        {"demo:x?size=", "is not a number from 1 to 1M"},
        {"demo:x?size=4T", "'4T' is not a number"},
        {"demo:x?size=0", "'0' is not a number from 1"},
        {"demo:x?size=9999999999999999999", "is not a number"},
        {"demo:x?size=8589934592G", "is not a number"},
        {"demo:x?wait=5y", "'5y' is not a time"},
        {"demo:x?wait=2m", "is not a time from 10ms to 1m"},
        {"demo:x?big=maybe", "yes or no"},
        {"demo:x?size=1&size=2", "is set twice"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        synfix_options_t *options = NULL;
        synfix_error_t error;
        assert_int_equal(parse_options(&module, table[i].text, &options, &error), SYNFIX_INVALID);
        assert_null(options);
        assert_non_null(strstr(error.text, table[i].reason));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(defaults_and_values), cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
