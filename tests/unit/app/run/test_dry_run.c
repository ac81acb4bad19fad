/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/run/dry_run.h"
#include "capture/file/file_source.h"
#include "exporter/enrichers/enrichers.h"
#include "exporter/formats/text_sink.h"
#include "exporter/ipfix_file/file_sink.h"
#include "support/module_specs.h"
#include "support/working_directory.h"
#include <string.h>

static synfix_status_t plan(GString *text, const char *sink, const char *setting, synfix_error_t *error)
{
    g_autoptr(settings_t) settings = settings_new();
    module_spec_t *const sources[] = {spec_of_target(&capture_file_module, "x.pcap")};
    module_spec_t *const enrichers[] = {spec_of(&community_id_module, "community-id?seed=3")};
    module_spec_t *const sinks[] = {spec_of(&file_module, sink),
                                    spec_of(&file_module, "file:b?profile=compact"),
                                    spec_of(&text_module, "text:-")};
    pipeline_config_t config;
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    settings_read_text(settings, "conf", setting, strlen(setting), mistakes);
    assert_int_equal(mistakes_count(mistakes), 0);
    pipeline_config_init(&config);
    config.sources = sources;
    config.source_count = 1;
    config.enrichers = enrichers;
    config.enricher_count = 1;
    config.sinks = sinks;
    config.sink_count = 3;
    config.workers = 4;
    return dry_run_append(text, &config, settings, error);
}

static unsigned count(const char *text, const char *wanted)
{
    unsigned found = 0;
    for (const char *at = text; (at = strstr(at, wanted)) != NULL; at++) {
        found++;
    }
    return found;
}

static void in_the_order_of_the_pipeline(void **state)
{
    (void)state;
    g_autoptr(GString) text = g_string_new(NULL);
    synfix_error_t error = {.text = ""};
    assert_int_equal(
        plan(text, "file:a?profile=compact&size=1400", "[filter]\nfilter = tcp\nports = 80;443\n", &error),
        SYNFIX_OK);
    static const char *const wanted[] = {"source     file x.pcap: ",
                                         "filter     libpcap: tcp\n",
                                         "filter     ports: 80\nfilter     ports: 443\n",
                                         "workers    4; uptime: regression; signatures: packet\n",
                                         "then 268435456 bytes on disk, then reading waits",
                                         "enricher   community-id: ",
                                         "seed=3",
                                         "sink       file a: ",
                                         "size=1400",
                                         "sink       file b: ",
                                         "sink       text -: ",
                                         "template   ",
                                         "as without a tunnel, and encapsulationKind"};
    const char *at = text->str;
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
        const char *found = strstr(at, wanted[i]);
        if (!found) {
            fail_msg("'%s' is not behind the ones before it in:\n%s", wanted[i], text->str);
        }
        at = found;
    }
    /* two sinks with one profile have the same templates: reported once */
    assert_int_equal(count(text->str, "\ntemplate   "), 12);
}

/* A specification that was not checked: the plan reads the profile and finds it missing. */
static void mistakes(void **state)
{
    (void)state;
    g_autoptr(GString) text = g_string_new(NULL);
    synfix_error_t error = {.text = ""};
    assert_true(plan(text, "file:a?profile=none", "", &error) < 0);
    assert_non_null(strstr(error.text, "none"));
}

static void names_are_printable(void **state)
{
    (void)state;
    g_autoptr(GString) text = g_string_new(NULL);
    synfix_error_t error = {.text = ""};
    assert_int_equal(plan(text, "file:\xE9\33[2J?state=\xE9\n", "[filter]\nfilter = a\\tb\n", &error),
                     SYNFIX_OK);
    assert_non_null(strstr(text->str, "\nsink       file ??[2J: "));
    assert_non_null(strstr(text->str, " state=??"));
    assert_non_null(strstr(text->str, "\nfilter     libpcap: a?b\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_the_order_of_the_pipeline), cmocka_unit_test(mistakes),
        cmocka_unit_test_setup_teardown(names_are_printable, enter_temporary_directory,
                                        leave_temporary_directory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
