/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/enrichers/enrichers.h"
#include "support/sample_observation.h"
#include <pthread.h>

static synfix_annotation_t annotations[SYNFIX_ANNOTATIONS_MAX];
static void *instance;
static void *worker;

static int open_enricher(void **state)
{
    (void)state;
    synfix_options_t *options = NULL;
    if (module_options_make(&host_module, "", "hosts=64", &options, NULL) != SYNFIX_OK) {
        return -1;
    }
    const synfix_status_t status = host_module.enricher->open(NULL, options, &instance, NULL);
    module_options_free(options);
    return status != SYNFIX_OK || host_module.enricher->worker_open(instance, 0, &worker, NULL) != SYNFIX_OK;
}

static int close_enricher(void **state)
{
    (void)state;
    host_module.enricher->worker_close(instance, worker);
    host_module.enricher->close(instance);
    return 0;
}

static uint32_t see(sample_t *sample)
{
    sample->observation.annotations = annotations;
    sample->observation.annotation_count = 0;
    assert_int_equal(host_module.enricher->enrich(instance, worker, &sample->observation), SYNFIX_OK);
    return sample->observation.annotation_count;
}

static void facts_about_a_host(void **state)
{
    (void)state;
    sample_t sample;
    sample_syn(&sample);
    assert_int_equal(see(&sample), 0); /* new: nothing to tell */
    sample.observation.time_ns += 5000000000;
    sample.label.id = 100;
    sample.label.text = "Linux";
    assert_int_equal(see(&sample), 6);
    assert_string_equal(annotations[0].name, "host_first_seen");
    assert_string_equal(annotations[0].text, "2022-10-28T09:46:19Z");
    assert_string_equal(annotations[1].text, "2022-10-28T09:46:19Z");
    assert_string_equal(annotations[2].text, "Windows XP");
    assert_string_equal(annotations[3].text, "1");
    assert_int_equal(see(&sample), 6);
    assert_string_equal(annotations[1].text, "2022-10-28T09:46:24Z");
    assert_string_equal(annotations[2].text, "Linux");
    assert_string_equal(annotations[3].text, "1");
    sample.observation.from_server = true; /* another list of labels: kept apart */
    assert_int_equal(see(&sample), 0);
}

static void sample_of_linux(sample_t *sample, uint8_t host)
{
    sample_syn(sample);
    sample->headers.source.bytes[0] = host;
    sample->headers.fragment_id = 0; /* not known: the signature has one */
    sample->label.tool = false;
    sample->label.name = "Linux";
    sample->label.id = 200;
    sample->label.text = "Linux 4.20 or newer";
    sample->fingerprint.match.quality = 80;
}

/* Two labels of one system are surer than the better of them; a third of another system is not stated. */
static void the_verdict_of_all_labels(void **state)
{
    (void)state;
    sample_t sample;
    sample_of_linux(&sample, 79);
    assert_int_equal(see(&sample), 0);
    sample.label.id = 201;
    sample.label.text = "Linux its layout";
    sample.fingerprint.match.quality = 70;
    assert_int_equal(see(&sample), 6);
    assert_string_equal(annotations[4].name, "host_verdict");
    assert_string_equal(annotations[4].text, "Linux 4.20 or newer");
    assert_string_equal(annotations[5].name, "host_verdict_quality");
    assert_string_equal(annotations[5].text, "90");
    sample.label.id = 202;
    sample.label.name = "Windows";
    sample.label.text = "Windows 10 or 11";
    assert_int_equal(see(&sample), 6);
    assert_string_equal(annotations[4].text, "Linux 4.20 or newer");
    assert_string_equal(annotations[5].text, "78");
}

/* Another worker was ahead: of this host the newest is known already. */
static void a_packet_that_comes_late(void **state)
{
    (void)state;
    sample_t sample;
    sample_syn(&sample);
    sample.headers.source.bytes[0] = 77;
    assert_int_equal(see(&sample), 0);
    sample.observation.time_ns -= 2000000000;
    sample.label.id = 100;
    sample.label.text = "Linux";
    assert_int_equal(see(&sample), 6);
    assert_string_equal(annotations[0].text, "2022-10-28T09:46:17Z");
    assert_string_equal(annotations[1].text, "2022-10-28T09:46:19Z");
    assert_string_equal(annotations[2].text, "Windows XP");
    assert_string_equal(annotations[3].text, "0");
    sample.observation.time_ns += 3000000000;
    assert_int_equal(see(&sample), 6);
    assert_string_equal(annotations[0].text, "2022-10-28T09:46:17Z");
    assert_string_equal(annotations[1].text, "2022-10-28T09:46:19Z");
    assert_string_equal(annotations[2].text, "Windows XP");
    assert_string_equal(annotations[3].text, "1");
}

#define SEEN 20000u

