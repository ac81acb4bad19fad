/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pipeline/pipeline.h"
#include "pipeline/worker/pipeline_state.h"
#include "support/module_specs.h"
#include "support/pause.h"
#include "support/test_modules.h"
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define PACKETS 8000u /* of one source */

static pipeline_t *running;
static _Atomic unsigned opened;
static unsigned opened_at_first_read;
static unsigned logged;
static char last_log[256];

/* As pipeline_set_outputs() for an enricher that stays; that function needs a live run, and a live run with
 * several workers needs sockets. */
static void request_reload(void)
{
    atomic_store(&running->enrichers[0]->reload, true);
}

/* SYNs over raw IPv4, each of another client; requests a reload in the middle. */
typedef struct syns {
    uint8_t bytes[SYNFIX_BATCH_MAX][SYN_BYTES];
    _Atomic uint32_t next; /* read by statistics in another thread */
    bool reload;
} syns_t;

static synfix_status_t syns_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                 void **instance, synfix_error_t *error)
{
    (void)context;
    const char *target = synfix_options_target(options);
    if (strcmp(target, "missing") == 0) {
        return synfix_fail(error, SYNFIX_NOT_FOUND, "syns: missing");
    }
    syns_t *syns = calloc(1, sizeof *syns);
    assert_non_null(syns);
    syns->reload = strcmp(target, "reload") == 0;
    atomic_fetch_add(&opened, 1);
    *instance = syns;
    return SYNFIX_OK;
}

static synfix_status_t syns_read(void *instance, synfix_packet_t *packets, size_t capacity, size_t *count,
                                 synfix_error_t *error)
{
    syns_t *syns = instance;
    (void)error;
    if (opened_at_first_read == 0) {
        opened_at_first_read = atomic_load(&opened);
    }
    if (syns->reload && syns->next > PACKETS / 2) {
        syns->reload = false;
        request_reload();
        pipeline_set_filter(running, NULL);
    }
    for (*count = 0; *count < capacity && syns->next < PACKETS; ++*count) {
        packets[*count] = syn_of(++syns->next, syns->bytes[*count]);
    }
    return *count > 0 ? SYNFIX_OK : SYNFIX_END;
}

static void syns_stats(void *instance, synfix_source_stats_t *stats)
{
    const syns_t *syns = instance;
    *stats = (synfix_source_stats_t){.received = syns->next, .dropped_kernel = 7, .dropped_interface = 2};
}

static const synfix_source_t syns_source = {
    .open = syns_open, .read = syns_read, .stats = syns_stats, .close = free};
static const synfix_module_t syns_module = SOURCE_MODULE("syns", &syns_source);

/* Takes the numbers of packets; `slow` waits in its first write until the workers had to drop. */
static uint8_t seen[3 * PACKETS + 1];
static uint32_t records;

static synfix_status_t set_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                void **instance, synfix_error_t *error)
{
    (void)context, (void)error;
    static char slow[] = "slow";
    static char quick[] = "quick";
    *instance = strcmp(synfix_options_target(options), slow) == 0 ? slow : quick;
    return SYNFIX_OK;
}

static const synfix_encoding_t numbers = {.block_size = SYNFIX_BLOCK_SIZE_MIN,
                                          .encode = encode_packet_number};

static const synfix_encoding_t *set_encoding(void *instance, const void **settings, const char **key)
{
    (void)instance;
    *settings = NULL;
    *key = "";
    return &numbers;
}

static uint64_t dropped_so_far(void)
{
    pipeline_summary_t summary;
    pipeline_summary(running, &summary);
    return summary.sinks[0].dropped;
}

static synfix_status_t set_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    (void)error;
    while (strcmp(instance, "slow") == 0 && dropped_so_far() == 0) {
        pause_briefly();
    }
    for (uint32_t i = 0; i < block->records; i++) {
        uint32_t number;
        memcpy(&number, block->data + i * sizeof number, sizeof number);
        assert_in_range(number, 1, 3 * PACKETS);
        seen[number]++;
        records++;
    }
    return SYNFIX_OK;
}

