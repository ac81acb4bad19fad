/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A sink that blocks while files are read: the others get everything and end while it still hangs; what waits
 * for it goes to disk, and when even that is full it alone loses. What holds a sink is never a time but what
 * another sink has got so far.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pipeline/pipeline.h"
#include "support/module_specs.h"
#include "support/test_modules.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PACKETS     40000u
#define PIECE       200u
#define PATIENCE_MS 800u  /* far longer than a busy machine keeps a thread waiting */
#define LEAD        3000u /* records: more than queues hold, less than the small overflow */

typedef enum hold {
    UNTIL_THE_END, /* until the other one has finished */
    AT_A_DISTANCE, /* every write waits until the other one is LEAD records ahead */
    UNTIL_STOPPED, /* until stop is called */
    FOR_EVER,      /* until the test lets it go, when all is over */
    IN_FINISH,     /* until the last sink is reported; all blocks are delivered */
    A_WHILE,       /* the first write takes longer than the patience of the run */
    NOT_AT_ALL,    /* it answers that it wants no more */
} hold_t;

/* One run. */
static struct {
    hold_t hold;
    uint32_t given;
    atomic_uint records[2]; /* of the held and of the free sink */
    atomic_uint begun[2];   /* the same, those of a write that hangs included */
    atomic_uint misplaced;  /* records that came before an older one */
    uint64_t newest[2];
    atomic_bool free_finished;
    atomic_bool stopped;
    atomic_bool let_go;
    atomic_uint hanging;   /* threads in the module's code */
    pthread_mutex_t mutex; /* of log */
    char log[4096];
} now;

static void pause_a_little(void)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

static synfix_status_t source_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                   void **instance, synfix_error_t *error)
{
    (void)context, (void)options, (void)error;
    *instance = &now;
    return SYNFIX_OK;
}

static synfix_status_t source_read(void *instance, synfix_packet_t *packets, size_t capacity, size_t *count,
                                   synfix_error_t *error)
{
    static uint8_t bytes[PIECE][SYN_BYTES];
    (void)instance, (void)capacity, (void)error;
    for (*count = 0; *count < PIECE && now.given < PACKETS; ++*count) {
        packets[*count] = syn_of(++now.given, bytes[*count]);
    }
    return *count > 0 ? SYNFIX_OK : SYNFIX_END;
}

static void nothing(void *instance)
{
    (void)instance;
}

static const synfix_source_t source = {.open = source_open, .read = source_read, .close = nothing};
static const synfix_module_t source_module = SOURCE_MODULE("syns", &source);

/* The sink: as the target `held` it hangs. */
static const unsigned held_index = 0;
static const unsigned free_index = 1;

static synfix_status_t sink_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                 void **instance, synfix_error_t *error)
{
    (void)context, (void)error;
    const bool held = strcmp(synfix_options_target(options), "held") == 0;
    union {
        const void *constant;
        void *any;
    } as = {.constant = held ? &held_index : &free_index};
    *instance = as.any;
    return SYNFIX_OK;
}

static synfix_status_t encode(void *encoder, const synfix_observation_t *observation, synfix_block_t *block)
{
    (void)encoder;
    if (block->capacity - block->length < sizeof observation->packet_number) {
        return SYNFIX_AGAIN;
    }
    memcpy(block->data + block->length, &observation->packet_number, sizeof observation->packet_number);
    block->length += sizeof observation->packet_number;
    return SYNFIX_OK;
}

static const synfix_encoding_t encoding = {.block_size = 512, .encode = encode};

static const synfix_encoding_t *sink_encoding(void *instance, const void **settings, const char **key)
{
    (void)instance;
    *settings = NULL;
    *key = "numbers";
    return &encoding;
}

