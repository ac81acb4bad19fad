/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/run/follow_sinks.h"
#include "app/run/prepare_run.h"
#include "module/option_mistakes.h"
#include <glib.h>

static void each_sink(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *append; /* NULL: the sink has no such option */
        bool replaces;
    } rows[] = {
        {"json:a", "yes", false},
        {"csv:a", "yes", false},
        {"json:a?append=no", "no", false},
        {"csv:a?append=auto", "auto", false},
        {"file:a.ipfix", NULL, true},
        {"file:a.ipfix?rotate-time=1d", NULL, false},
        {"file:a.ipfix?rotate-size=1M", NULL, false},
        {"file:-", NULL, false},
        {"file:/dev/null", NULL, false},
        {"tcp://192.0.2.1", NULL, false},
    };
    registry_t *registry = NULL;
    synfix_error_t error;
    assert_int_equal(registry_of_program(NULL, &registry, &error), SYNFIX_OK);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        synfix_mistakes_t *mistakes = option_mistakes_new();
        module_spec_t *spec = module_spec_read(registry, SYNFIX_MODULE_SINK, rows[i].text, mistakes);
        assert_int_equal(option_mistakes_count(mistakes), 0);
        assert_non_null(spec);
        assert_int_equal(follow_sinks_append(spec, &error), SYNFIX_OK);
        if (rows[i].append != NULL) {
            assert_string_equal(synfix_options_string(spec->options, "append"), rows[i].append);
        }
        assert_int_equal(follow_sinks_replaces(spec), rows[i].replaces);
        module_spec_unref(spec);
        option_mistakes_free(mistakes);
    }
    registry_free(registry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_sink)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
