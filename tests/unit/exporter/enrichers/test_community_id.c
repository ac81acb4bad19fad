/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/enrichers/enrichers.h"
#include "support/sample_observation.h"
#include <arpa/inet.h>

static void expect(const char *settings, const synfix_headers_t *headers, const char *id)
{
    const synfix_enricher_t *enricher = community_id_module.enricher;
    synfix_options_t *options = NULL;
    synfix_observation_t observation = {.headers = headers};
    void *instance = NULL;
    void *worker = NULL;
    assert_int_equal(module_options_make(&community_id_module, "", settings, &options, NULL), SYNFIX_OK);
    assert_int_equal(enricher->open(NULL, options, &instance, NULL), SYNFIX_OK);
    assert_int_equal(enricher->worker_open(instance, 0, &worker, NULL), SYNFIX_OK);
    assert_int_equal(enricher->enrich(instance, worker, &observation), SYNFIX_OK);
    assert_string_equal(observation.community_id, id);
    enricher->worker_close(instance, worker);
    enricher->close(instance);
    module_options_free(options);
}

static void reversed(synfix_headers_t *headers)
{
    const synfix_headers_t forward = *headers;
    headers->source = forward.destination;
    headers->destination = forward.source;
    headers->source_port = forward.destination_port;
    headers->destination_port = forward.source_port;
}

/* Flows of the specification's own baseline. */
static void ids_of_the_baseline(void **state)
{
    (void)state;
    synfix_headers_t headers = {.source = {{128, 232, 110, 120}},
                                .destination = {{66, 35, 250, 204}},
                                .source_port = 34855,
                                .destination_port = 80,
                                .ip_version = 4};
    expect(NULL, &headers, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
    expect("seed=1", &headers, "1:3V71V58M3Ksw/yuFALMcW0LAHvc=");
    reversed(&headers);
    expect(NULL, &headers, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");

    headers = (synfix_headers_t){.source_port = 63943, .destination_port = 25, .ip_version = 6};
    assert_int_equal(inet_pton(AF_INET6, "2001:470:e5bf:dead:4957:2174:e82c:4887", &headers.source), 1);
    assert_int_equal(inet_pton(AF_INET6, "2607:f8b0:400c:c03::1a", &headers.destination), 1);
    expect(NULL, &headers, "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=");
    reversed(&headers);
    expect(NULL, &headers, "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=");
}

static void equal_addresses_are_ordered_by_port(void **state)
{
    (void)state;
    synfix_headers_t headers = {.source = {{127, 0, 0, 1}},
                                .destination = {{127, 0, 0, 1}},
                                .source_port = 1,
                                .destination_port = 2,
                                .ip_version = 4};
    const char *id = "1:ZZgRz2hVINQTxxx5A16ujdXoy78=";
    expect(NULL, &headers, id);
    reversed(&headers);
    expect(NULL, &headers, id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_of_the_baseline),
        cmocka_unit_test(equal_addresses_are_ordered_by_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
