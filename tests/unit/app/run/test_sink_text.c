/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/run/prepare_run.h"
#include "app/run/sink_text.h"
#include <glib.h>

static void a_line_format_alone_is_standard_output(void **state)
{
    static const struct {
        const char *text;
        const char *whole;
    } cases[] = {
        {"json", "json:-"},
        {"text", "text:-"},
        {"csv", "csv:-"},
        {"eve?append=no", "eve:-?append=no"},
        {"p0f", "p0f:-"},
        {"zeek?format=json", "zeek:-?format=json"},
        {"ecs", "ecs:-"},
        {"json:", "json:"}, /* an unset variable of a script */
        {"json:?append=no", "json:?append=no"},
        {"json:a", "json:a"},
        {"file", "file"},
        {"tcp", "tcp"},
        {"syslog", "syslog"},
        {"inventory", "inventory"},
        {"kafka", "kafka"},
        {"JSON", "JSON"},
        {"-", "-"},
        {"", ""},
    };
    synfix_error_t error;
    registry_t *registry = NULL;
    (void)state;
    assert_int_equal(registry_of_program(NULL, &registry, &error), SYNFIX_OK);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *whole = sink_text_complete(registry, cases[i].text);
        assert_string_equal(whole, cases[i].whole);
    }
    registry_free(registry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_format_alone_is_standard_output),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
