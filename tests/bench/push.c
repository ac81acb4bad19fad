/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The cost of the same packets of the same file in different interfaces of the engine, in nanoseconds of
 * processor time:
 *
 *     push --library libsynfix.so [--database FILE] [--rounds N] [--ways 0134] CAPTURE
 *
 * The program uses the pipeline. A host program has a loop around the same reader and pushes into the shared
 * library: batches, single packets, or headers that the host has decoded. The ways run in turn. Each is
 * compared with the pipeline of the same round, and the median of these ratios is printed.
 */
#include "capture/file/file_source.h"
#include "module/module_options.h"
#include "pipeline/pipeline.h"
#include "support/module_specs.h"
#include <dlfcn.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS_MAX 101

/* The functions of the shared library: this program has the same ones inside, for its pipeline. */
typedef struct library {
    synfix_status_t (*engine_new)(const synfix_engine_config_t *, synfix_engine_t **, synfix_error_t *);
    void (*engine_free)(synfix_engine_t *);
    void (*flush)(synfix_engine_t *);
    void (*push)(synfix_engine_t *, const synfix_packet_t *, size_t);
    void (*push_later)(synfix_engine_t *, const synfix_packet_t *, size_t);
    void (*push_headers_later)(synfix_engine_t *, const synfix_packet_t *, synfix_verdict_t,
                               const synfix_headers_t *);
    void (*push_headers)(synfix_engine_t *, const synfix_packet_t *, synfix_verdict_t,
                         const synfix_headers_t *);
    synfix_verdict_t (*decode)(const synfix_packet_t *, synfix_headers_t *);
    synfix_sigdb_t *(*sigdb_new)(void);
    synfix_status_t (*sigdb_load)(synfix_sigdb_t *, const char *, synfix_error_t *);
    synfix_status_t (*sigdb_finish)(synfix_sigdb_t *, synfix_error_t *);
} library_t;

typedef struct bench {
    const char *path;
    library_t library;
    synfix_sigdb_t *own_sigdb;     /* of this program */
    synfix_sigdb_t *library_sigdb; /* of the shared library */
    uint64_t packets;
    uint64_t seen; /* observations of the last way */
} bench_t;

static void fail(const char *what)
{
    fprintf(stderr, "push: %s\n", what);
    exit(1);
}

static double cpu_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void *symbol(void *handle, const char *name)
{
    void *found = dlsym(handle, name);
    if (found == NULL) {
        fail(name);
    }
    return found;
}

static void load_library(library_t *library, const char *path)
{
    /* its own functions, not this program's of the same names */
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    if (handle == NULL) {
        fail(dlerror());
    }
    const struct {
        void *place;
        const char *name;
    } table[] = {
        {&library->engine_new, "synfix_engine_new"},
        {&library->engine_free, "synfix_engine_free"},
        {&library->push, "synfix_engine_push"},
        {&library->flush, "synfix_engine_flush"},
        {&library->push_later, "synfix_engine_push_later"},
        {&library->push_headers_later, "synfix_engine_push_headers_later"},
        {&library->push_headers, "synfix_engine_push_headers"},
        {&library->decode, "synfix_decode"},
        {&library->sigdb_new, "synfix_sigdb_new"},
        {&library->sigdb_load, "synfix_sigdb_load"},
        {&library->sigdb_finish, "synfix_sigdb_finish"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        void *found = symbol(handle, table[i].name);
        memcpy(table[i].place, &found, sizeof found);
    }
}

static void on_observation(const synfix_observation_t *observation, void *user)
{
    *(uint64_t *)user += observation->fingerprint != NULL;
}

/* The reader of the program, for the host's loops. */
static void *open_reader(const bench_t *bench)
{
    synfix_options_t *options = NULL;
    void *reader = NULL;
    synfix_error_t error;
    if (module_options_make(&capture_file_module, bench->path, NULL, &options, &error) != SYNFIX_OK ||
        capture_file_module.source->open(NULL, options, &reader, &error) != SYNFIX_OK) {
        fail(error.text);
    }
    module_options_free(options);
    return reader;
}

typedef void (*host_fn)(const bench_t *bench, synfix_engine_t *engine, const synfix_packet_t *packets,
                        size_t count);

static void in_batches(const bench_t *bench, synfix_engine_t *engine, const synfix_packet_t *packets,
                       size_t count)
{
    bench->library.push(engine, packets, count);
}

static void in_small_batches(const bench_t *bench, synfix_engine_t *engine, const synfix_packet_t *packets,
                             size_t count)
{
    for (size_t at = 0; at < count; at += 32) {
        bench->library.push(engine, packets + at, count - at < 32 ? count - at : 32);
    }
}

static void one_by_one(const bench_t *bench, synfix_engine_t *engine, const synfix_packet_t *packets,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bench->library.push(engine, packets + i, 1);
    }
}