static bool is_held(bool in_finish)
{
    const unsigned ahead = atomic_load(&now.records[free_index]);
    if (in_finish != (now.hold == IN_FINISH)) {
        return false;
    }
    switch (now.hold) {
    case UNTIL_THE_END:
        return !atomic_load(&now.free_finished);
    case AT_A_DISTANCE:
        return ahead < PACKETS && ahead < atomic_load(&now.records[held_index]) + LEAD;
    case NOT_AT_ALL:
        return false;
    case A_WHILE:
        pause_a_little();
        return false;
    case UNTIL_STOPPED:
        return !atomic_load(&now.stopped);
    default:
        return !atomic_load(&now.let_go);
    }
}

static void hang(bool in_finish)
{
    while (is_held(in_finish)) {
        pause_a_little();
    }
}

static synfix_status_t sink_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    const unsigned which = *(const unsigned *)instance;
    (void)error;
    if (which == held_index && now.hold == NOT_AT_ALL) {
        return SYNFIX_END;
    }
    atomic_fetch_add(&now.begun[which], block->records);
    if (which == held_index) {
        atomic_fetch_add(&now.hanging, 1);
        hang(false);
    }
    for (uint32_t at = 0; at < block->length; at += 8) {
        uint64_t number;
        memcpy(&number, block->data + at, sizeof number);
        if (number <= now.newest[which]) {
            atomic_fetch_add(&now.misplaced, 1);
        }
        now.newest[which] = number;
    }
    assert_int_equal(block->length, block->records * 8);
    atomic_fetch_add(&now.records[which], block->records);
    if (which == held_index) {
        atomic_fetch_sub(&now.hanging, 1);
    }
    return SYNFIX_OK;
}

/* As the sinks of a network: a record counts from the beginning of the write on. */
static void sink_stats(void *instance, synfix_sink_stats_t *stats)
{
    const unsigned which = *(const unsigned *)instance;
    stats->delivered = atomic_load(&now.records[which]);
    stats->produced = atomic_load(&now.begun[which]);
    stats->pending = stats->produced - stats->delivered;
}

static synfix_status_t sink_finish(void *instance, synfix_error_t *error)
{
    (void)error;
    if (*(const unsigned *)instance == held_index) {
        hang(true);
    } else {
        atomic_store(&now.free_finished, true);
    }
    return SYNFIX_OK;
}

static void sink_stop(void *instance)
{
    if (*(const unsigned *)instance == held_index) {
        atomic_store(&now.stopped, true);
    }
}

static const synfix_sink_t sink = {.open = sink_open,
                                   .encoding = sink_encoding,
                                   .write = sink_write,
                                   .finish = sink_finish,
                                   .stats = sink_stats,
                                   .close = nothing,
                                   .stop = sink_stop};
static const synfix_module_t sink_module = SINK_MODULE("numbers", &sink);

static void on_log(void *user, int level, const char *text)
{
    (void)user, (void)level;
    (void)pthread_mutex_lock(&now.mutex);
    strncat(now.log, text, sizeof now.log - strlen(now.log) - 2);
    strcat(now.log, "\n");
    (void)pthread_mutex_unlock(&now.mutex);
    if (now.hold == IN_FINISH &&
        strstr(text, "the sink has not ended, although all other threads have") != NULL) {
        atomic_store(&now.let_go, true);
    }
}

typedef struct conditions {
    hold_t hold;
    unsigned workers;
    uint64_t overflow_bytes;
    const char *overflow_directory;
    uint32_t sink_timeout_ms;
    size_t sinks; /* 1: only the held one */
} conditions_t;

