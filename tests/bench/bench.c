/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Nanoseconds a packet of each stage and of the whole way, on packets in memory:
 *
 *     bench [--rounds N] [--database FILE] [--hosts N] [--distinct] [--cpu] [--made N | CAPTURE]
 *
 * Each line is the median of N rounds and their spread, and the median in ticks of the time stamp counter
 * where the processor has one. --distinct gives every packet another signature; --made makes N SYNs instead
 * of reading a capture; --cpu counts the time that the process was given, for machines that do other things
 * too.
 */
#include "bench_records.h"
#include "exporter/enrichers/enrichers.h"
#include "exporter/ipfix_file/file_sink.h"
#include "support/parse_options.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#ifdef __x86_64__
#include <x86intrin.h>
#endif

#define ROUNDS_MAX 101

typedef struct settings {
    unsigned rounds;
    size_t made;
    const char *database;
    uint32_t hosts;
    bool distinct;
    clockid_t clock;
} settings_t;

static double now_ns(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double ticks(void)
{
#ifdef __x86_64__
    return (double)__rdtsc();
#else
    return 0;
#endif
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(bench_t *bench, const settings_t *settings, const char *name, void (*stage)(bench_t *),
                    size_t items)
{
    double times[ROUNDS_MAX];
    double counts[ROUNDS_MAX];
    const unsigned rounds = settings->rounds;
    const double each = (double)(items > 0 ? items : 1);
    for (unsigned i = 0; i < rounds; i++) {
        const double begin = now_ns(settings->clock);
        const double count = ticks();
        stage(bench);
        counts[i] = (ticks() - count) / each;
        times[i] = (now_ns(settings->clock) - begin) / each;
    }
    qsort(times, rounds, sizeof times[0], ascending);
    qsort(counts, rounds, sizeof counts[0], ascending);
    printf("| %-37s | %9zu | %8.1f | %8.1f | %8.1f | %8.0f |\n", name, items, times[rounds / 2], times[0],
           times[rounds - 1], counts[rounds / 2]);
}

static void single_stages(bench_t *bench, const settings_t *settings)
{
    measure(bench, settings, "decode", stage_decode, bench->input->count);
    measure(bench, settings, "options, extract", stage_extract, bench->sample);
    if (bench->sigdb != NULL) {
        measure(bench, settings, "match", stage_match, bench->sample);
    }
    measure(bench, settings, "signature text", stage_text, bench->sample);
}

/* The engine with IPFIX messages of 1,400 bytes, as they go over UDP. */
static void load_profile(const char *profile, ipfix_settings_t *settings)
{
    char text[64];
    synfix_options_t *options = NULL;
    synfix_error_t error;
    (void)snprintf(text, sizeof text, "file:x.ipfix?size=1400&profile=%s", profile);
    if (parse_options(&file_module, text, &options, &error) != SYNFIX_OK ||
        ipfix_settings_init(settings, NULL, options, &error) != SYNFIX_OK) {
        bench_fail(error.text);
    }
    module_options_free(options);
}

/* The stages after the engine, without the engine. */
static void record_stages(bench_t *bench, const settings_t *settings)
{
    static const char *const profiles[] = {"compact", "full"};
    static const char *const names[] = {"encode, messages compact", "encode, messages full"};
    records_t records;
    records_prepare(bench, &records);
    const size_t count = synfix_batch_count(records.observations);
    records_choose(&records, &community_id_module);
    measure(bench, settings, "enrich, community-id", stage_enrich, count);
    if (count > 0 && bench->bytes == 0) {
        bench_fail("the enricher added nothing");
    }
    records_choose(&records, &muon_module);
    measure(bench, settings, "enrich, muonfp", stage_enrich, count);
    for (unsigned i = 0; i < 2; i++) {
        ipfix_settings_t ipfix;
        load_profile(profiles[i], &ipfix);
        bench->settings = &ipfix;
        measure(bench, settings, names[i], stage_encode, count);
        if (count > 0 && bench->bytes == 0) {
            bench_fail("no messages were made");
        }
        bench->settings = NULL;
        ipfix_settings_clear(&ipfix);
    }
    records_clear(&records);
}

static void with_messages(bench_t *bench, const settings_t *settings)
{
    static const char *const profiles[] = {"compact", "full"};
    static const char *const names[][2] = {
        {"engine, messages compact", "engine, messages compact, two workers"},
        {"engine, messages full", "engine, messages full, two workers"}};
    for (unsigned i = 0; i < 2; i++) {
        ipfix_settings_t ipfix;
        load_profile(profiles[i], &ipfix);
        bench->settings = &ipfix;
        for (bench->workers = 1; bench->workers <= 2; bench->workers++) {
            measure(bench, settings, names[i][bench->workers - 1], stage_engine, bench->input->count);
            if (bench->seen != bench->observed) {
                bench_fail("the engine did not observe every SYN and SYN+ACK");
            }
            if (bench->bytes == 0) {
                bench_fail("no messages were made");
            }
        }
        bench->settings = NULL;
        ipfix_settings_clear(&ipfix);
    }
}

static void whole_way(bench_t *bench, const settings_t *settings)
{
    bench->workers = 1;
    bench->uptime = SYNFIX_UPTIME_OFF;
    measure(bench, settings, "engine without uptime", stage_engine, bench->input->count);
    bench->uptime = SYNFIX_UPTIME_REGRESSION;
    measure(bench, settings, "engine", stage_engine, bench->input->count);
    if (bench->seen != bench->observed) {
        bench_fail("the engine did not observe every SYN and SYN+ACK");
    }
    with_messages(bench, settings);
}

static synfix_sigdb_t *load_database(const char *path)
{
    synfix_error_t error = {.text = "out of memory"};
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    if (sigdb == NULL || synfix_sigdb_load(sigdb, path, &error) != SYNFIX_OK ||
        synfix_sigdb_finish(sigdb, &error) != SYNFIX_OK) {
        bench_fail(error.text);
    }
    return sigdb;
}

static void read_arguments(settings_t *settings, int argc, char **argv)
{
    static const struct option options[] = {{"rounds", required_argument, NULL, 'r'},
                                            {"database", required_argument, NULL, 'd'},
                                            {"hosts", required_argument, NULL, 'h'},
                                            {"distinct", no_argument, NULL, 'x'},
                                            {"cpu", no_argument, NULL, 'c'},
                                            {"made", required_argument, NULL, 'm'},
                                            {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'r') {
            settings->rounds = (unsigned)strtoul(optarg, NULL, 10);
        } else if (option == 'd') {
            settings->database = optarg;
        } else if (option == 'h') {
            settings->hosts = (uint32_t)strtoul(optarg, NULL, 10);
        } else if (option == 'x') {
            settings->distinct = true;
        } else if (option == 'c') {
            settings->clock = CLOCK_PROCESS_CPUTIME_ID;
        } else if (option == 'm') {
            settings->made = strtoul(optarg, NULL, 10);
        } else {
            exit(2);
        }
    }
    if (settings->rounds == 0 || settings->rounds > ROUNDS_MAX || (settings->made == 0 && optind >= argc)) {
        bench_fail("usage: bench [--rounds 1-101] [--database FILE] [--hosts N] [--distinct] [--cpu] "
                   "[--made N | CAPTURE]");
    }
}

int main(int argc, char **argv)
{
    settings_t settings = {.rounds = 5, .clock = CLOCK_MONOTONIC};
    buffered_input_t input = {0};
    read_arguments(&settings, argc, argv);
    if (settings.made > 0) {
        input_make(&input, settings.made);
    } else {
        input_read(&input, argv[optind]);
    }
    if (settings.distinct) {
        input_make_distinct(&input);
    }
    bench_t bench = {.input = &input, .hosts = settings.hosts};
    if (settings.database != NULL) {
        bench.sigdb = load_database(settings.database);
    }
    bench_prepare(&bench);
    printf("| %-37s | %9s | %8s | %8s | %8s | %8s |\n|---|---|---|---|---|---|\n", "stage", "packets",
           "median ns", "least", "most", "TSC ticks");
    single_stages(&bench, &settings);
    record_stages(&bench, &settings);
    whole_way(&bench, &settings);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("\n%zu packets, %zu observations, %ju signatures computed; peak memory %ld KiB with the input and "
           "all stages' results\n",
           input.count, bench.observed, (uintmax_t)bench.misses, usage.ru_maxrss);
    synfix_sigdb_unref(bench.sigdb);
    bench_clear(&bench);
    input_free(&input);
    return 0;
}