static void with_headers(const bench_t *bench, synfix_engine_t *engine, const synfix_packet_t *packets,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        synfix_headers_t headers;
        const synfix_verdict_t verdict = bench->library.decode(&packets[i], &headers);
        if (verdict <= SYNFIX_VERDICT_SEGMENT) {
            bench->library.push_headers(engine, &packets[i], verdict, &headers);
        }
    }
}

static void one_by_one_later(const bench_t *bench, synfix_engine_t *engine, const synfix_packet_t *packets,
                             size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bench->library.push_later(engine, packets + i, 1);
    }
}

static void with_headers_later(const bench_t *bench, synfix_engine_t *engine, const synfix_packet_t *packets,
                               size_t count)
{
    for (size_t i = 0; i < count; i++) {
        synfix_headers_t headers;
        const synfix_verdict_t verdict = bench->library.decode(&packets[i], &headers);
        if (verdict <= SYNFIX_VERDICT_SEGMENT) {
            bench->library.push_headers_later(engine, &packets[i], verdict, &headers);
        }
    }
}

static double run_host(bench_t *bench, host_fn function)
{
    synfix_engine_config_t config;
    synfix_engine_t *engine = NULL;
    synfix_error_t error;
    synfix_engine_config_init(&config, sizeof config);
    config.sigdb = bench->library_sigdb;
    config.on_observation = on_observation;
    config.observation_user = &bench->seen;
    bench->seen = 0;
    if (function != NULL && bench->library.engine_new(&config, &engine, &error) != SYNFIX_OK) {
        fail(error.text);
    }
    void *reader = open_reader(bench);
    synfix_packet_t packets[SYNFIX_BATCH_MAX];
    size_t count = 0;
    bench->packets = 0;
    const double start = cpu_ns();
    while (capture_file_module.source->read(reader, packets, SYNFIX_BATCH_MAX, &count, &error) == SYNFIX_OK) {
        bench->packets += count;
        if (function != NULL) {
            function(bench, engine, packets, count);
        }
    }
    if (engine != NULL) {
        bench->library.flush(engine);
    }
    const double used = cpu_ns() - start;
    capture_file_module.source->close(reader);
    if (engine != NULL) {
        bench->library.engine_free(engine);
    }
    return used;
}

/* An enricher that has nothing to do. */
static synfix_status_t idle_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                 void **instance, synfix_error_t *error)
{
    (void)context, (void)options, (void)error;
    *instance = NULL;
    return SYNFIX_OK;
}

static synfix_status_t idle_enrich(void *instance, void *state, synfix_observation_t *observation)
{
    (void)instance, (void)state, (void)observation;
    return SYNFIX_OK;
}

static void idle_close(void *instance)
{
    (void)instance;
}

static const synfix_enricher_t idle_enricher = {
    .open = idle_open, .enrich = idle_enrich, .close = idle_close};
static const synfix_module_t idle_module = {.abi = SYNFIX_MODULE_ABI,
                                            .size = sizeof(synfix_module_t),
                                            .kind = SYNFIX_MODULE_ENRICHER,
                                            .name = "idle",
                                            .summary = "nothing",
                                            .enricher = &idle_enricher};

static double run_pipeline(bench_t *bench, bool enricher)
{
    module_spec_t *const sources[] = {spec_of_target(&capture_file_module, bench->path)};
    module_spec_t *const enrichers[] = {spec_of_target(&idle_module, "")};
    pipeline_config_t config;
    pipeline_t *pipeline = NULL;
    synfix_error_t error;
    pipeline_config_init(&config);
    config.sources = sources;
    config.source_count = 1;
    config.enrichers = enrichers;
    config.enricher_count = enricher ? 1 : 0;
    config.engine.sigdb = bench->own_sigdb;
    if (pipeline_new(&config, &pipeline, &error) != SYNFIX_OK) {
        fail(error.text);
    }
    const double start = cpu_ns();
    if (pipeline_run(pipeline, &error) != SYNFIX_OK) {
        fail(error.text);
    }
    const double used = cpu_ns() - start;
    pipeline_summary_t summary;
    pipeline_summary(pipeline, &summary);
    bench->packets = summary.engine.packets_received;
    bench->seen =
        summary.engine.verdicts[SYNFIX_VERDICT_SYN] + summary.engine.verdicts[SYNFIX_VERDICT_SYN_ACK];
    pipeline_free(pipeline);
    return used;
}

