/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What engine.h promises to a host, seen from outside: public headers and the shared library only. Each way
 * to push gives the same observations, nothing is allocated for a packet, and engines in several threads do
 * not know of each other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pcap/pcap.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <synfix/batch.h>
#include <synfix/engine.h>

#include "support/skip.h"

#define PACKETS_MAX 4096u
#define LINE_SIZE   512u
#define THREADS     4u

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define COUNTS_ALLOCATIONS 0
#else
#define COUNTS_ALLOCATIONS 1
/* The library's calls come here first; glibc's own functions do the work. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
static _Thread_local unsigned long allocations;

SYNFIX_API void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

SYNFIX_API void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

SYNFIX_API void *realloc(void *memory, size_t size)
{
    allocations++;
    return __libc_realloc(memory, size);
}

SYNFIX_API void *aligned_alloc(size_t alignment, size_t size)
{
    allocations++;
    return __libc_memalign(alignment, size);
}
#endif

typedef struct buffered_input {
    synfix_packet_t packets[PACKETS_MAX];
    size_t count;
    uint8_t bytes[4u << 20];
    size_t length;
} buffered_input_t;

static buffered_input_t input;
static synfix_sigdb_t *sigdb;

/* Every capture of tests/data that is Ethernet, one after the other. */
static void read_capture(const char *path)
{
    char reason[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, reason);
    assert_non_null(pcap);
    assert_int_equal(pcap_datalink(pcap), DLT_EN10MB);
    struct pcap_pkthdr *header;
    const u_char *data;
    while (pcap_next_ex(pcap, &header, &data) == 1) {
        assert_true(input.count < PACKETS_MAX && input.length + header->caplen <= sizeof input.bytes);
        uint8_t *kept = memcpy(input.bytes + input.length, data, header->caplen);
        input.length += header->caplen;
        input.packets[input.count] =
            (synfix_packet_t){.data = kept,
                              .captured_length = header->caplen,
                              .original_length = header->len,
                              .time_ns = header->ts.tv_sec * INT64_C(1000000000) + header->ts.tv_usec,
                              .number = input.count + 1,
                              .link_type = 1,
                              .user = &input.packets[input.count]};
        input.count++;
    }
    pcap_close(pcap);
}

/* What was observed, a line each. */
typedef struct seen {
    char (*lines)[LINE_SIZE];
    size_t count;
    uint64_t sum; /* for tests that must not allocate or format */
} seen_t;

static void note(const synfix_observation_t *observation, void *user)
{
    seen_t *seen = user;
    char source[SYNFIX_ADDRESS_TEXT_SIZE];
    const synfix_fingerprint_t *fingerprint = observation->fingerprint;
    assert_true(seen->count < 2 * PACKETS_MAX);
    assert_int_equal(((const synfix_packet_t *)observation->user)->number, observation->packet_number);
    synfix_address_format(&observation->headers->source, observation->headers->ip_version, source);
    (void)snprintf(
        seen->lines[seen->count++], LINE_SIZE, "%u %ju %s %u %s %s %u %u %x %u %u", observation->kind,
        (uintmax_t)observation->packet_number, source, observation->headers->source_port,
        fingerprint != NULL ? fingerprint->text : "-",
        fingerprint != NULL && fingerprint->match.label != NULL ? fingerprint->match.label->text : "?",
        fingerprint != NULL ? fingerprint->match.quality : 0, fingerprint != NULL ? fingerprint->link_mtu : 0,
        observation->flags, observation->options->timestamp_value, observation->uptime.frequency);
}

static void add_up(const synfix_observation_t *observation, void *user)
{
    ((seen_t *)user)->sum += observation->kind + observation->options->mss;
}

static seen_t seen_new(void)
{
    seen_t seen = {.lines = calloc(2 * PACKETS_MAX, LINE_SIZE)};
    assert_non_null(seen.lines);
    return seen;
}

static void assert_same(const seen_t *first, const seen_t *second)
{
    assert_true(first->count > 20);
    assert_int_equal(first->count, second->count);
    for (size_t i = 0; i < first->count; i++) {
        assert_string_equal(first->lines[i], second->lines[i]);
    }
}

