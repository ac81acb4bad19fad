/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file push_ways.h
 * The packets of captures, and each way to push them into an engine. Allocations of the library are counted.
 */
#ifndef CONTRACT_PUSH_WAYS_H
#define CONTRACT_PUSH_WAYS_H

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <synfix/batch.h>
#include <synfix/engine.h>

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
static inline void read_capture(const char *path)
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

/* The observations, one line for each. */
typedef struct seen {
    char (*lines)[LINE_SIZE];
    size_t count;
    uint64_t sum; /* for tests that must not allocate or format */
} seen_t;

static inline void note(const synfix_observation_t *observation, void *user)
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

static inline void add_up(const synfix_observation_t *observation, void *user)
{
    ((seen_t *)user)->sum += observation->kind + observation->options->mss;
}

static inline seen_t seen_new(void)
{
    seen_t seen = {.lines = calloc(2 * PACKETS_MAX, LINE_SIZE)};
    assert_non_null(seen.lines);
    return seen;
}

static inline void assert_same(const seen_t *first, const seen_t *second)
{
    assert_true(first->count > 20);
    assert_int_equal(first->count, second->count);
    for (size_t i = 0; i < first->count; i++) {
        assert_string_equal(first->lines[i], second->lines[i]);
    }
}

static inline synfix_engine_t *engine_new(synfix_observation_fn function, void *user)
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

static inline seen_t push_all_at_once(void)
{
    seen_t seen = seen_new();
    synfix_engine_t *engine = engine_new(note, &seen);
    synfix_engine_push(engine, input.packets, input.count);
    synfix_engine_free(engine);
    return seen;
}

static inline void push_one_by_one(seen_t *seen)
{
    synfix_engine_t *engine = engine_new(note, seen);
    for (size_t i = 0; i < input.count; i++) {
        synfix_engine_push(engine, &input.packets[i], 1);
    }
    synfix_engine_free(engine);
}

/* A host that has decoded the packets itself. */
static inline void push_headers(seen_t *seen)
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
static inline void push_later(seen_t *seen)
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

static inline void push_headers_later(seen_t *seen)
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

static inline void push_batches(seen_t *seen)
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

#endif