/* The pipeline stays: what hangs in it is let go by the caller. */
static pipeline_t *run(const conditions_t *conditions, pipeline_summary_t *summary)
{
    module_spec_t *const sources[] = {spec_of_target(&source_module, "x")};
    module_spec_t *const sinks[] = {spec_of_target(&sink_module, "held"),
                                    spec_of_target(&sink_module, "free")};
    pipeline_config_t config;
    pipeline_t *pipeline = NULL;
    synfix_error_t error = {.text = ""};
    memset(&now, 0, sizeof now);
    (void)pthread_mutex_init(&now.mutex, NULL);
    now.hold = conditions->hold;
    pipeline_config_init(&config);
    config.sources = sources;
    config.source_count = 1;
    config.sinks = sinks;
    config.sink_count = conditions->sinks == 0 ? 2 : conditions->sinks;
    config.workers = conditions->workers == 0 ? 1 : conditions->workers;
    config.queue_bytes = 4096;
    config.overflow_bytes = conditions->overflow_bytes;
    config.overflow_directory = conditions->overflow_directory;
    config.sink_timeout_ms = conditions->sink_timeout_ms;
    config.grace_ms = conditions->hold == UNTIL_STOPPED ? 1000 : 20; /* time to obey */
    config.log = on_log;
    assert_int_equal(pipeline_new(&config, &pipeline, &error), SYNFIX_OK);
    assert_int_equal(pipeline_run(pipeline, &error), SYNFIX_OK);
    pipeline_summary(pipeline, summary);
    return pipeline;
}

static void assert_all_delivered(const pipeline_summary_t *summary)
{
    for (size_t i = 0; i < summary->sink_count; i++) {
        assert_int_equal(atomic_load(&now.records[i]), PACKETS);
        assert_int_equal(summary->sinks[i].queued, PACKETS);
        assert_int_equal(summary->sinks[i].dropped, 0);
        assert_false(summary->sinks[i].failed);
    }
}

/* The free sink ends first: the held one waits for that. */
static void others_end_while_one_hangs(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= 4; workers += 3) {
        pipeline_summary_t summary;
        const conditions_t conditions = {
            .hold = UNTIL_THE_END, .workers = workers, .overflow_bytes = 16u << 20, .sink_timeout_ms = 60000};
        pipeline_t *pipeline = run(&conditions, &summary);
        assert_all_delivered(&summary);
        if (workers == 1) {
            assert_int_equal(atomic_load(&now.misplaced), 0);
        }
        assert_non_null(strstr(now.log, "sink numbers:held: slower than others"));
        pipeline_free(pipeline);
    }
}

/* The overflow is small and gets round many times: the slow sink sets the pace, and nothing is lost. */
static void a_slow_one_sets_the_pace(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= 2; workers++) {
        pipeline_summary_t summary;
        const conditions_t conditions = {
            .hold = AT_A_DISTANCE, .workers = workers, .overflow_bytes = 64u << 10, .sink_timeout_ms = 60000};
        pipeline_t *pipeline = run(&conditions, &summary);
        assert_all_delivered(&summary);
        if (workers == 1) {
            assert_int_equal(atomic_load(&now.misplaced), 0);
        }
        pipeline_free(pipeline);
    }
}

static void one_that_stops_when_asked_loses_nothing(void **state)
{
    (void)state;
    pipeline_summary_t summary;
    const conditions_t conditions = {
        .hold = UNTIL_STOPPED, .overflow_bytes = 16u << 20, .sink_timeout_ms = PATIENCE_MS};
    pipeline_t *pipeline = run(&conditions, &summary);
    assert_all_delivered(&summary);
    assert_false(pipeline_abandoned(pipeline));
    assert_int_equal(atomic_load(&now.misplaced), 0);
    pipeline_free(pipeline);
}

static void assert_left_behind(pipeline_t *pipeline, const pipeline_summary_t *summary)
{
    const pipeline_sink_summary_t *held = &summary->sinks[held_index];
    assert_true(atomic_load(&now.hanging) == 1 && atomic_load(&now.free_finished));
    assert_int_equal(atomic_load(&now.records[free_index]), PACKETS);
    assert_int_equal(summary->sinks[free_index].dropped, 0);
    assert_false(summary->sinks[free_index].failed);
    assert_true(held->failed && pipeline_abandoned(pipeline));
    assert_true(held->stats.pending > 0);
    assert_int_equal(held->queued, held->stats.pending);
    assert_int_equal(held->dropped, PACKETS - held->stats.pending);
    assert_non_null(strstr(held->reason, "no progress for"));
    assert_non_null(strstr(now.log, held->reason));
    /* its thread comes back to a pipeline that is still there */
    pipeline_free(pipeline);
    atomic_store(&now.let_go, true);
    while (atomic_load(&now.hanging) > 0) {
        pause_a_little();
    }
}

