/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "exporter/transport/spool.h"
#include "exporter/transport/transport_modules.h"
#include "support/observations.h"
#include "support/parse_options.h"
#include "support/temporary_directory.h"
#include <glib/gstdio.h>
#include <unistd.h>

#define NOW   (g_get_real_time() * 1000)
#define LIMIT (1u << 20)

typedef struct fixture {
    synfix_module_context_t context;
    ipfix_settings_t settings;
    char *directory;
    unsigned warnings;
    uint8_t message[16384];
    size_t length;
    uint32_t records;
} fixture_t;

static void count_warnings(void *user, int level, const char *text)
{
    (void)text;
    ((fixture_t *)user)->warnings += level < 2;
}

/* Seconds later, by both clocks. */
static const spool_times_t *after(int64_t seconds)
{
    static spool_times_t times;
    times = (spool_times_t){.wall_ns = NOW + seconds * NS_PER_S,
                            .monotonic_ns = monotonic_ns() + seconds * NS_PER_S};
    return &times;
}

/* One full message of observations. */
static void make_message(fixture_t *fixture)
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

static int set_up(void **state)
{
    fixture_t *const fixture = g_new0(fixture_t, 1);
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

static unsigned count_files(const char *directory)
{
    unsigned count = 0;
    GDir *const entries = g_dir_open(directory, 0, NULL);
    for (const char *name; (name = g_dir_read_name(entries));) {
        count += g_str_has_suffix(name, ".ipfix") ? 1u : 0u;
    }
    g_dir_close(entries);
    return count;
}

static int tear_down(void **state)
{
    fixture_t *const fixture = *state;
    const int left = temporary_directory_remove(fixture->directory);
    ipfix_settings_clear(&fixture->settings);
    g_free(fixture);
    return left;
}

static synfix_status_t open_spool(fixture_t *fixture, spool_t **spool)
{
    const spool_config_t config = {.directory = fixture->directory,
                                   .settings = &fixture->settings,
                                   .limit_bytes = LIMIT,
                                   .limit_age_ms = 3600 * 1000,
                                   .log = count_warnings,
                                   .log_user = fixture};
    return spool_open(&config, spool, NULL);
}

static spool_t *must_open(fixture_t *fixture)
{
    spool_t *spool = NULL;
    assert_int_equal(open_spool(fixture, &spool), SYNFIX_OK);
    return spool;
}

static void add(fixture_t *fixture, spool_t *spool, bool again)
{
    assert_int_equal(spool_add(spool, fixture->message, fixture->length, fixture->records, again, NOW, NULL),
                     SYNFIX_OK);
}

static void gives_back_in_order(void **state)
{
    fixture_t *const fixture = *state;
    spool_t *const spool = must_open(fixture);
    spool_message_t message;
    assert_true(spool_is_empty(spool));
    assert_int_equal(spool_next(spool, &message), SYNFIX_END);
    const bool again[] = {false, false, true, false};
    for (size_t i = 0; i < G_N_ELEMENTS(again); i++) {
        add(fixture, spool, again[i]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(again); i++) {
        assert_int_equal(spool_next(spool, &message), SYNFIX_OK);
        assert_int_equal(message.again, again[i]);
        assert_false(message.former);
        assert_int_equal(message.records, fixture->records);
        assert_int_equal(message.length, fixture->length);
        assert_memory_equal(message.data + 16, fixture->message + 16, fixture->length - 16);
    }
    assert_int_equal(spool_next(spool, &message), SYNFIX_END);
    assert_true(spool_is_empty(spool));
    assert_int_equal(count_files(fixture->directory), 0);
    spool_close(spool);
}

static void survives_a_run(void **state)
{
    fixture_t *const fixture = *state;
    spool_t *spool = must_open(fixture);
    spool_t *second = NULL;
    spool_message_t message;
    add(fixture, spool, false);
    assert_true(open_spool(fixture, &second) < 0); /* one process at a time */
    spool_close(spool);
    /* A kill in the middle of a write leaves half a message. */
    GDir *const entries = g_dir_open(fixture->directory, 0, NULL);
    for (const char *name; (name = g_dir_read_name(entries));) {
        g_autofree char *path = g_build_filename(fixture->directory, name, NULL);
        FILE *const file = g_str_has_suffix(name, ".ipfix") ? fopen(path, "a") : NULL;
        if (file) {
            assert_int_equal(fwrite(fixture->message, 1, 100, file), 100);
            fclose(file);
        }
    }
    g_dir_close(entries);
    spool = must_open(fixture);
    assert_int_equal(spool_next(spool, &message), SYNFIX_OK);
    assert_true(message.former);
    assert_int_equal(message.records, fixture->records);
    assert_int_equal(spool_next(spool, &message), SYNFIX_END);
    spool_close(spool);
}

/* The first two elements (both 8 bytes) change places. */
static void edit_profile(fixture_t *fixture)
{
    ipfix_template_t *const template = &fixture->settings.profile->templates[0];
    const ipfix_element_t *const first = template->fields[0];
    template->fields[0] = template->fields[1];
    template->fields[1] = first;
}

static void leaves_other_templates_alone(void **state)
{
    fixture_t *const fixture = *state;
    spool_t *spool = must_open(fixture);
    add(fixture, spool, false);
    spool_close(spool);
    edit_profile(fixture);
    spool = must_open(fixture);
    assert_true(spool_is_empty(spool));
    assert_true(fixture->warnings > 0);
    spool_close(spool);
    edit_profile(fixture);
    assert_int_equal(count_files(fixture->directory), 1);
}

static void drops_copies_before_others(void **state)
{
    fixture_t *const fixture = *state;
    spool_t *const spool = must_open(fixture);
    const unsigned fitting = LIMIT / (unsigned)fixture->length;
    unsigned copies = 0;
    synfix_error_t error;
    add(fixture, spool, false);
    while (spool_add(spool, fixture->message, fixture->length, fixture->records, true, NOW, &error) >= 0) {
        copies++;
    }
    assert_true(copies > 0 && copies <= fitting / 2); /* the rest is for what was never sent */
    uint64_t lost = 0;
    for (unsigned i = 0; i < fitting * 3 / 4; i++) {
        add(fixture, spool, false);
        lost += spool_trim(spool, after(0));
    }
    assert_int_equal(lost, 0);
    for (unsigned i = 0; i < fitting; i++) {
        add(fixture, spool, false);
        lost += spool_trim(spool, after(0));
    }
    assert_true(lost > 0);
    uint64_t left = 0;
    spool_message_t message;
    while (spool_next(spool, &message) == SYNFIX_OK) {
        assert_false(message.again);
        left += message.records;
    }
    assert_int_equal(left + lost, (uint64_t)fixture->records * (1 + fitting * 3 / 4 + fitting));
    spool_close(spool);
}

static void drops_what_is_too_old(void **state)
{
    fixture_t *const fixture = *state;
    spool_t *spool = must_open(fixture);
    add(fixture, spool, false);
    add(fixture, spool, true); /* the file before it is finished */
    assert_int_equal(spool_trim(spool, after(0)), 0);
    /* a step of the wall clock is no age */
    const spool_times_t stepped = {.wall_ns = NOW + 7200 * NS_PER_S, .monotonic_ns = monotonic_ns()};
    assert_int_equal(spool_trim(spool, &stepped), 0);
    assert_int_equal(spool_trim(spool, after(7200)), fixture->records);
    spool_close(spool);
}

/* Flips one byte of one of the files with @p suffix, at a place chosen by @p random. */
static void damage(const fixture_t *fixture, const char *suffix, GRand *random)
{
    GDir *const entries = g_dir_open(fixture->directory, 0, NULL);
    for (const char *name; (name = g_dir_read_name(entries));) {
        if (g_str_has_suffix(name, suffix)) {
            g_autofree char *path = g_build_filename(fixture->directory, name, NULL);
            g_autofree char *data = NULL;
            gsize length = 0;
            assert_true(g_file_get_contents(path, &data, &length, NULL));
            const gsize at = (gsize)g_rand_double_range(random, 0, (double)length);
            data[at] = (char)(data[at] ^ (1 << g_rand_int_range(random, 0, 8)));
            FILE *const file = fopen(path, "r+");
            assert_non_null(file);
            assert_int_equal(fwrite(data, 1, length, file), length);
            fclose(file);
            break;
        }
    }
    g_dir_close(entries);
}

static void clean(const fixture_t *fixture)
{
    temporary_directory_clear(fixture->directory);
}

#define MESSAGES 5u

/* One byte of the spool is damaged: the message that it belongs to is lost, counted and reported, and no
 * other. */
static void damage_costs_one_message(fixture_t *fixture, const char *suffix, bool next_run, GRand *random)
{
    spool_t *spool = must_open(fixture);
    spool_message_t message;
    uint64_t own = 0, former = 0;
    unsigned read = 0;
    for (unsigned i = 0; i < MESSAGES; i++) {
        add(fixture, spool, false);
    }
    if (next_run) {
        spool_close(spool);
    }
    fixture->warnings = 0;
    damage(fixture, suffix, random);
    spool = next_run ? must_open(fixture) : spool;
    while (spool_next(spool, &message) == SYNFIX_OK) {
        assert_memory_equal(message.data + 16, fixture->message + 16, fixture->length - 16);
        read++;
    }
    spool_take_damage(spool, &own, &former);
    assert_in_range(read, MESSAGES - 1, MESSAGES); /* the templates may be damaged */
    assert_int_equal(fixture->warnings, 1);
    if (next_run) {
        assert_true(former <= fixture->records && own == 0);
    } else {
        assert_int_equal(own, (MESSAGES - read) * fixture->records);
    }
    spool_close(spool);
    clean(fixture);
}

/* 10000 and more by hand: SYNFIX_TEST_DAMAGES=10000. */
static void damage_anywhere(void **state)
{
    fixture_t *const fixture = *state;
    const char *const wanted = g_getenv("SYNFIX_TEST_DAMAGES");
    const guint64 count = wanted ? g_ascii_strtoull(wanted, NULL, 10) : 300;
    GRand *const random = g_rand_new_with_seed(21);
    for (guint64 i = 0; i < count; i++) {
        damage_costs_one_message(fixture, i % 4 == 0 ? ".sums" : ".ipfix", i % 2 != 0, random);
    }
    g_rand_free(random);
}

/* The file of the spool with @p suffix. */
static char *path_of(const fixture_t *fixture, const char *suffix)
{
    char *path = NULL;
    GDir *const entries = g_dir_open(fixture->directory, 0, NULL);
    for (const char *name; path == NULL && (name = g_dir_read_name(entries));) {
        path = g_str_has_suffix(name, suffix) ? g_build_filename(fixture->directory, name, NULL) : NULL;
    }
    g_dir_close(entries);
    assert_non_null(path);
    return path;
}

static void cut(const fixture_t *fixture, const char *suffix, double part)
{
    g_autofree char *path = path_of(fixture, suffix);
    GStatBuf state;
    assert_int_equal(g_stat(path, &state), 0);
    assert_int_equal(truncate(path, (off_t)((double)state.st_size * part)), 0);
}

static void fill_and_close(fixture_t *fixture)
{
    spool_t *const spool = must_open(fixture);
    for (unsigned i = 0; i < MESSAGES; i++) {
        add(fixture, spool, false);
    }
    spool_close(spool);
}

static unsigned read_all(fixture_t *fixture, uint64_t *former)
{
    uint64_t own = 0;
    unsigned read = 0;
    spool_message_t message;
    spool_t *const spool = must_open(fixture);
    while (spool_next(spool, &message) == SYNFIX_OK) {
        assert_memory_equal(message.data + 16, fixture->message + 16, fixture->length - 16);
        assert_int_equal(message.records, fixture->records);
        read++;
    }
    spool_take_damage(spool, &own, former);
    assert_int_equal(own, 0);
    spool_close(spool);
    return read;
}

/* As after a failure of power: the file of sums is behind. */
static void messages_without_sums_are_found(void **state)
{
    fixture_t *const fixture = *state;
    static const double parts[] = {0, 0.3, 0.5, 0.99};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        uint64_t former = 0;
        fill_and_close(fixture);
        cut(fixture, ".sums", parts[i]);
        assert_int_equal(read_all(fixture, &former), MESSAGES);
        assert_int_equal(former, 0);
        clean(fixture);
    }
}

/* The same for the messages. The last one may have been in the making, so it is not counted. */
static void messages_that_were_cut_off_are_counted(void **state)
{
    fixture_t *const fixture = *state;
    static const double parts[] = {0, 0.3, 0.5};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        uint64_t former = 0;
        fill_and_close(fixture);
        fixture->warnings = 0;
        cut(fixture, ".ipfix", parts[i]);
        const unsigned read = read_all(fixture, &former);
        assert_true(read < MESSAGES - 1);
        assert_int_equal(former, (uint64_t)(MESSAGES - 1 - read) * fixture->records);
        assert_int_equal(fixture->warnings, 1);
        clean(fixture);
    }
}

