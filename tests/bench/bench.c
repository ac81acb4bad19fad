/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Nanoseconds a packet of each stage, on packets in memory:
 *
 *     bench [--rounds N] [--database FILE] [--distinct] [--cpu] [--made N | CAPTURE]
 *
 * Each line is the median of N rounds and their spread. --distinct gives every packet another signature;
 * --made makes N SYNs instead of reading a capture; --cpu counts the time that the process was given, for
 * machines that do other things too.
 */
#include <getopt.h>
#include <pcap/pcap.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <synfix/engine.h>
#include <sys/resource.h>
#include <time.h>

#define ROUNDS_MAX  101
#define BATCH       256
#define WORKERS_MAX 2
#define SAMPLE_MAX  200000 /* packets whose decoded headers are kept for the single stages */

typedef struct input {
    synfix_packet_t *packets;
    size_t count;
    uint8_t *bytes;
    size_t length;
    size_t capacity;
    uint32_t link_type;
} input_t;

static double now_ns(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void fail(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static void append(input_t *input, const uint8_t *data, uint32_t captured, uint32_t original, int64_t time_ns)
{
    if (input->length + captured > input->capacity) {
        input->capacity = (input->capacity + captured) * 2;
        input->bytes = realloc(input->bytes, input->capacity);
    }
    if ((input->count & (input->count - 1)) == 0)
        input->packets = realloc(input->packets, (input->count * 2 + 1) * sizeof *input->packets);
    if (input->bytes == NULL || input->packets == NULL)
        fail("out of memory");
    memcpy(input->bytes + input->length, data, captured);
    input->packets[input->count] = (synfix_packet_t){.captured_length = captured,
                                                     .original_length = original,
                                                     .time_ns = time_ns,
                                                     .number = input->count + 1,
                                                     .link_type = input->link_type};
    input->count++;
    input->length += captured;
}

/* The buffer moved while it grew, so the packets learn only now where their bytes are. */
static void settle(input_t *input)
{
    size_t at = 0;
    for (size_t i = 0; i < input->count; i++) {
        input->packets[i].data = input->bytes + at;
        at += input->packets[i].captured_length;
    }
}

static void read_capture(input_t *input, const char *path)
{
    char reason[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, reason);
    if (pcap == NULL)
        fail(reason);
    input->link_type = (uint32_t)pcap_datalink(pcap);
    if (input->link_type == DLT_RAW)
        input->link_type = 101; /* the number in files differs */
    struct pcap_pkthdr *header;
    const u_char *data;
    while (pcap_next_ex(pcap, &header, &data) == 1)
        append(input, data, header->caplen, header->len,
               header->ts.tv_sec * INT64_C(1000000000) + header->ts.tv_usec);
    pcap_close(pcap);
}

static void make_packets(input_t *input, size_t count)
{
    uint8_t frame[60] = {0x45, 0, 0, 60, 0, 1, 0x40, 0, 60, 6};
    static const uint8_t tcp[40] = {[12] = 0xA0, 2, 0xFA, 0xF0, [20] = 2, 4, 5, 0xB4,
                                    4,           2, 8,    10,   [36] = 1, 3, 3, 7};
    memcpy(frame + 20, tcp, sizeof tcp);
    input->link_type = 101;
    for (size_t i = 0; i < count; i++) {
        const uint32_t value = (uint32_t)i * 2654435761u;
        memcpy(frame + 12, &value, 4);
        memcpy(frame + 24, &value, 4);
        memcpy(frame + 48, &value, 4);
        append(input, frame, sizeof frame, sizeof frame, (int64_t)i * 1000);
    }
}

/* Another window and MSS in each SYN: no two signatures are the same. */
static void make_distinct(input_t *input)
{
    for (size_t i = 0; i < input->count; i++) {
        synfix_headers_t headers;
        if (synfix_decode(&input->packets[i], &headers) > SYNFIX_VERDICT_SYN_ACK)
            continue;
        uint8_t *tcp = input->bytes + (headers.options - 20 - input->bytes);
        const uint32_t value = (uint32_t)i * 2654435761u;
        memcpy(tcp + 14, &value, 2);
        if (headers.options_length >= 4 && headers.options[0] == 2)
            memcpy(tcp + 22, (const uint8_t *)&value + 2, 2);
    }
}

typedef struct bench {
    const input_t *input;
    synfix_sigdb_t *sigdb;
    synfix_headers_t *headers;
    synfix_verdict_t *verdicts;
    synfix_tcp_options_t *options;
    synfix_signature_t *signatures;
    size_t sample;   /* of these */
    size_t observed; /* SYN and SYN+ACK in the whole input */
    synfix_uptime_mode_t uptime;
    unsigned workers;
    uint64_t seen;
    uint64_t misses; /* signatures that were not remembered */
    clockid_t clock;
} bench_t;

static void stage_decode(bench_t *bench)
{
    synfix_headers_t headers;
    uint64_t sum = 0;
    for (size_t i = 0; i < bench->input->count; i++)
        sum += synfix_decode(&bench->input->packets[i], &headers) <= SYNFIX_VERDICT_SYN_ACK;
    bench->seen = sum;
}

static void stage_extract(bench_t *bench)
{
    for (size_t i = 0; i < bench->sample; i++) {
        synfix_tcp_options_read(bench->headers[i].options, bench->headers[i].options_captured,
                                &bench->options[i]);
        synfix_signature_extract(&bench->headers[i], &bench->options[i], 0, &bench->signatures[i]);
    }
}

static void stage_match(bench_t *bench)
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

static void stage_text(bench_t *bench)
{
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];
    uint64_t sum = 0;
    for (size_t i = 0; i < bench->sample; i++)
        sum += synfix_signature_format(&bench->signatures[i], text);
    bench->seen = sum;
}

static void on_observation(const synfix_observation_t *observation, void *user)
{
    *(uint64_t *)user += observation->kind != SYNFIX_OBSERVATION_UPTIME;
}

typedef struct worker {
    const bench_t *bench;
    const synfix_packet_t *packets;
    size_t count;
    uint64_t seen;
    synfix_engine_t *engine;
} worker_t;

static void *run_worker(void *argument)
{
    worker_t *worker = argument;
    for (size_t at = 0; at < worker->count; at += BATCH)
        synfix_engine_push(worker->engine, worker->packets + at,
                           worker->count - at < BATCH ? worker->count - at : BATCH);
    return NULL;
}

static synfix_engine_t *make_engine(const bench_t *bench, uint64_t *seen)
{
    synfix_engine_config_t config;
    synfix_engine_config_init(&config, sizeof config);
    config.sigdb = bench->sigdb;
    config.uptime = bench->uptime;
    config.on_observation = on_observation;
    config.observation_user = seen;
    synfix_engine_t *engine = NULL;
    synfix_error_t error;
    if (synfix_engine_new(&config, &engine, &error) != SYNFIX_OK)
        fail(error.text);
    return engine;
}

/* Several workers take the packets in runs, as if a source had split them by flow. */
static void stage_engine(bench_t *bench)
{
    worker_t workers[WORKERS_MAX] = {0};
    pthread_t threads[WORKERS_MAX];
    const size_t share = bench->input->count / bench->workers;
    for (unsigned i = 0; i < bench->workers; i++) {
        workers[i] = (worker_t){.bench = bench, .packets = bench->input->packets + i * share, .count = share};
        workers[i].engine = make_engine(bench, &workers[i].seen);
    }
    for (unsigned i = 1; i < bench->workers; i++)
        pthread_create(&threads[i], NULL, run_worker, &workers[i]);
    run_worker(&workers[0]);
    bench->seen = 0;
    bench->misses = 0;
    for (unsigned i = 0; i < bench->workers; i++) {
        if (i > 0)
            pthread_join(threads[i], NULL);
        bench->seen += workers[i].seen;
        synfix_engine_counters_t counters;
        synfix_engine_counters(workers[i].engine, &counters);
        bench->misses += counters.fingerprint_misses;
        synfix_engine_free(workers[i].engine);
    }
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(bench_t *bench, const char *name, void (*stage)(bench_t *), size_t items, unsigned rounds)
{
    double times[ROUNDS_MAX];
    for (unsigned i = 0; i < rounds; i++) {
        const double start = now_ns(bench->clock);
        stage(bench);
        times[i] = (now_ns(bench->clock) - start) / (double)(items > 0 ? items : 1);
    }
    qsort(times, rounds, sizeof times[0], ascending);
    printf("| %-24s | %9zu | %8.1f | %8.1f | %8.1f |\n", name, items, times[rounds / 2], times[0],
           times[rounds - 1]);
}

static void prepare(bench_t *bench)
{
    const size_t count = bench->input->count < SAMPLE_MAX ? bench->input->count : SAMPLE_MAX;
    bench->headers = calloc(count + 1, sizeof *bench->headers);
    bench->verdicts = calloc(count + 1, sizeof *bench->verdicts);
    bench->options = calloc(count + 1, sizeof *bench->options);
    bench->signatures = calloc(count + 1, sizeof *bench->signatures);
    if (bench->headers == NULL || bench->verdicts == NULL || bench->options == NULL ||
        bench->signatures == NULL)
        fail("out of memory");
    for (size_t i = 0; i < bench->input->count; i++) {
        synfix_headers_t headers;
        const synfix_verdict_t verdict = synfix_decode(&bench->input->packets[i], &headers);
        if (verdict > SYNFIX_VERDICT_SYN_ACK || headers.options_captured < headers.options_length)
            continue;
        bench->observed++;
        if (bench->sample < count) {
            bench->headers[bench->sample] = headers;
            bench->verdicts[bench->sample++] = verdict;
        }
    }
}

static void run_stages(bench_t *bench, unsigned rounds)
{
    const size_t count = bench->input->count;
    printf("| %-24s | %9s | %8s | %8s | %8s |\n|---|---|---|---|---|\n", "stage", "packets", "median ns",
           "least", "most");
    measure(bench, "decode", stage_decode, count, rounds);
    measure(bench, "options, extract", stage_extract, bench->sample, rounds);
    if (bench->sigdb != NULL)
        measure(bench, "match", stage_match, bench->sample, rounds);
    measure(bench, "signature text", stage_text, bench->sample, rounds);
    bench->workers = 1;
    bench->uptime = SYNFIX_UPTIME_OFF;
    measure(bench, "engine, no uptime", stage_engine, count, rounds);
    bench->uptime = SYNFIX_UPTIME_LINES;
    measure(bench, "engine", stage_engine, count, rounds);
    if (bench->seen != bench->observed)
        fail("the engine did not observe every SYN and SYN+ACK");
    bench->workers = 2;
    measure(bench, "engine, two workers", stage_engine, count, rounds);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("\n%zu packets, %zu observations, %ju signatures computed; peak memory %ld KiB with the input and "
           "all stages' results\n",
           count, bench->observed, (uintmax_t)bench->misses, usage.ru_maxrss);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"rounds", required_argument, NULL, 'r'}, {"database", required_argument, NULL, 'd'},
        {"distinct", no_argument, NULL, 'x'},     {"cpu", no_argument, NULL, 'c'},
        {"made", required_argument, NULL, 'm'},   {NULL, 0, NULL, 0}};
    unsigned rounds = 5;
    size_t made = 0;
    const char *database = NULL;
    int distinct = 0;
    clockid_t clock = CLOCK_MONOTONIC;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'r')
            rounds = (unsigned)strtoul(optarg, NULL, 10);
        else if (option == 'd')
            database = optarg;
        else if (option == 'x')
            distinct = 1;
        else if (option == 'c')
            clock = CLOCK_PROCESS_CPUTIME_ID;
        else if (option == 'm')
            made = strtoul(optarg, NULL, 10);
        else
            return 2;
    }
    if (rounds == 0 || rounds > ROUNDS_MAX || (made == 0 && optind >= argc))
        fail("usage: bench [--rounds 1-101] [--database FILE] [--distinct] [--cpu] [--made N | CAPTURE]");
    input_t input = {0};
    if (made > 0)
        make_packets(&input, made);
    else
        read_capture(&input, argv[optind]);
    settle(&input);
    if (distinct)
        make_distinct(&input);
    bench_t bench = {.input = &input, .clock = clock};
    synfix_error_t error;
    if (database != NULL) {
        bench.sigdb = synfix_sigdb_new();
        if (bench.sigdb == NULL || synfix_sigdb_load(bench.sigdb, database, &error) != SYNFIX_OK ||
            synfix_sigdb_finish(bench.sigdb, &error) != SYNFIX_OK)
            fail(error.text);
    }
    prepare(&bench);
    run_stages(&bench, rounds);
    synfix_sigdb_unref(bench.sigdb);
    free(bench.headers);
    free(bench.verdicts);
    free(bench.options);
    free(bench.signatures);
    free(input.packets);
    free(input.bytes);
    return 0;
}