/* Memory of a run that left a thread behind; reachable, so that a leak checker does not report the memory. */
static pipeline_t *left_behind[4];
static size_t left_count;

static void one_that_hangs_for_ever_is_left_behind(void **state)
{
    (void)state;
    const conditions_t conditions[] = {
        {.hold = FOR_EVER, .overflow_bytes = 16u << 20, .sink_timeout_ms = PATIENCE_MS},
        {.hold = FOR_EVER, .overflow_bytes = 64u << 10, .sink_timeout_ms = PATIENCE_MS},
        {.hold = FOR_EVER, .overflow_bytes = 64u << 10, .sink_timeout_ms = PATIENCE_MS, .workers = 2},
        {.hold = FOR_EVER,
         .overflow_bytes = 64u << 10,
         .sink_timeout_ms = PATIENCE_MS,
         .overflow_directory = "/nowhere"},
    };
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
        pipeline_summary_t summary;
        pipeline_t *pipeline = run(&conditions[i], &summary);
        left_behind[left_count++] = pipeline;
        const bool room = conditions[i].overflow_bytes > PACKETS * 16;
        assert_true((strstr(now.log, "until it continues, its records are lost") == NULL) == room);
        assert_true((strstr(now.log, "others wait for it: /nowhere: No such file or directory") != NULL) ==
                    (conditions[i].overflow_directory != NULL));
        assert_left_behind(pipeline, &summary);
    }
}

/* Bringing to disk what it has may take long. */
static void one_that_is_in_its_finish_is_waited_for(void **state)
{
    (void)state;
    pipeline_summary_t summary;
    const conditions_t conditions = {
        .hold = IN_FINISH, .sink_timeout_ms = PATIENCE_MS, .overflow_bytes = 16u << 20};
    pipeline_t *pipeline = run(&conditions, &summary);
    assert_all_delivered(&summary);
    assert_false(atomic_load(&now.stopped));
    pipeline_free(pipeline);
}

/* Nobody else is held up, so it may take as long as it likes. */
static void the_only_one_may_take_its_time(void **state)
{
    (void)state;
    pipeline_summary_t summary;
    const conditions_t conditions = {.hold = A_WHILE, .overflow_bytes = 64u << 10, .sinks = 1};
    pipeline_t *pipeline = run(&conditions, &summary);
    assert_all_delivered(&summary);
    assert_string_equal(now.log, "");
    pipeline_free(pipeline);
}

static void one_that_wants_no_more_is_no_failure(void **state)
{
    (void)state;
    for (size_t sinks = 1; sinks <= 2; sinks++) {
        pipeline_summary_t summary;
        const conditions_t conditions = {
            .hold = NOT_AT_ALL, .overflow_bytes = 64u << 10, .sink_timeout_ms = PATIENCE_MS, .sinks = sinks};
        pipeline_t *pipeline = run(&conditions, &summary);
        assert_true(summary.sinks[held_index].enough && !summary.sinks[held_index].failed);
        assert_int_equal(summary.sinks_failed, 0);
        assert_int_equal(summary.sinks[held_index].queued, 0);
        assert_int_equal(summary.sinks[held_index].dropped, now.given);
        if (sinks == 2) {
            assert_int_equal(atomic_load(&now.records[free_index]), PACKETS);
        } else {
            assert_true(now.given < PACKETS); /* no sink is left to read for */
        }
        pipeline_free(pipeline);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(others_end_while_one_hangs),
        cmocka_unit_test(a_slow_one_sets_the_pace),
        cmocka_unit_test(one_that_stops_when_asked_loses_nothing),
        cmocka_unit_test(one_that_hangs_for_ever_is_left_behind),
        cmocka_unit_test(one_that_is_in_its_finish_is_waited_for),
        cmocka_unit_test(the_only_one_may_take_its_time),
        cmocka_unit_test(one_that_wants_no_more_is_no_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