static void set_close(void *instance)
{
    (void)instance;
}

static const synfix_sink_t set_sink = {
    .open = set_open, .encoding = set_encoding, .write = set_write, .close = set_close};
static const synfix_module_t set_module = SINK_MODULE("set", &set_sink);

/* A yield costs a turn of each process that runs, so few packets do it. */
#define YIELD_EACH 1000

/* An enricher that counts the threads in its enrich function. */
static _Atomic unsigned inside;
static unsigned reloads;
static bool reload_fails;
static bool met;
static bool jammed; /* enrich waits until the test has seen that it waits */
static bool moving; /* no worker is stuck before */

static synfix_status_t door_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                 void **instance, synfix_error_t *error)
{
    (void)context, (void)options, (void)error;
    *instance = NULL;
    return SYNFIX_OK;
}

static synfix_status_t door_enrich(void *instance, void *state, synfix_observation_t *observation)
{
    (void)instance, (void)state;
    if (jammed) {
        moving = pipeline_stuck(running, 60000) == -1;
        while (pipeline_stuck(running, 20) != 0) {
            pause_briefly();
        }
        jammed = false;
    }
    atomic_fetch_add(&inside, 1);
    if (observation->packet_number % YIELD_EACH == 0) {
        (void)sched_yield();
    }
    atomic_fetch_sub(&inside, 1);
    return SYNFIX_OK;
}

static synfix_status_t door_reload(void *instance, synfix_error_t *error)
{
    (void)instance;
    reloads++;
    for (unsigned i = 0; i < 10; i++) {
        met |= atomic_load(&inside) != 0;
        pause_briefly();
    }
    return reload_fails ? synfix_fail(error, SYNFIX_IO, "door: stuck") : SYNFIX_OK;
}

static const synfix_enricher_t door_enricher = {
    .open = door_open, .enrich = door_enrich, .close = set_close, .reload = door_reload};
static const synfix_module_t door_module = ENRICHER_MODULE("door", &door_enricher);

static void on_log(void *user, int level, const char *text)
{
    (void)user, (void)level;
    logged++;
    (void)strncpy(last_log, text, sizeof last_log - 1);
}

static pipeline_config_t configured(module_spec_t *const *sources, size_t count, unsigned workers)
{
    static module_spec_t *sinks[1];
    static module_spec_t *enrichers[1];
    sinks[0] = spec_of(&set_module, "set:quick");
    enrichers[0] = spec_of_target(&door_module, "");
    pipeline_config_t config;
    memset(seen, 0, sizeof seen);
    records = reloads = logged = opened_at_first_read = 0;
    met = reload_fails = false;
    atomic_store(&opened, 0);
    pipeline_config_init(&config);
    config.sources = sources;
    config.source_count = count;
    config.sinks = sinks;
    config.sink_count = 1;
    config.enrichers = enrichers;
    config.enricher_count = 1;
    config.workers = workers;
    config.log = on_log;
    return config;
}

static pipeline_summary_t run(const pipeline_config_t *config)
{
    pipeline_summary_t summary;
    assert_int_equal(pipeline_new(config, &running, NULL), SYNFIX_OK);
    assert_int_equal(pipeline_run(running, NULL), SYNFIX_OK);
    pipeline_summary(running, &summary);
    pipeline_free(running);
    running = NULL;
    return summary;
}