static synfix_engine_t *engine_new(synfix_observation_fn function, void *user)
{
    synfix_engine_config_t config;
    synfix_engine_t *engine = NULL;
    synfix_error_t error;
    synfix_engine_config_init(&config, sizeof config);
    config.sigdb = sigdb;
    config.on_observation = function;
    config.observation_user = user;
    assert_int_equal(synfix_engine_new(&config, &engine, &error), SYNFIX_OK);
    return engine;
}

static seen_t push_all_at_once(void)
{
    seen_t seen = seen_new();
    synfix_engine_t *engine = engine_new(note, &seen);
    synfix_engine_push(engine, input.packets, input.count);
    synfix_engine_free(engine);
    return seen;
}

static void push_one_by_one(seen_t *seen)
{
    synfix_engine_t *engine = engine_new(note, seen);
    for (size_t i = 0; i < input.count; i++) {
        synfix_engine_push(engine, &input.packets[i], 1);
    }
    synfix_engine_free(engine);
}

/* A host that has decoded the packets itself. */
static void push_headers(seen_t *seen)
{
    synfix_engine_t *engine = engine_new(note, seen);
    for (size_t i = 0; i < input.count; i++) {
        synfix_headers_t headers;
        const synfix_verdict_t verdict = synfix_decode(&input.packets[i], &headers);
        synfix_packet_t packet = input.packets[i];
        packet.data = NULL; /* is not looked at */
        if (verdict <= SYNFIX_VERDICT_SEGMENT) {
            synfix_engine_push_headers(engine, &packet, verdict, &headers);
        }
    }
    synfix_engine_free(engine);
}

/* Packets whose bytes are gone when the next one comes; some in between by other ways, which keep the order.
 */
static void push_later(seen_t *seen)
{
    synfix_engine_t *engine = engine_new(note, seen);
    for (size_t i = 0; i < input.count; i++) {
        static uint8_t bytes[65536];
        synfix_packet_t packet = input.packets[i];
        packet.data = memcpy(bytes, packet.data, packet.captured_length);
        if (i % 50 == 49) {
            synfix_engine_push(engine, &packet, 1);
        } else {
            synfix_engine_push_later(engine, &packet, 1);
        }
        memset(bytes, 0xFF, packet.captured_length);
        memset(&packet, 0xFF, sizeof packet);
    }
    synfix_engine_free(engine); /* gives out the rest */
}

static void push_headers_later(seen_t *seen)
{
    synfix_engine_t *engine = engine_new(note, seen);
    for (size_t i = 0; i < input.count; i++) {
        synfix_headers_t headers;
        uint8_t options[40];
        const synfix_verdict_t verdict = synfix_decode(&input.packets[i], &headers);
        synfix_packet_t packet = input.packets[i];
        packet.data = NULL;
        if (verdict > SYNFIX_VERDICT_SEGMENT) {
            continue;
        }
        headers.options = memcpy(options, headers.options, headers.options_captured);
        if (i % 50 == 49) {
            synfix_engine_push_headers(engine, &packet, verdict, &headers);
        } else {
            synfix_engine_push_headers_later(engine, &packet, verdict, &headers);
        }
        memset(options, 0xFF, sizeof options);
        memset(&headers, 0xFF, sizeof headers);
    }
    const size_t before = seen->count;
    synfix_engine_flush(engine);
    assert_true(seen->count >= before);
    const size_t all = seen->count;
    synfix_engine_flush(engine);
    synfix_engine_free(engine);
    assert_int_equal(seen->count, all);
}

static void push_batches(seen_t *seen)
{
    synfix_batch_t *batch = NULL;
    assert_int_equal(synfix_batch_new(64 * SYNFIX_BATCH_PER_PACKET, &batch, NULL), SYNFIX_OK);
    synfix_engine_t *engine = engine_new(synfix_batch_add, batch);
    for (size_t at = 0; at < input.count; at += 64) {
        synfix_engine_push(engine, input.packets + at, input.count - at < 64 ? input.count - at : 64);
        for (size_t i = 0; i < synfix_batch_count(batch); i++) {
            note(synfix_batch_at(batch, i), seen);
        }
        synfix_batch_clear(batch);
    }
    assert_int_equal(synfix_batch_missed(batch), 0);
    synfix_engine_free(engine);
    synfix_batch_free(batch);
}

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
    return failed;
}
