/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* With a database of one node made here: 128.0.0.0/1 is in NL and AS 64500, the other half in nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/enrichers/enrichers.h"
#include "support/sample_observation.h"

#ifdef SYNFIX_HAVE_MAXMINDDB
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Controls of MaxMind's format: map 0xE0+n, UTF-8 0x40+n, uint16 0xA0+n, uint32 0xC0+n; n is the size. */
static const char database[] =
    /* node 0, two records of 24 bits: nothing (1 = node count), data at 0 (1 + 16) */
    "\x00\x00\x01\x00\x00\x11"
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
    "\xE3\x47"
    "country\xE1\x48"
    "iso_code\x42"
    "NL"
    "\x58"
    "autonomous_system_number\xC2\xFB\xF4"
    "\x5D\x01"
    "autonomous_system_organization\x47"
    "Ex\nmple"
    "\xAB\xCD\xEFMaxMind.com"
    "\xE9"
    "\x4A"
    "node_count\xC1\x01"
    "\x4B"
    "record_size\xA1\x18"
    "\x4A"
    "ip_version\xA1\x04"
    "\x4D"
    "database_type\x44"
    "test"
    "\x49"
    "languages\x01\x04\x42"
    "en"
    "\x5B"
    "binary_format_major_version\xA1\x02"
    "\x5B"
    "binary_format_minor_version\xA1\x01"
    "\x4B"
    "build_epoch\x01\x02\x01"
    "\x4B"
    "description\xE1\x42"
    "en\x44"
    "test";

static void a_host_in_the_database_and_one_outside(void **state)
{
    (void)state;
    char path[] = "/tmp/synfix-geoip-XXXXXX";
    char settings[96];
    const int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, database, sizeof database - 1), sizeof database - 1);
    (void)close(file);
    (void)snprintf(settings, sizeof settings, "country=%s&asn=%s", path, path);

    const synfix_enricher_t *enricher = geoip_module.enricher;
    synfix_annotation_t annotations[SYNFIX_ANNOTATIONS_MAX];
    synfix_options_t *options = NULL;
    synfix_error_t error;
    sample_t sample;
    void *instance = NULL;
    void *worker = NULL;
    sample_syn(&sample);
    assert_int_equal(module_options_make(&geoip_module, "", settings, &options, &error), SYNFIX_OK);
    if (enricher->open(NULL, options, &instance, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(enricher->worker_open(instance, 0, &worker, NULL), SYNFIX_OK);
    sample.observation.annotations = annotations;
    assert_int_equal(enricher->enrich(instance, worker, &sample.observation), SYNFIX_OK);
    assert_int_equal(sample.observation.annotation_count, 0);
    sample.headers.source.bytes[0] = 200;
    assert_int_equal(enricher->enrich(instance, worker, &sample.observation), SYNFIX_OK);
    assert_int_equal(sample.observation.annotation_count, 3);
    assert_string_equal(annotations[0].name, "source_country");
    assert_string_equal(annotations[0].text, "NL");
    assert_string_equal(annotations[1].text, "64500");
    assert_string_equal(annotations[2].text, "Ex mple");
    assert_int_equal(truncate(path, 0), 0); /* as by cp: the mapped file must not change */
    assert_int_equal(enricher->enrich(instance, worker, &sample.observation), SYNFIX_OK);
    assert_int_equal(sample.observation.annotation_count, 6);
    assert_string_equal(annotations[5].text, "Ex mple");
    assert_true(enricher->reload(instance, &error) < 0);
    enricher->worker_close(instance, worker);
    enricher->close(instance);
    module_options_free(options);
    (void)unlink(path);
}

static void refusals(void **state)
{
    (void)state;
    static const struct {
        const char *settings;
        const char *reason;
    } table[] = {
        {NULL, "geoip: no database; write geoip?country=FILE"},
        {"country=/nonexistent.mmdb", "/nonexistent.mmdb: "},
        {"asn=/etc/passwd", "/etc/passwd: "},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        synfix_options_t *options = NULL;
        synfix_error_t error;
        void *instance = NULL;
        assert_int_equal(module_options_make(&geoip_module, "", table[i].settings, &options, &error),
                         SYNFIX_OK);
        assert_true(geoip_module.enricher->open(NULL, options, &instance, &error) < 0);
        assert_non_null(strstr(error.text, table[i].reason));
        module_options_free(options);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_in_the_database_and_one_outside),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    print_message(
        "skipped: built without libmaxminddb; install the package libmaxminddb-dev and build again\n");
    return 0;
}
#endif