static void dropped_files_of_an_earlier_run_are_counted(void **state)
{
    fixture_t *const fixture = *state;
    uint64_t own = 0, former = 0;
    spool_message_t message;
    fill_and_close(fixture);
    spool_t *const spool = must_open(fixture);
    assert_int_equal(spool_next(spool, &message), SYNFIX_OK);
    assert_int_equal(spool_trim(spool, after(7200)), 0); /* not this run's */
    spool_take_damage(spool, &own, &former);
    assert_int_equal(own, 0);
    assert_int_equal(former, (uint64_t)(MESSAGES - 1) * fixture->records);
    spool_close(spool);
}

static void a_damaged_file_is_kept(void **state)
{
    fixture_t *const fixture = *state;
    GRand *const random = g_rand_new_with_seed(1);
    spool_t *const spool = must_open(fixture);
    spool_message_t message;
    for (unsigned i = 0; i < MESSAGES; i++) {
        add(fixture, spool, false);
    }
    damage(fixture, ".ipfix", random);
    while (spool_next(spool, &message) == SYNFIX_OK) {
    }
    spool_close(spool);
    unsigned kept = 0;
    GDir *const entries = g_dir_open(fixture->directory, 0, NULL);
    for (const char *name; (name = g_dir_read_name(entries));) {
        kept += g_str_has_suffix(name, ".damaged") ? 1u : 0u;
    }
    g_dir_close(entries);
    assert_int_equal(kept, 2);
    g_rand_free(random);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(damage_anywhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_damaged_file_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(messages_without_sums_are_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(messages_that_were_cut_off_are_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dropped_files_of_an_earlier_run_are_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(gives_back_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(survives_a_run, set_up, tear_down),
        cmocka_unit_test_setup_teardown(leaves_other_templates_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(drops_copies_before_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(drops_what_is_too_old, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
