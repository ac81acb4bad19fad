/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/enrichers/enrichers.h"
#include "support/sample_observation.h"

static void fingerprints(void **state)
{
    (void)state;
    static const struct {
        uint16_t window;
        synfix_tcp_options_t options;
        const char *expected;
    } table[] = {
        {26847,
         {.layout = {2, 4, 8, 1, 3},
          .layout_count = 5,
          .has_mss = true,
          .mss = 1460,
          .has_window_scale = true,
          .window_scale = 8},
         "26847:2-4-8-1-3:1460:8"},
        {1024, {.layout = {2}, .layout_count = 1, .has_mss = true, .mss = 1460}, "1024:2:1460:"},
        {0, {.layout_count = 0}, "0:::"},
        {65535,
         {.layout = {2, 3}, .layout_count = 2, .has_mss = true, .mss = 0, .has_window_scale = true},
         "65535:2-3:0:0"},
    };
    const synfix_enricher_t *enricher = muon_module.enricher;
    sample_t sample;
    void *instance = NULL;
    void *worker = NULL;
    sample_syn(&sample);
    assert_int_equal(enricher->open(NULL, NULL, &instance, NULL), SYNFIX_OK);
    assert_int_equal(enricher->worker_open(instance, 0, &worker, NULL), SYNFIX_OK);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        sample.headers.window = table[i].window;
        sample.options = table[i].options;
        assert_int_equal(enricher->enrich(instance, worker, &sample.observation), SYNFIX_OK);
        assert_string_equal(sample.observation.muon_fingerprint, table[i].expected);
    }
    enricher->worker_close(instance, worker);
    enricher->close(instance);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(fingerprints)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