static void enrichers_reload_between_packets(void **state)
{
    (void)state;
    module_spec_t *const sources[] = {spec_of(&syns_module, "syns:reload")};
    for (unsigned workers = 1; workers <= 3; workers++) {
        for (unsigned fails = 0; fails < 2; fails++) {
            pipeline_config_t config = configured(sources, 1, workers);
            reload_fails = fails != 0;
            const pipeline_summary_t summary = run(&config);
            assert_int_equal(reloads, 1);
            assert_false(met);
            assert_int_equal(logged, fails);
            if (fails != 0) {
                assert_string_equal(last_log, "enricher door: not reloaded: door: stuck");
            }
            assert_int_equal(summary.enrichers_failed, 0);
            assert_int_equal(records, PACKETS);
        }
    }
}

static void workers_give_the_same_set(void **state)
{
    (void)state;
    module_spec_t *const sources[] = {spec_of(&syns_module, "syns:a"), spec_of(&syns_module, "syns:b"),
                                      spec_of(&syns_module, "syns:c")};
    for (unsigned workers = 1; workers <= 3; workers++) {
        pipeline_config_t config = configured(sources, 3, workers);
        const pipeline_summary_t summary = run(&config);
        for (uint32_t number = 1; number <= 3 * PACKETS; number++) {
            assert_int_equal(seen[number], 1);
        }
        assert_int_equal(summary.sources.received, 3 * PACKETS);
        assert_int_equal(summary.sources.dropped_kernel, 21);
        assert_int_equal(summary.sources.dropped_interface, 6);
        assert_int_equal(summary.engine.packets_received, 3 * PACKETS);
        assert_int_equal(summary.sinks[0].queued, 3 * PACKETS);
        assert_int_equal(summary.sinks[0].dropped + summary.sinks[0].unencodable, 0);
        assert_int_equal(summary.last_ns, PACKETS);
    }
}

/* Live, no thread waits for a sink: each record is written or counted as dropped. */
static void live_drops_are_counted(void **state)
{
    (void)state;
    module_spec_t *const sources[] = {spec_of(&syns_module, "syns:a")};
    module_spec_t *const sinks[] = {spec_of(&set_module, "set:slow")};
    pipeline_config_t config = configured(sources, 1, 1);
    config.sinks = sinks;
    config.live = true;
    config.queue_bytes = 4 * SYNFIX_BLOCK_SIZE_MIN;
    const pipeline_summary_t summary = run(&config);
    assert_true(summary.sinks[0].dropped > 0);
    assert_int_equal(summary.sinks[0].queued + summary.sinks[0].dropped, PACKETS);
    assert_int_equal(records, summary.sinks[0].queued);
    for (uint32_t number = 0; number < sizeof seen; number++) {
        assert_true(seen[number] <= 1);
    }
}

static void every_source_is_opened_first(void **state)
{
    (void)state;
    module_spec_t *const sources[] = {spec_of(&syns_module, "syns:a"), spec_of(&syns_module, "syns:b"),
                                      spec_of(&syns_module, "syns:missing")};
    synfix_error_t error;
    pipeline_config_t config = configured(sources, 2, 1);
    (void)run(&config);
    assert_int_equal(opened_at_first_read, 2);
    /* a source that fails is skipped: the others are read, and its failure is the result */
    config = configured(sources, 3, 2);
    assert_int_equal(pipeline_new(&config, &running, &error), SYNFIX_OK);
    assert_int_equal(pipeline_run(running, &error), SYNFIX_NOT_FOUND);
    assert_string_equal(error.text, "syns: missing");
    assert_int_equal(opened_at_first_read, 2);
    pipeline_free(running);
    /* nothing is read when all sources fail */
    config = configured(&sources[2], 1, 2);
    assert_int_equal(pipeline_new(&config, &running, &error), SYNFIX_NOT_FOUND);
    assert_string_equal(error.text, "syns: missing");
    assert_int_equal(opened_at_first_read, 0);
}

