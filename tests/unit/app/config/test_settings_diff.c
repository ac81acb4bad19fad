/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/config/settings.h"
#include <string.h>

static settings_t *settings_of(const char *text)
{
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    settings_t *settings = settings_new();
    settings_read_text(settings, "conf", text, strlen(text), mistakes);
    assert_int_equal(mistakes_count(mistakes), 0);
    return settings;
}

static void names_what_differs(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *after;
        const char *at_once;
        const char *after_a_restart;
    } table[] = {
        {"", "", "", ""},
        {"[export]\nflush=1000ms\n", "[export]\nflush=1s\n", "", ""},
        {"[export]\nflush=1s\n", "[export]\nflush=2s\n", "[export] flush", ""},
        {"[capture]\nbuffer=1M\n", "[capture]\nbuffer=2M\nsnaplen=128\n", "",
         "[capture] buffer, [capture] snaplen"},
        {"[process]\nuser=a\n", "[metrics]\nmetrics-file=b\n", "[metrics] metrics-file", "[process] user"},
        {"[filter]\nports=22\n", "[filter]\nports=22,80\n", "[filter] ports", ""},
        {"[capture]\npromiscuous=yes\n", "[capture]\npromiscuous=no\n", "[capture] promiscuous", ""},
        /* the clocks of p0f begin with the run */
        {"[engine]\nuptime=off\n", "[engine]\nuptime=regression\n", "[engine] uptime", ""},
        {"[engine]\nuptime=p0f\n", "[engine]\nuptime=regression\n", "", "[engine] uptime"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(settings_t) before = settings_of(table[i].before);
        g_autoptr(settings_t) after = settings_of(table[i].after);
        g_autoptr(GString) at_once = g_string_new(NULL);
        g_autoptr(GString) later = g_string_new(NULL);
        const unsigned counts[] = {settings_changes(before, after, TRUE, at_once),
                                   settings_changes(before, after, FALSE, later)};
        assert_string_equal(at_once->str, table[i].at_once);
        assert_string_equal(later->str, table[i].after_a_restart);
        assert_int_equal(counts[0] > 0, at_once->len > 0);
        assert_int_equal(counts[1], later->len == 0 ? 0 : strchr(later->str, ',') != NULL ? 2 : 1);
    }
}

/* off, p0f, regression: p0f had no effect, so the last reload changes off to regression. */
static void a_change_without_effect_is_no_state(void **state)
{
    (void)state;
    g_autoptr(settings_t) off = settings_of("[engine]\nuptime=off\n");
    g_autoptr(settings_t) p0f = settings_of("[engine]\nuptime=p0f\n");
    g_autoptr(settings_t) regression = settings_of("[engine]\nuptime=regression\n");
    g_autoptr(GString) names = g_string_new(NULL);
    settings_keep_effective(p0f, off);
    assert_int_equal(settings_changes(p0f, regression, TRUE, names), 1);
    assert_string_equal(names->str, "[engine] uptime");
    settings_keep_effective(regression, p0f);
    assert_string_equal(regression->uptime, "regression");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_what_differs),
        cmocka_unit_test(a_change_without_effect_is_no_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
