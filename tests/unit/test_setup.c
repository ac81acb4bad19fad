/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/setup.h"

#include <string.h>

static settings_t *with(const char *text)
{
    settings_t *settings = settings_new();
    synfix_error_t error;
    assert_int_equal(settings_read_text(settings, "conf", text, strlen(text), &error), SYNFIX_OK);
    return settings;
}

static void test_check(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *reason; /* NULL: good */
    } rows[] = {
        {"", NULL},
        {"[engine]\nuptime=p0f\nworkers=auto\n[export]\nto=text:-;json:x\n", NULL},
        {"[engine]\nuptime=sometimes\n", "uptime: 'sometimes'"},
        {"[engine]\nworkers=65\n", "workers: '65'"},
        {"[engine]\nworkers=0\n", "workers: '0'"},
        {"[capture]\ncpus=0,1\n", NULL},
        {"[capture]\ncpus=0,x\n", "cpus: '0,x'"},
        {"[export]\nto=nowhere:x\n", "nowhere:x: no such sink"},
        {"[engine]\nenrich=nothing\n", "nothing: no such enricher"},
        {"[filter]\nports=70000\n", ""},
        {"[filter]\nnot-addresses=192.0.2.0/33\n", ""},
        {"[filter]\naddresses=192.0.2.0/24,2001:db8::/32\n", NULL},
        {"[engine]\nsigdb=/nonexistent.fp\n", "/nonexistent.fp: "},
        {"[engine]\nload=/nonexistent.so\n", "/nonexistent.so"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        g_autoptr(settings_t) settings = with(rows[i].text);
        synfix_error_t error = {.text = ""};
        const synfix_status_t status = setup_check(settings, true, &error);
        if ((status >= 0) != (rows[i].reason == NULL))
            fail_msg("%s: %s", rows[i].text, error.text);
        if (rows[i].reason && !g_str_has_prefix(error.text, rows[i].reason))
            fail_msg("%s: %s", rows[i].text, error.text);
    }
}

static void test_no_filter(void **state)
{
    (void)state;
    g_autoptr(settings_t) settings = settings_new();
    filter_t *filter = NULL;
    synfix_error_t error;
    assert_int_equal(setup_filter(settings, &filter, &error), SYNFIX_OK);
    assert_null(filter);
}

static void test_open(void **state)
{
    (void)state;
    char missing[] = "/nonexistent.pcap";
    char capture[] = SYNFIX_TEST_DATA "/web.pcap";
    char *const bad[] = {missing, NULL};
    char *const good[] = {capture, NULL};
    g_autoptr(settings_t) settings = with("[filter]\nfilter=tcp and not port 99\n");
    settings->dry_run = TRUE;
    g_autoptr(log_t) log = log_new(LOG_LEVEL_ERROR);
    synfix_error_t error;
    setup_t setup = {.registry = NULL};
    assert_true(setup_open(&setup, settings, bad, false, log, &error) < 0);
    assert_true(g_str_has_prefix(error.text, missing));
    setup_release(&setup);
    assert_int_equal(setup_open(&setup, settings, good, false, log, &error), SYNFIX_OK);
    assert_int_equal(pipeline_run(setup.pipeline, &error), SYNFIX_OK);
    g_autofree pipeline_summary_t *summary = g_new0(pipeline_summary_t, 1);
    pipeline_summary(setup.pipeline, summary);
    assert_int_equal(summary->engine.verdicts[SYNFIX_VERDICT_SYN], 13);
    assert_int_equal(summary->engine.packets_received, 50);
    setup_release(&setup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check),
        cmocka_unit_test(test_no_filter),
        cmocka_unit_test(test_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