/* A filter that lets nothing through is removed in the middle. */
static void a_filter_is_removed(void **state)
{
    (void)state;
    module_spec_t *const sources[] = {spec_of(&syns_module, "syns:reload")};
    for (unsigned workers = 1; workers <= 2; workers++) {
        pipeline_config_t config = configured(sources, 1, workers);
        config.filter = header_filter_new();
        assert_int_equal(header_filter_add_ports(config.filter, FILTER_DESTINATION, false, "81", NULL),
                         SYNFIX_OK);
        const pipeline_summary_t summary = run(&config);
        header_filter_unref(config.filter);
        const uint64_t filtered = summary.engine.verdicts[SYNFIX_VERDICT_FILTERED];
        assert_in_range(filtered, 1, PACKETS - 1);
        assert_int_equal(records + filtered, PACKETS);
        assert_int_equal(summary.engine.packets_received, PACKETS);
    }
}

static void stuck_worker_is_noticed(void **state)
{
    (void)state;
    module_spec_t *const sources[] = {spec_of(&syns_module, "syns:a")};
    pipeline_config_t config = configured(sources, 1, 1);
    config.live = true;
    jammed = true;
    (void)run(&config);
    assert_false(jammed);
    assert_true(moving);
}

static synfix_status_t on_opened(void *user, synfix_error_t *error)
{
    *(unsigned *)user = atomic_load(&opened);
    return atomic_load(&opened) == 2 ? SYNFIX_OK : synfix_fail(error, SYNFIX_PERMISSION, "not these");
}

static void called_when_sources_are_open(void **state)
{
    (void)state;
    module_spec_t *const sources[] = {spec_of(&syns_module, "syns:a"), spec_of(&syns_module, "syns:b"),
                                      spec_of(&syns_module, "syns:c")};
    unsigned at_call = 0;
    synfix_error_t error;
    pipeline_config_t config = configured(sources, 2, 1);
    config.on_sources_open = on_opened;
    config.sources_open_user = &at_call;
    (void)run(&config);
    assert_int_equal(at_call, 2);
    config.source_count = 3;
    assert_int_equal(pipeline_new(&config, &running, &error), SYNFIX_PERMISSION);
    assert_string_equal(error.text, "not these");
}

#if SIZE_MAX == UINT32_MAX
static const synfix_encoding_t large = {.block_size = SYNFIX_BLOCK_SIZE_MAX, .encode = encode_packet_number};

static const synfix_encoding_t *large_encoding(void *instance, const void **settings, const char **key)
{
    (void)instance;
    *settings = NULL;
    *key = "";
    return &large;
}

/* The blocks of the sinks need a little more than 4 GiB together: the sum must not wrap to a few of them. */
static void blocks_that_cannot_be_addressed_are_refused(void **state)
{
    (void)state;
    const synfix_sink_t large_sink = {
        .open = set_open, .encoding = large_encoding, .write = set_write, .close = set_close};
    const synfix_module_t module = SINK_MODULE("large", &large_sink);
    module_spec_t *const sources[] = {spec_of(&syns_module, "syns:a")};
    module_spec_t *const sinks[] = {spec_of(&module, "large:1"), spec_of(&module, "large:2"),
                                    spec_of(&module, "large:3"), spec_of(&module, "large:4")};
    pipeline_config_t config = configured(sources, 1, 1);
    config.sinks = sinks;
    config.sink_count = sizeof sinks / sizeof sinks[0];
    config.queue_bytes = UINT32_C(1) << 31;
    assert_int_equal(pipeline_new(&config, &running, NULL), SYNFIX_NO_MEMORY);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
#if SIZE_MAX == UINT32_MAX
        cmocka_unit_test(blocks_that_cannot_be_addressed_are_refused),
#endif
        cmocka_unit_test(a_filter_is_removed),
        cmocka_unit_test(stuck_worker_is_noticed),
        cmocka_unit_test(called_when_sources_are_open),
        cmocka_unit_test(enrichers_reload_between_packets),
        cmocka_unit_test(workers_give_the_same_set),
        cmocka_unit_test(live_drops_are_counted),
        cmocka_unit_test(every_source_is_opened_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
