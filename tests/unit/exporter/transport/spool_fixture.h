/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file spool_fixture.h
 * For tests of the spool: a directory, and one full message of observations to add again and again.
 */
#ifndef TESTS_SPOOL_FIXTURE_H
#define TESTS_SPOOL_FIXTURE_H

#include "base/clock.h"
#include "exporter/transport/spool.h"
#include "exporter/transport/transport_modules.h"
#include "support/observations.h"
#include "support/parse_options.h"
#include "support/temporary_directory.h"

#define SPOOL_NOW   (g_get_real_time() * 1000)
#define SPOOL_LIMIT (1u << 20)

typedef struct spool_fixture {
    synfix_module_context_t context;
    ipfix_settings_t settings;
    char *directory;
    unsigned warnings;
    uint8_t message[16384];
    size_t length;
    uint32_t records;
} spool_fixture_t;

static inline void count_warnings(void *user, int level, const char *text)
{
    (void)text;
    ((spool_fixture_t *)user)->warnings += level < 2;
}

/* Seconds later, by both clocks. */
static inline const spool_times_t *after(int64_t seconds)
{
    static spool_times_t times;
    times = (spool_times_t){.wall_ns = SPOOL_NOW + seconds * NS_PER_S,
                            .monotonic_ns = monotonic_ns() + seconds * NS_PER_S};
    return &times;
}

/* One full message of observations. */
static inline void make_message(spool_fixture_t *fixture)
{
    void *encoder = NULL;
    uint32_t seed = 1;
    synfix_block_t block = {.data = fixture->message, .capacity = ipfix_encoding.size(&fixture->settings)};
    assert_true(block.capacity <= sizeof fixture->message);
    assert_int_equal(ipfix_encoding.create(&fixture->settings, 0, &encoder, NULL), SYNFIX_OK);
    random_observation_t random;
    do {
        random_observation(&seed, &random);
    } while (ipfix_encoding.encode(encoder, &random.observation, &block) == SYNFIX_OK);
    ipfix_encoding.seal(encoder, &block);
    ipfix_encoding.destroy(encoder);
    fixture->length = block.length;
    fixture->records = ipfix_block_records(&block);
    assert_true(fixture->records > 10);
}

static inline int spool_set_up(void **state)
{
    spool_fixture_t *const fixture = g_new0(spool_fixture_t, 1);
    synfix_options_t *options = NULL;
    fixture->context =
        (synfix_module_context_t){.struct_size = sizeof fixture->context, .observation_domain = 1};
    assert_int_equal(parse_options(&tcp_module,
                                   "tcp://127.0.0.1:1?templates=" SYNFIX_SOURCE_DIR "/ipfix-templates",
                                   &options, NULL),
                     SYNFIX_OK);
    assert_int_equal(ipfix_settings_init(&fixture->settings, &fixture->context, options, NULL), SYNFIX_OK);
    module_options_free(options);
    fixture->directory = temporary_directory_new();
    assert_non_null(fixture->directory);
    make_message(fixture);
    *state = fixture;
    return 0;
}

static inline unsigned count_files(const char *directory)
{
    unsigned count = 0;
    GDir *const entries = g_dir_open(directory, 0, NULL);
    for (const char *name; (name = g_dir_read_name(entries));) {
        count += g_str_has_suffix(name, ".ipfix") ? 1u : 0u;
    }
    g_dir_close(entries);
    return count;
}

static inline int spool_tear_down(void **state)
{
    spool_fixture_t *const fixture = *state;
    const int left = temporary_directory_remove(fixture->directory);
    ipfix_settings_clear(&fixture->settings);
    g_free(fixture);
    return left;
}

static inline synfix_status_t open_spool(spool_fixture_t *fixture, spool_t **spool)
{
    const spool_config_t config = {.directory = fixture->directory,
                                   .settings = &fixture->settings,
                                   .limit_bytes = SPOOL_LIMIT,
                                   .limit_age_ms = 3600 * 1000,
                                   .log = count_warnings,
                                   .log_user = fixture};
    return spool_open(&config, spool, NULL);
}

static inline spool_t *must_open(spool_fixture_t *fixture)
{
    spool_t *spool = NULL;
    assert_int_equal(open_spool(fixture, &spool), SYNFIX_OK);
    return spool;
}

static inline void add(spool_fixture_t *fixture, spool_t *spool, bool again)
{
    assert_int_equal(
        spool_add(spool, fixture->message, fixture->length, fixture->records, again, SPOOL_NOW, NULL),
        SYNFIX_OK);
}

#endif
