/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/byte_order.h"
#include "exporter/ipfix/message_encoder.h"
#include "exporter/ipfix_file/file_sink.h"
#include "exporter/ipfix_file/ipfix_file.h"
#include "module/module_options.h"
#include "support/observations.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECORDS 500u

static void log_nothing(void *user, int level, const char *text)
{
    (void)user;
    (void)level;
    (void)text;
}

static synfix_module_context_t host = {
    .struct_size = sizeof(synfix_module_context_t), .observation_domain = 9, .log = log_nothing};

static int make_folder(void **state)
{
    *state = g_dir_make_tmp("synfix-test-XXXXXX", NULL);
    return *state == NULL;
}

static int drop_folder(void **state)
{
    GDir *directory = g_dir_open(*state, 0, NULL);
    for (const char *name = g_dir_read_name(directory); name != NULL; name = g_dir_read_name(directory)) {
        g_autofree char *path = g_build_filename(*state, name, NULL);
        g_unlink(path);
    }
    g_dir_close(directory);
    g_rmdir(*state);
    g_free(*state);
    return 0;
}

/* Writes RECORDS random observations through the sink as a pipeline would. */
static void run_sink(const char *specification, synfix_sink_stats_t *stats)
{
    synfix_error_t error = {.text = ""};
    synfix_options_t *options = NULL;
    void *sink = NULL;
    if (options_parse(&file_module, specification, &options, &error) != SYNFIX_OK ||
        file_module.sink->open(&host, options, &sink, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    options_free(options);
    const void *settings;
    const char *key;
    const synfix_encoding_t *encoding = file_module.sink->encoding(sink, &settings, &key);
    void *encoder = NULL;
    assert_int_equal(encoding->create(settings, 0, &encoder, &error), SYNFIX_OK);
    assert_int_equal(file_module.sink->start(sink, &error), SYNFIX_OK);
    uint8_t data[4096];
    synfix_block_t block = {.data = data, .capacity = encoding->size(settings)};
    uint32_t seed = 1;
    for (unsigned i = 0; i < RECORDS; i++) {
        random_observation_t random;
        random_observation(&seed, &random);
        if (encoding->encode(encoder, &random.observation, &block) == SYNFIX_AGAIN) {
            encoding->seal(encoder, &block);
            assert_int_equal(file_module.sink->write(sink, &block, &error), SYNFIX_OK);
            block = (synfix_block_t){.data = data, .capacity = encoding->size(settings)};
            assert_int_equal(encoding->encode(encoder, &random.observation, &block), SYNFIX_OK);
        }
    }
    encoding->seal(encoder, &block);
    assert_int_equal(file_module.sink->write(sink, &block, &error), SYNFIX_OK);
    if (file_module.sink->finish(sink, &error) != SYNFIX_OK) {
        assert_true(host.live); /* no room for the closing records */
    }
    file_module.sink->stats(sink, stats);
    encoding->destroy(encoder);
    file_module.sink->close(sink);
}

/* A pipeline that lets the sink keep blocks: the bytes are good until they are released. */
typedef struct kept {
    unsigned now;
    unsigned most;
    unsigned total;
} kept_t;

static bool keep_block(void *user, const synfix_block_t *block)
{
    kept_t *kept = user;
    (void)block;
    kept->total++;
    kept->now++;
    kept->most = MAX(kept->most, kept->now);
    return true;
}

static void release_block(void *user, const synfix_block_t *block)
{
    kept_t *kept = user;
    memset(block->data, 0xEE, block->capacity);
    kept->now--;
}

#define KEPT_MESSAGES 20u
#define KEPT_SIZE     20000u

/* Messages of one data set with the same record throughout, each in a block of its own. */
static void write_large(void *sink, const synfix_encoding_t *encoding, const void *settings,
                        synfix_status_t expected)
{
    synfix_error_t error = {.text = ""};
    void *encoder = NULL;
    assert_int_equal(encoding->create(settings, 0, &encoder, &error), SYNFIX_OK);
    static uint8_t data[KEPT_MESSAGES][KEPT_SIZE];
    static synfix_block_t blocks[KEPT_MESSAGES];
    uint32_t seed = 1;
    for (unsigned i = 0; i < KEPT_MESSAGES; i++) {
        blocks[i] = (synfix_block_t){.data = data[i], .capacity = KEPT_SIZE};
        random_observation_t random;
        do {
            random_observation(&seed, &random);
        } while (encoding->encode(encoder, &random.observation, &blocks[i]) != SYNFIX_AGAIN);
        encoding->seal(encoder, &blocks[i]);
        assert_int_equal(file_module.sink->write(sink, &blocks[i], &error), expected);
    }
    encoding->destroy(encoder);
}

static void run_large(const char *specification, kept_t *kept, synfix_sink_stats_t *stats)
{
    synfix_error_t error = {.text = ""};
    synfix_options_t *options = NULL;
    void *sink = NULL;
    synfix_module_context_t keeping = host;
    if (kept != NULL) {
        keeping.user = kept;
        keeping.keep_block = keep_block;
        keeping.release_block = release_block;
    }
    if (options_parse(&file_module, specification, &options, &error) != SYNFIX_OK ||
        file_module.sink->open(&keeping, options, &sink, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    options_free(options);
    const void *settings;
    const char *key;
    const synfix_encoding_t *encoding = file_module.sink->encoding(sink, &settings, &key);
    assert_int_equal(file_module.sink->start(sink, &error), SYNFIX_OK);
    write_large(sink, encoding, settings, SYNFIX_OK);
    (void)file_module.sink->finish(sink, &error);
    file_module.sink->stats(sink, stats);
    file_module.sink->close(sink);
}

/* Data records of a message: sets of a template id above the options templates are counted by the caller's
 * sequence numbers, so here only the frame is checked. */
static unsigned walk_messages(const uint8_t *data, size_t length)
{
    unsigned messages = 0;
    uint32_t last_sequence = 0;
    for (size_t at = 0; at < length; messages++) {
        assert_true(length - at >= 16);
        const size_t size = read_be16(data + at + 2);
        assert_int_equal(read_be16(data + at), 10);
        assert_true(size >= 20 && size <= length - at);
        assert_true(read_be32(data + at + 8) >= last_sequence);
        last_sequence = read_be32(data + at + 8);
        assert_int_equal(read_be32(data + at + 12), 9);
        for (size_t set = at + 16; set < at + size;) {
            const size_t set_size = read_be16(data + set + 2);
            assert_true(set_size > 4 && set_size <= at + size - set);
            set += set_size;
        }
        at += size;
    }
    return messages;
}

static void test_whole_file(void **state)
{
    synfix_sink_stats_t stats;
    g_autofree char *path = g_build_filename(*state, "a.ipfix", NULL);
    g_autofree char *specification = g_strconcat("file:", path, "?size=1400", NULL);
    run_sink(specification, &stats);
    assert_int_equal(stats.produced, RECORDS);
    assert_int_equal(stats.delivered, RECORDS);
    assert_int_equal(stats.lost, 0);
    g_autofree char *text = NULL;
    gsize length = 0;
    assert_true(g_file_get_contents(path, &text, &length, NULL));
    assert_int_equal(length, stats.bytes);
    assert_true(walk_messages((const uint8_t *)text, length) > 10);
    g_autofree char *part = g_strconcat(path, ".part", NULL);
    assert_false(g_file_test(part, G_FILE_TEST_EXISTS));
}

static void test_rotation_keeps_all(void **state)
{
    synfix_sink_stats_t stats;
    g_autofree char *specification =
        g_strdup_printf("file:%s/r-%%Y.ipfix?size=1400&rotate-size=20000", (char *)*state);
    run_sink(specification, &stats);
    assert_int_equal(stats.delivered, RECORDS);
    GDir *directory = g_dir_open(*state, 0, NULL);
    unsigned files = 0;
    for (const char *name = g_dir_read_name(directory); name != NULL; name = g_dir_read_name(directory)) {
        assert_true(g_str_has_suffix(name, ".ipfix"));
        g_autofree char *path = g_build_filename(*state, name, NULL);
        g_autofree char *text = NULL;
        gsize length = 0;
        assert_true(g_file_get_contents(path, &text, &length, NULL));
        assert_int_equal(read_be32((const uint8_t *)text + 8), 0);
        assert_true(walk_messages((const uint8_t *)text, length) > 0);
        files++;
    }
    g_dir_close(directory);
    assert_true(files > 3);
}

static unsigned count_files(const char *path)
{
    unsigned files = 0;
    GDir *directory = g_dir_open(path, 0, NULL);
    while (g_dir_read_name(directory) != NULL) {
        files++;
    }
    g_dir_close(directory);
    return files;
}

/* The clock alone ends a file, whether anything arrives or not. */
static void test_rotation_by_time_when_idle(void **state)
{
    const int64_t hour_ns = 3600 * INT64_C(1000000000);
    synfix_error_t error = {.text = ""};
    synfix_options_t *options = NULL;
    void *sink = NULL;
    g_autofree char *specification =
        g_strdup_printf("file:%s/t-%%Y%%m%%d-%%H.ipfix?rotate-time=1h", (char *)*state);
    assert_int_equal(options_parse(&file_module, specification, &options, &error), SYNFIX_OK);
    assert_int_equal(file_module.sink->open(&host, options, &sink, &error), SYNFIX_OK);
    options_free(options);
    assert_int_equal(file_module.sink->start(sink, &error), SYNFIX_OK);
    const int64_t next_hour_ns = (g_get_real_time() * 1000 / hour_ns + 1) * hour_ns;
    static const struct {
        int64_t after_ns;
        unsigned files;
    } steps[] = {{1, 2}, {1000000000, 2}, {3599000000000, 2}, {3600000000000, 3}};
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        assert_int_equal(file_module.sink->tick(sink, next_hour_ns + steps[i].after_ns, &error), SYNFIX_OK);
        assert_int_equal(count_files(*state), steps[i].files);
    }
    assert_int_equal(file_module.sink->finish(sink, &error), SYNFIX_OK);
    assert_int_equal(count_files(*state), 3);
    file_module.sink->close(sink);
}

static void test_recover_cuts_to_whole_messages(void **state)
{
    static const char *const ways[] = {"none", "zstd"};
    for (size_t i = 0; i < 2; i++) {
        synfix_sink_stats_t stats;
        g_autofree char *path = g_build_filename(*state, ways[i], NULL);
        g_autofree char *part = g_strconcat(path, ".part", NULL);
        g_autofree char *specification = g_strconcat("file:", path, "?size=1400&compress=", ways[i], NULL);
        run_sink(specification, &stats);
        assert_int_equal(g_rename(path, part), 0);
        GStatBuf before;
        assert_int_equal(g_stat(part, &before), 0);
        assert_int_equal(truncate(part, before.st_size - 7), 0);
        ipfix_file_recovered_t recovered;
        synfix_error_t error = {.text = ""};
        assert_int_equal(ipfix_file_recover(part, &recovered, &error), SYNFIX_OK);
        assert_string_equal(recovered.name, path);
        assert_true(recovered.messages > 10);
        assert_true(recovered.octets_dropped > 0);
        GStatBuf after;
        assert_int_equal(g_stat(path, &after), 0);
        assert_int_equal((uint64_t)after.st_size + recovered.octets_dropped, (uint64_t)before.st_size - 7);
        g_free(recovered.name);
    }
}

/* Damages the first bytes of the message or frame in the middle of @p path. */
static void damage_the_middle(const char *path, const char *magic, gsize magic_length)
{
    g_autofree char *data = NULL;
    gsize length = 0;
    assert_true(g_file_get_contents(path, &data, &length, NULL));
    char *const found = memmem(data + length / 2, length / 2, magic, magic_length);
    assert_non_null(found);
    found[0] = 0x55;
    assert_true(g_file_set_contents(path, data, (gssize)length, NULL));
}

static void test_recover_passes_over_damage(void **state)
{
    static const struct {
        const char *way;
        const char *magic;
        gsize length;
    } cases[] = {{"none", "\x00\x0A\x05", 3}, {"zstd", "\x28\xB5\x2F\xFD", 4}};
    for (size_t i = 0; i < 2; i++) {
        synfix_sink_stats_t stats;
        ipfix_file_recovered_t whole, damaged;
        synfix_error_t error = {.text = ""};
        g_autofree char *path = g_build_filename(*state, cases[i].way, NULL);
        g_autofree char *part = g_strconcat(path, ".part", NULL);
        g_autofree char *specification =
            g_strconcat("file:", path, "?size=1400&compress=", cases[i].way, NULL);
        run_sink(specification, &stats);
        assert_int_equal(g_rename(path, part), 0);
        assert_int_equal(ipfix_file_recover(part, &whole, &error), SYNFIX_OK);
        assert_int_equal(whole.octets_damaged, 0);
        assert_int_equal(g_rename(path, part), 0);
        damage_the_middle(part, cases[i].magic, cases[i].length);
        assert_int_equal(ipfix_file_recover(part, &damaged, &error), SYNFIX_OK);
        assert_int_equal(damaged.messages, whole.messages - 1);
        assert_int_equal(damaged.octets_dropped, 0);
        assert_in_range(damaged.octets_damaged, 1, 1500);
        g_free(whole.name);
        g_free(damaged.name);
    }
}

static void test_a_large_file_without_a_message_stays(void **state)
{
    ipfix_file_recovered_t recovered;
    synfix_error_t error = {.text = ""};
    g_autofree char *part = g_build_filename(*state, "large.ipfix.part", NULL);
    g_autofree char *data = g_malloc0(1 << 20);
    data[1] = 10;
    assert_true(g_file_set_contents(part, data, 1 << 20, NULL));
    assert_int_equal(ipfix_file_recover(part, &recovered, &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "not changed"));
    assert_int_equal(g_unlink(part), 0);
}

/* A limit on the size of files stands for a full disk: live, the capture goes on, what is lost is counted,
 * and the file goes on when there is room. */
static void test_full_disk(void **state)
{
    synfix_sink_stats_t stats;
    g_autofree char *path = g_build_filename(*state, "full.ipfix", NULL);
    g_autofree char *specification = g_strconcat("file:", path, "?size=1400", NULL);
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    const struct rlimit small = {.rlim_cur = 60000, .rlim_max = limit.rlim_max};
    void (*const before)(int) = signal(SIGXFSZ, SIG_IGN);
    host.live = true;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    run_sink(specification, &stats);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    host.live = false;
    signal(SIGXFSZ, before);
    assert_int_equal(stats.produced, RECORDS);
    assert_int_equal(stats.delivered + stats.lost, RECORDS);
    assert_true(stats.delivered > 50 && stats.lost > 50 && stats.errors > 0);
    g_autofree char *text = NULL;
    gsize length = 0;
    assert_true(g_file_get_contents(path, &text, &length, NULL));
    assert_true(length <= 60000 && length > 50000);
    assert_true(walk_messages((const uint8_t *)text, length) > 10);
}

static uint64_t size_of(const char *path)
{
    GStatBuf file;
    assert_int_equal(g_stat(path, &file), 0);
    return (uint64_t)file.st_size;
}

/* Full messages wait for others of their kind, but not for ever; one that is not full ends the row. What
 * waits is counted as such. */
static void test_messages_in_a_row(void **state)
{
    synfix_error_t error = {.text = ""};
    synfix_options_t *options = NULL;
    void *sink = NULL;
    const synfix_sink_t *functions = file_module.sink;
    g_autofree char *path = g_build_filename(*state, "row.ipfix", NULL);
    g_autofree char *part = g_strconcat(path, ".part", NULL);
    g_autofree char *specification = g_strconcat("file:", path, NULL);
    assert_int_equal(options_parse(&file_module, specification, &options, &error), SYNFIX_OK);
    assert_int_equal(functions->open(&host, options, &sink, &error), SYNFIX_OK);
    options_free(options);
    assert_int_equal(functions->start(sink, &error), SYNFIX_OK);
    const uint64_t begun = size_of(part);
    assert_true(begun > 0); /* templates do not wait */
    static uint8_t data[65535];
    synfix_block_t full = {.data = data, .capacity = sizeof data, .length = sizeof data, .records = 7};
    full.notes[2] = 7;
    synfix_block_t last = full;
    last.length = 1000;
    synfix_sink_stats_t stats;
    for (unsigned i = 1; i <= 3; i++) {
        assert_int_equal(functions->write(sink, &full, &error), SYNFIX_OK);
        functions->stats(sink, &stats);
        assert_int_equal(stats.produced, 7 * i);
        assert_int_equal(stats.pending + stats.delivered, 7 * i);
    }
    assert_int_equal(functions->tick(sink, 1, &error), SYNFIX_OK);
    functions->stats(sink, &stats);
    assert_int_equal(stats.delivered, 21);
    assert_true(size_of(part) >= begun + 3 * sizeof data);
    assert_int_equal(functions->write(sink, &full, &error), SYNFIX_OK);
    const uint64_t before = size_of(part);
    assert_int_equal(functions->write(sink, &last, &error), SYNFIX_OK);
    functions->stats(sink, &stats);
    assert_int_equal(stats.pending, 0);
    assert_int_equal(stats.delivered, 35);
    assert_true(size_of(part) > before);
    for (unsigned i = 0; i < 40; i++) { /* more than a row holds */
        assert_int_equal(functions->write(sink, &full, &error), SYNFIX_OK);
    }
    assert_true(size_of(part) > before + (1u << 20));
    assert_int_equal(functions->finish(sink, &error), SYNFIX_OK);
    functions->stats(sink, &stats);
    assert_int_equal(stats.delivered, 35 + 280);
    assert_int_equal(stats.pending, 0);
    functions->close(sink);
}

static void ignore_log(void *user, int level, const char *text)
{
    (void)user;
    (void)level;
    (void)text;
}

/* Only what this target can have left is touched, and of that nothing that is no IPFIX. */
static void test_strangers_are_left_alone(void **state)
{
    static const struct {
        const char *name;
        const char *target;
        const char *content;
        gssize length;
        bool stays;
    } cases[] = {
        {"archive.iso.part", "a.ipfix", "x", 1, true},
        {"zebra.mkv.part", "%Y.ipfix", "x", 1, true},
        {"rec.db.part", "rec.ipfix", "\0\12\0\20", 4, true},
        {"ab.ipfix.part", "a.ipfix", "\0\12", 2, true},
        {"2026.ipfix.part", "%Y.ipfix", "\0\12", 2, false},
        {"2026-3.ipfix.part", "%Y.ipfix", "\0\12", 2, false},
        {"20x6.ipfix.part", "%Y.ipfix", "\0\12", 2, true},
        {"a.ipfix.part", "a.ipfix", "text", 4, true},
        {"a-7.ipfix.part", "a.ipfix", "\0\12", 2, false},
        {"a.part", "a", "", 0, false},
        {"a-b.ipfix.part", "a.ipfix", "\0\12", 2, true},
        {"5% a-1.part", "5%% a", "\0\12", 2, false},
        {"r11:05.x.part", "r%R.x", "\0\12", 2, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        g_autofree char *part = g_build_filename(*state, cases[i].name, NULL);
        g_autofree char *target = g_build_filename(*state, cases[i].target, NULL);
        assert_true(g_file_set_contents(part, cases[i].content, cases[i].length, NULL));
        ipfix_file_recover_all(target, false, ignore_log, NULL);
        if (g_file_test(part, G_FILE_TEST_EXISTS) != cases[i].stays) {
            fail_msg("%s, target %s", cases[i].name, cases[i].target);
        }
        (void)g_unlink(part);
    }
    g_autofree char *part = g_build_filename(*state, "p.txt.part", NULL);
    synfix_error_t error;
    assert_true(g_file_set_contents(part, "text", -1, NULL));
    assert_int_equal(ipfix_file_recover(part, NULL, &error), SYNFIX_INVALID);
    assert_true(g_file_test(part, G_FILE_TEST_EXISTS));
}

/* A file that somebody else put in the place of ours does not get its name. */
static void test_replaced_while_written(void **state)
{
    synfix_error_t error;
    ipfix_file_t *archive = NULL;
    g_autofree char *path = g_build_filename(*state, "a.ipfix", NULL);
    g_autofree char *part = g_strconcat(path, ARCHIVE_PART_SUFFIX, NULL);
    const ipfix_file_config_t config = {.target = path};
    assert_int_equal(ipfix_file_new(&config, &archive, &error), SYNFIX_OK);
    assert_int_equal(ipfix_file_begin(archive, 0, &error), SYNFIX_OK);
    assert_int_equal(g_unlink(part), 0);
    assert_true(g_file_set_contents(part, "other", -1, NULL));
    assert_int_equal(ipfix_file_end(archive, &error), SYNFIX_IO);
    assert_non_null(strstr(error.text, "replaced"));
    assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    assert_int_equal(size_of(part), 5);
    ipfix_file_free(archive);
}

/* What is rescued at the start must not be replaced at the end. */
static void test_rescued_file_is_kept(void **state)
{
    synfix_sink_stats_t stats;
    g_autofree char *path = g_build_filename(*state, "a.ipfix", NULL);
    g_autofree char *part = g_strconcat(path, ".part", NULL);
    g_autofree char *rescued = g_build_filename(*state, "a-2.ipfix", NULL);
    g_autofree char *specification = g_strconcat("file:", path, "?size=1400", NULL);
    run_sink(specification, &stats);
    assert_int_equal(g_rename(path, part), 0);
    run_sink(specification, &stats);
    assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    assert_true(g_file_test(rescued, G_FILE_TEST_EXISTS));
    assert_int_equal(count_files(*state), 2);
}

/* A pipe stays a pipe: no file takes its place, and nothing lies beside it. */
static void test_pipe_is_written_to(void **state)
{
    g_autofree char *path = g_build_filename(*state, "pipe", NULL);
    g_autofree char *part = g_strconcat(path, ARCHIVE_PART_SUFFIX, NULL);
    g_autofree char *specification = g_strdup_printf("file:%s?size=1400", path);
    assert_int_equal(mkfifo(path, 0600), 0);
    const int reader = open(path, O_RDWR | O_CLOEXEC); /* never blocks */
    assert_true(reader >= 0);
    (void)fcntl(reader, F_SETPIPE_SZ, 1 << 20);
    synfix_sink_stats_t stats;
    run_sink(specification, &stats);
    struct stat there;
    assert_int_equal(stat(path, &there), 0);
    assert_true(S_ISFIFO(there.st_mode));
    assert_int_equal(access(part, F_OK), -1);
    uint8_t version[2];
    assert_int_equal(read(reader, version, sizeof version), sizeof version);
    assert_int_equal(read_be16(version), 10);
    assert_int_equal(stats.delivered, RECORDS);
    (void)close(reader);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *specification;
        const char *reason;
    } cases[] = {
        {"file:/nonexistent-directory/a.ipfix", "/nonexistent-directory/a.ipfix: No such file or directory"},
        {"file:/tmp/x?profile=nothing", "profile 'nothing'"},
        {"file:/tmp/x?compress=gzip", "none or zstd"},
        {"file:/tmp/x?compat=cart", "is unknown; write cert"},
        {"file:/tmp/x?pen=6871", "belongs to CERT"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        synfix_error_t error = {.text = ""};
        synfix_options_t *options = NULL;
        void *sink = NULL;
        assert_int_equal(options_parse(&file_module, cases[i].specification, &options, &error), SYNFIX_OK);
        assert_true(file_module.sink->open(&host, options, &sink, &error) < 0);
        if (strstr(error.text, cases[i].reason) == NULL) {
            fail_msg("'%s' does not tell '%s'", error.text, cases[i].reason);
        }
        options_free(options);
    }
}

/* The data messages of both files, without their headers, which hold times. Returns their number. */
static unsigned compare_large(const uint8_t *one, const uint8_t *other, size_t length)
{
    unsigned large = 0;
    for (size_t at = 0; at < length; at += read_be16(one + at + 2)) {
        const size_t size = read_be16(one + at + 2);
        assert_int_equal(read_be16(other + at + 2), size);
        if (size > KEPT_SIZE / 2) {
            assert_memory_equal(one + at + 16, other + at + 16, size - 16);
            large++;
        }
    }
    return large;
}

/* A file of kept blocks is the file of copied blocks, and every block is released. */
static void test_kept_blocks(void **state)
{
    kept_t kept = {.now = 0};
    synfix_sink_stats_t stats, copied;
    char *contents[2];
    size_t lengths[2];
    for (unsigned i = 0; i < 2; i++) {
        g_autofree char *path = g_strdup_printf("%s/kept%u.ipfix", (char *)*state, i);
        g_autofree char *text =
            g_strdup_printf("file:%s?profile=compact&size=20000&options-interval=1d", path);
        run_large(text, i == 0 ? NULL : &kept, i == 0 ? &copied : &stats);
        assert_true(g_file_get_contents(path, &contents[i], &lengths[i], NULL));
    }
    assert_int_equal(kept.total, KEPT_MESSAGES);
    assert_int_equal(kept.now, 0);
    assert_in_range(kept.most, 2, SYNFIX_KEPT_BLOCKS_MAX);
    assert_int_equal(stats.delivered, copied.delivered);
    assert_int_equal(stats.pending + stats.lost, 0);
    assert_int_equal(lengths[0], lengths[1]);
    assert_int_equal(compare_large((const uint8_t *)contents[0], (const uint8_t *)contents[1], lengths[0]),
                     KEPT_MESSAGES);
    g_free(contents[0]);
    g_free(contents[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_whole_file, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_rotation_keeps_all, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_rotation_by_time_when_idle, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_recover_cuts_to_whole_messages, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_recover_passes_over_damage, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_a_large_file_without_a_message_stays, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_full_disk, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_messages_in_a_row, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_strangers_are_left_alone, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_replaced_while_written, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_rescued_file_is_kept, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_pipe_is_written_to, make_folder, drop_folder),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test_setup_teardown(test_kept_blocks, make_folder, drop_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
