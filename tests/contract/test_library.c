/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The contract of engine.h, with public headers and the shared library only: each way to push gives the same
 * observations, no packet allocates memory, and engines in several threads are independent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "push_ways.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/skip.h"

static void every_way_to_push_gives_the_same(void **state)
{
    (void)state;
    void (*const ways[])(seen_t *) = {push_one_by_one, push_headers, push_batches, push_later,
                                      push_headers_later};
    const seen_t wanted = push_all_at_once();
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        seen_t seen = seen_new();
        ways[i](&seen);
        assert_same(&wanted, &seen);
        free(seen.lines);
    }
    free(wanted.lines);
}

static void nothing_is_allocated_for_a_packet(void **state)
{
    (void)state;
#if COUNTS_ALLOCATIONS
    seen_t seen = {.lines = NULL};
    synfix_batch_t *batch = NULL;
    assert_int_equal(synfix_batch_new(2 * PACKETS_MAX, &batch, NULL), SYNFIX_OK);
    const unsigned long before_new = allocations;
    synfix_engine_t *engine = engine_new(add_up, &seen);
    synfix_engine_t *to_batch = engine_new(synfix_batch_add, batch);
    assert_true(allocations > before_new); /* it is counted */
    const unsigned long before = allocations;
    for (unsigned round = 0; round < 3; round++) {
        synfix_engine_push(engine, input.packets, input.count);
        synfix_engine_push_later(to_batch, input.packets, input.count);
        for (size_t i = 0; i < input.count; i++) {
            synfix_headers_t headers;
            const synfix_verdict_t verdict = synfix_decode(&input.packets[i], &headers);
            if (verdict <= SYNFIX_VERDICT_SEGMENT) {
                synfix_engine_push_headers(engine, &input.packets[i], verdict, &headers);
            }
        }
        synfix_batch_clear(batch);
    }
    assert_int_equal(allocations - before, 0);
    assert_true(seen.sum > 0);
    synfix_engine_free(to_batch);
    synfix_engine_free(engine);
    synfix_batch_free(batch);
#else
    SKIP("allocations are not counted in this build; build without SYNFIX_SANITIZE");
#endif
}

static void *run_thread(void *user)
{
    seen_t *seen = user;
    push_one_by_one(seen);
    return NULL;
}

static void as_many_engines_as_threads(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    seen_t seen[THREADS];
    const seen_t wanted = push_all_at_once();
    for (unsigned i = 0; i < THREADS; i++) {
        seen[i] = seen_new();
        assert_int_equal(pthread_create(&threads[i], NULL, run_thread, &seen[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        (void)pthread_join(threads[i], NULL);
        assert_same(&wanted, &seen[i]);
        free(seen[i].lines);
    }
    free(wanted.lines);
}

/* A host's own matcher, called once for each distinct signature, and a host's own database. */
static const synfix_label_t own_label = {
    .type = 's', .id = 7, .os_class = "other", .name = "Own", .flavor = "", .text = "Own"};

static void own_match(synfix_direction_t direction, const synfix_signature_t *signature,
                      synfix_match_t *match, void *user)
{
    (void)direction;
    *(unsigned *)user += 1;
    *match = (synfix_match_t){.kind = SYNFIX_MATCH_EXACT,
                              .quality = 42,
                              .candidate_count = 1,
                              .initial_ttl = signature->ttl,
                              .label = &own_label};
}

static void check_own(const synfix_observation_t *observation, void *user)
{
    if (observation->fingerprint == NULL) {
        return;
    }
    assert_ptr_equal(observation->fingerprint->match.label, &own_label);
    assert_int_equal(observation->fingerprint->match.quality, 42);
    *(unsigned *)user += 1;
}

static void own_matcher(void **state)
{
    (void)state;
    unsigned calls = 0;
    unsigned observed = 0;
    synfix_engine_config_t config;
    synfix_engine_t *engine = NULL;
    synfix_engine_config_init(&config, sizeof config);
    config.on_observation = check_own;
    config.observation_user = &observed;
    config.match = own_match;
    config.match_user = &calls;
    assert_int_equal(synfix_engine_new(&config, &engine, NULL), SYNFIX_OK);
    synfix_engine_push(engine, input.packets, input.count);
    synfix_engine_counters_t counters;
    synfix_engine_counters(engine, &counters);
    assert_int_equal(calls, counters.fingerprint_misses);
    assert_int_equal(observed,
                     counters.verdicts[SYNFIX_VERDICT_SYN] + counters.verdicts[SYNFIX_VERDICT_SYN_ACK]);
    assert_true(calls > 0 && calls < observed);
    synfix_engine_free(engine);
}

static void count_labels(const synfix_observation_t *observation, void *user)
{
    const synfix_fingerprint_t *fingerprint = observation->fingerprint;
    if (fingerprint != NULL && fingerprint->match.label != NULL) {
        *(unsigned *)user += strcmp(fingerprint->match.label->text, "Anything at all") == 0;
    }
}

static void own_database(void **state)
{
    (void)state;
    static const char text[] =
        "classes = unix\n[mtu]\nlabel = Wire\nsig = 1500\n[tcp:request]\n"
        "label = g:unix:Anything:at all\nsig = *:64:0:*:*,*:mss,sok,ts,nop,ws:df,id+:0\n"
        "label = g:unix:Something:else\nsig = *:64:0:*:*,*:mss,sok,ts,nop,ws:df,id+:0\n";
    synfix_error_t error = {.text = ""};
    unsigned labelled = 0;
    synfix_sigdb_t *own = synfix_sigdb_new();
    assert_int_equal(synfix_sigdb_load_text(own, "own", text, sizeof text - 1, &error), SYNFIX_OK);
    assert_int_equal(synfix_sigdb_finish(own, &error), SYNFIX_OK);
    synfix_engine_t *engine = engine_new(count_labels, &labelled);
    synfix_engine_set_sigdb(engine, own);
    synfix_engine_push(engine, input.packets, input.count);
    assert_true(labelled > 0);
    synfix_engine_free(engine);

    synfix_signature_t signature;
    const synfix_label_t *labels[2];
    static const char linux_syn[] = "4:60+4:0:1460:mss*10,7:mss,sok,ts,nop,ws:df,id+:0";
    assert_int_equal(synfix_signature_parse(linux_syn, sizeof linux_syn - 1, &signature, &error), SYNFIX_OK);
    assert_int_equal(synfix_sigdb_candidates(own, SYNFIX_DIRECTION_REQUEST, &signature, labels, 2), 2);
    assert_string_equal(labels[0]->text, "Anything at all");
    assert_string_equal(labels[1]->text, "Something else");
    assert_int_equal(synfix_sigdb_candidates(own, SYNFIX_DIRECTION_RESPONSE, &signature, labels, 2), 0);
    synfix_sigdb_unref(own);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_to_push_gives_the_same),
        cmocka_unit_test(nothing_is_allocated_for_a_packet),
        cmocka_unit_test(as_many_engines_as_threads),
        cmocka_unit_test(own_matcher),
        cmocka_unit_test(own_database),
    };
    synfix_error_t error = {.text = "out of memory"};
    sigdb = synfix_sigdb_new();
    if (argc < 3 || sigdb == NULL || synfix_sigdb_load(sigdb, argv[1], &error) != SYNFIX_OK ||
        synfix_sigdb_finish(sigdb, &error) != SYNFIX_OK) {
        fprintf(stderr, "test_library DATABASE CAPTURE...: %s\n", error.text);
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        read_capture(argv[i]);
    }
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    synfix_sigdb_unref(sigdb);
    return tests_exit_code(failed);
}
