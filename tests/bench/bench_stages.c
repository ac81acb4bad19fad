/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "bench_stages.h"
#include <pthread.h>
#include <stdlib.h>

#define BATCH       256
#define SAMPLE_MAX  200000 /* packets whose decoded headers are kept for the single stages */
#define MESSAGE_MAX 65536

void bench_prepare(bench_t *bench)
{
    const size_t count = bench->input->count < SAMPLE_MAX ? bench->input->count : SAMPLE_MAX;
    bench->headers = calloc(count + 1, sizeof *bench->headers);
    bench->verdicts = calloc(count + 1, sizeof *bench->verdicts);
    bench->options = calloc(count + 1, sizeof *bench->options);
    bench->signatures = calloc(count + 1, sizeof *bench->signatures);
    if (bench->headers == NULL || bench->verdicts == NULL || bench->options == NULL ||
        bench->signatures == NULL) {
        bench_fail("out of memory");
    }
    for (size_t i = 0; i < bench->input->count; i++) {
        synfix_headers_t headers;
        const synfix_verdict_t verdict = synfix_decode(&bench->input->packets[i], &headers);
        if (verdict > SYNFIX_VERDICT_SYN_ACK || headers.options_captured < headers.options_length) {
            continue;
        }
        bench->observed++;
        if (bench->sample < count) {
            bench->headers[bench->sample] = headers;
            bench->verdicts[bench->sample++] = verdict;
        }
    }
}

void bench_clear(bench_t *bench)
{
    free(bench->headers);
    free(bench->verdicts);
    free(bench->options);
    free(bench->signatures);
}

void stage_decode(bench_t *bench)
{
    synfix_headers_t headers;
    uint64_t sum = 0;
    for (size_t i = 0; i < bench->input->count; i++) {
        sum += synfix_decode(&bench->input->packets[i], &headers) <= SYNFIX_VERDICT_SYN_ACK;
    }
    bench->seen = sum;
}

void stage_extract(bench_t *bench)
{
    for (size_t i = 0; i < bench->sample; i++) {
        synfix_tcp_options_read(bench->headers[i].options, bench->headers[i].options_captured,
                                &bench->options[i]);
        synfix_signature_extract(&bench->headers[i], &bench->options[i], 0, &bench->signatures[i]);
    }
}

void stage_match(bench_t *bench)
{
    synfix_match_t match;
    uint64_t sum = 0;
    for (size_t i = 0; i < bench->sample; i++) {
        synfix_sigdb_match(bench->sigdb, (synfix_direction_t)bench->verdicts[i], &bench->signatures[i],
                           &match);
        sum += match.label != NULL;
    }
    bench->seen = sum;
}

void stage_text(bench_t *bench)
{
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];
    uint64_t sum = 0;
    for (size_t i = 0; i < bench->sample; i++) {
        sum += synfix_signature_format(&bench->signatures[i], text);
    }
    bench->seen = sum;
}

typedef struct worker {
    const bench_t *bench;
    const synfix_packet_t *packets;
    size_t count;
    uint64_t seen;
    uint64_t bytes;
    synfix_engine_t *engine;
    void *encoder;
    synfix_block_t message;
    uint8_t data[MESSAGE_MAX];
} worker_t;

/* A full message is counted and the next one written over it: a worker's blocks come back from the sinks
 * while they are in the cache, too. */
static void leave(worker_t *worker)
{
    ipfix_encoding.seal(worker->encoder, &worker->message);
    worker->bytes += worker->message.length;
    worker->message =
        (synfix_block_t){.data = worker->data, .capacity = worker->bench->settings->message_size};
}

static void encode(worker_t *worker, const synfix_observation_t *observation)
{
    if (ipfix_encoding.encode(worker->encoder, observation, &worker->message) != SYNFIX_AGAIN) {
        return;
    }
    leave(worker);
    if (ipfix_encoding.encode(worker->encoder, observation, &worker->message) != SYNFIX_OK) {
        bench_fail("an observation does not fit into a message");
    }
}

static void on_observation(const synfix_observation_t *observation, void *user)
{
    worker_t *worker = user;
    worker->seen += observation->kind != SYNFIX_OBSERVATION_UPTIME;
    if (worker->encoder != NULL) {
        encode(worker, observation);
    }
}

static void *run_worker(void *argument)
{
    worker_t *worker = argument;
    for (size_t at = 0; at < worker->count; at += BATCH) {
        synfix_engine_push(worker->engine, worker->packets + at,
                           worker->count - at < BATCH ? worker->count - at : BATCH);
    }
    if (worker->encoder != NULL) {
        leave(worker);
    }
    return NULL;
}

static worker_t *make_worker(const bench_t *bench, unsigned number)
{
    worker_t *worker = calloc(1, sizeof *worker);
    synfix_engine_config_t config;
    synfix_error_t error;
    if (worker == NULL) {
        bench_fail("out of memory");
    }
    const size_t share = bench->input->count / bench->workers;
    worker->bench = bench;
    worker->packets = bench->input->packets + number * share;
    worker->count = number + 1 < bench->workers ? share : bench->input->count - number * share;
    synfix_engine_config_init(&config, sizeof config);
    config.sigdb = bench->sigdb;
    config.uptime = bench->uptime;
    config.on_observation = on_observation;
    config.observation_user = worker;
    if (bench->hosts != 0) {
        config.hosts = bench->hosts;
    }
    if (synfix_engine_new(&config, &worker->engine, &error) != SYNFIX_OK) {
        bench_fail(error.text);
    }
    if (bench->settings == NULL) {
        return worker;
    }
    if (ipfix_encoding.create(bench->settings, number, &worker->encoder, &error) != SYNFIX_OK) {
        bench_fail(error.text);
    }
    worker->message = (synfix_block_t){.data = worker->data, .capacity = bench->settings->message_size};
    return worker;
}

static void end_worker(bench_t *bench, worker_t *worker)
{
    synfix_engine_counters_t counters;
    synfix_engine_counters(worker->engine, &counters);
    bench->seen += worker->seen;
    bench->bytes += worker->bytes;
    bench->misses += counters.fingerprint_misses;
    synfix_engine_free(worker->engine);
    if (worker->encoder != NULL) {
        ipfix_encoding.destroy(worker->encoder);
    }
    free(worker);
}

void stage_engine(bench_t *bench)
{
    worker_t *workers[BENCH_WORKERS_MAX];
    pthread_t threads[BENCH_WORKERS_MAX];
    bench->seen = bench->bytes = bench->misses = 0;
    for (unsigned i = 0; i < bench->workers; i++) {
        workers[i] = make_worker(bench, i);
    }
    for (unsigned i = 1; i < bench->workers; i++) {
        if (pthread_create(&threads[i], NULL, run_worker, workers[i]) != 0) {
            bench_fail("no thread");
        }
    }
    run_worker(workers[0]);
    for (unsigned i = 1; i < bench->workers; i++) {
        pthread_join(threads[i], NULL);
    }
    for (unsigned i = 0; i < bench->workers; i++) {
        end_worker(bench, workers[i]);
    }
}