static void *see_often(void *user)
{
    void *own = NULL;
    sample_t sample;
    synfix_annotation_t facts[SYNFIX_ANNOTATIONS_MAX];
    (void)user;
    if (host_module.enricher->worker_open(instance, 1, &own, NULL) != SYNFIX_OK) {
        return NULL;
    }
    sample_syn(&sample);
    sample.headers.source.bytes[0] = 78;
    for (unsigned i = 0; i < SEEN; i++) {
        sample.observation.annotations = facts;
        sample.observation.annotation_count = 0;
        sample.headers.source.bytes[3] = (uint8_t)(i % 4);
        (void)host_module.enricher->enrich(instance, own, &sample.observation);
    }
    host_module.enricher->worker_close(instance, own);
    return NULL;
}

/* Four hosts through both: for the thread sanitizer. */
static void workers_share_it(void **state)
{
    (void)state;
    pthread_t threads[2];
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, see_often, NULL), 0);
    }
    for (unsigned i = 0; i < 2; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    sample_t sample;
    sample_syn(&sample);
    sample.headers.source.bytes[0] = 78;
    sample.headers.source.bytes[3] = 2;
    assert_int_equal(see(&sample), 6);
    assert_string_equal(annotations[3].text, "0");
}

static void both_roles_are_one_host(void **state)
{
    (void)state;
    sample_t sample;
    sample_of_linux(&sample, 81);
    assert_int_equal(see(&sample), 0);
    sample.observation.from_server = true;
    assert_int_equal(see(&sample), 0); /* the first of this role */
    assert_int_equal(see(&sample), 6);
    assert_string_equal(annotations[4].text, "Linux 4.20 or newer");
    assert_string_equal(annotations[5].text, "93"); /* odds of 80 and of 0.97 times 80 */
}

static void a_server_with_another_initial_ttl_is_another_system(void **state)
{
    (void)state;
    sample_t sample;
    sample_of_linux(&sample, 82);
    sample.fingerprint.match.initial_ttl = 64;
    assert_int_equal(see(&sample), 0);
    sample.observation.from_server = true;
    sample.fingerprint.match.initial_ttl = 128;
    assert_int_equal(see(&sample), 0);
    assert_int_equal(see(&sample), 6);
    assert_string_equal(annotations[5].text, "80");
}

static void a_counter_of_ip_ids_refutes_linux(void **state)
{
    (void)state;
    sample_t sample;
    sample_of_linux(&sample, 82);
    for (uint16_t id = 100; id < 104; id++) {
        sample.headers.fragment_id = id;
        (void)see(&sample);
    }
    assert_string_equal(annotations[4].text, "?");
    assert_string_equal(annotations[5].text, "0");
}

static void a_version_that_the_clock_refutes_is_not_stated(void **state)
{
    (void)state;
    sample_t sample;
    sample_of_linux(&sample, 83);
    sample.fingerprint.match.clock = SYNFIX_CLOCK_HOST;
    sample.fingerprint.match.clock_rate_count = 1;
    sample.fingerprint.match.clock_hertz[0] = 1000;
    sample.options.has_timestamps = true;
    for (uint8_t peer = 1; peer < 5; peer++) { /* one clock of 250 Hz for all peers */
        sample.headers.destination.bytes[3] = peer;
        sample.options.timestamp_value = peer * 1000u;
        sample.observation.time_ns += INT64_C(4000000000);
        (void)see(&sample);
    }
    assert_string_equal(annotations[4].text, "Linux");
}

static void the_table_stays_bounded(void **state)
{
    (void)state;
    sample_t sample;
    unsigned remembered = 0;
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned host = 0; host < 1000; host++) {
            sample_syn(&sample);
            sample.headers.source.bytes[2] = (uint8_t)(host >> 8);
            sample.headers.source.bytes[3] = (uint8_t)host;
            sample.observation.time_ns += round * 1000 + host;
            remembered += see(&sample) > 0;
        }
    }
    assert_true(remembered <= 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(facts_about_a_host, open_enricher, close_enricher),
        cmocka_unit_test_setup_teardown(a_packet_that_comes_late, open_enricher, close_enricher),
        cmocka_unit_test_setup_teardown(the_verdict_of_all_labels, open_enricher, close_enricher),
        cmocka_unit_test_setup_teardown(workers_share_it, open_enricher, close_enricher),
        cmocka_unit_test_setup_teardown(both_roles_are_one_host, open_enricher, close_enricher),
        cmocka_unit_test_setup_teardown(a_server_with_another_initial_ttl_is_another_system, open_enricher,
                                        close_enricher),
        cmocka_unit_test_setup_teardown(a_counter_of_ip_ids_refutes_linux, open_enricher, close_enricher),
        cmocka_unit_test_setup_teardown(a_version_that_the_clock_refutes_is_not_stated, open_enricher,
                                        close_enricher),
        cmocka_unit_test_setup_teardown(the_table_stays_bounded, open_enricher, close_enricher),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