enum {
    PIPELINE,
    PIPELINE_ENRICHER,
    READ_ONLY,
    BATCHES,
    SMALL_BATCHES,
    ONE_BY_ONE,
    HEADERS,
    LATER,
    HEADERS_LATER,
    WAYS
};

static double run_way(bench_t *bench, unsigned way)
{
    static const host_fn functions[WAYS] = {
        [BATCHES] = in_batches,   [SMALL_BATCHES] = in_small_batches, [ONE_BY_ONE] = one_by_one,
        [HEADERS] = with_headers, [LATER] = one_by_one_later,         [HEADERS_LATER] = with_headers_later};
    return way <= PIPELINE_ENRICHER ? run_pipeline(bench, way == PIPELINE_ENRICHER)
                                    : run_host(bench, functions[way]);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, unsigned count)
{
    qsort(values, count, sizeof values[0], ascending);
    return values[count / 2];
}

static void run(bench_t *bench, unsigned rounds, const char *ways)
{
    static const char *const names[WAYS] = {
        "pipeline, as synfix read", "pipeline, idle enricher", "reading alone",
        "push, batches of 256",     "push, batches of 32",     "push, one by one",
        "push, own headers",        "push later, one by one",  "push later, own headers",
    };
    static double times[WAYS][ROUNDS_MAX];
    static double ratios[WAYS][ROUNDS_MAX];
    uint64_t observations = 0;
    (void)run_way(bench, PIPELINE); /* the file is in memory from now on */
    observations = bench->seen;
    for (unsigned round = 0; round < rounds; round++) {
        for (unsigned turn = 0; turn < WAYS; turn++) {
            const unsigned way = (turn + round) % WAYS;
            if (strchr(ways, (int)('0' + way)) == NULL) {
                continue;
            }
            times[way][round] = run_way(bench, way) / (double)bench->packets;
            if (way != READ_ONLY && bench->seen != observations) {
                fail("the ways do not observe the same");
            }
        }
    }
    for (unsigned way = 0; way < WAYS; way++) {
        for (unsigned round = 0; round < rounds; round++) {
            ratios[way][round] = times[way][round] / times[PIPELINE][round];
        }
    }
    printf("| %-26s | %9s | %8s |\n|---|---|---|\n", "way", "median ns", "ratio");
    for (unsigned way = 0; way < WAYS; way++) {
        if (strchr(ways, (int)('0' + way)) != NULL) {
            printf("| %-26s | %9.1f | %8.3f |\n", names[way], median(times[way], rounds),
                   median(ratios[way], rounds));
        }
    }
    printf("\n%ju packets, %ju observations by each way, %u rounds\n", (uintmax_t)bench->packets,
           (uintmax_t)observations, rounds);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"rounds", required_argument, NULL, 'r'},
                                            {"database", required_argument, NULL, 'd'},
                                            {"library", required_argument, NULL, 'l'},
                                            {"ways", required_argument, NULL, 'w'},
                                            {NULL, 0, NULL, 0}};
    static bench_t bench;
    unsigned rounds = 5;
    const char *database = NULL;
    const char *library = NULL;
    const char *ways = "012345678";
    synfix_error_t error = {.text = "out of memory"};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'r') {
            rounds = (unsigned)strtoul(optarg, NULL, 10);
        } else if (option == 'd') {
            database = optarg;
        } else if (option == 'l') {
            library = optarg;
        } else if (option == 'w' && optarg[0] == '0') {
            ways = optarg; /* the other ways are compared with way 0 */
        } else {
            library = NULL;
            break;
        }
    }
    if (library == NULL || rounds == 0 || rounds > ROUNDS_MAX || optind + 1 != argc) {
        fail("usage: push --library libsynfix.so [--database FILE] [--rounds 1-101] [--ways 0...] CAPTURE");
    }
    bench.path = argv[optind];
    load_library(&bench.library, library);
    bench.own_sigdb = synfix_sigdb_new();
    bench.library_sigdb = bench.library.sigdb_new();
    if (database != NULL && (synfix_sigdb_load(bench.own_sigdb, database, &error) != SYNFIX_OK ||
                             bench.library.sigdb_load(bench.library_sigdb, database, &error) != SYNFIX_OK)) {
        fail(error.text);
    }
    if (synfix_sigdb_finish(bench.own_sigdb, &error) != SYNFIX_OK ||
        bench.library.sigdb_finish(bench.library_sigdb, &error) != SYNFIX_OK) {
        fail(error.text);
    }
    run(&bench, rounds, ways);
    synfix_sigdb_unref(bench.own_sigdb);
    return 0;
}
