/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "exporter/ipfix_file/ipfix_file.h"
#include "support/file_sink.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_whole_file(void **state)
{
    synfix_sink_stats_t stats;
    g_autofree char *path = g_build_filename(*state, "a.ipfix", NULL);
    g_autofree char *specification = g_strconcat("file:", path, "?size=1400", NULL);
    file_sink_run(specification, &stats);
    assert_int_equal(stats.produced, FILE_SINK_RECORDS);
    assert_int_equal(stats.delivered, FILE_SINK_RECORDS);
    assert_int_equal(stats.lost, 0);
    g_autofree char *text = NULL;
    gsize length = 0;
    assert_true(g_file_get_contents(path, &text, &length, NULL));
    assert_int_equal(length, stats.bytes);
    assert_true(file_sink_messages((const uint8_t *)text, length) > 10);
    g_autofree char *part = g_strconcat(path, ".part", NULL);
    assert_false(g_file_test(part, G_FILE_TEST_EXISTS));
}

static void test_rotation_keeps_all(void **state)
{
    synfix_sink_stats_t stats;
    g_autofree char *specification =
        g_strdup_printf("file:%s/r-%%Y.ipfix?size=1400&rotate-size=20000", (char *)*state);
    file_sink_run(specification, &stats);
    assert_int_equal(stats.delivered, FILE_SINK_RECORDS);
    GDir *directory = g_dir_open(*state, 0, NULL);
    unsigned files = 0;
    for (const char *name = g_dir_read_name(directory); name != NULL; name = g_dir_read_name(directory)) {
        assert_true(g_str_has_suffix(name, ".ipfix"));
        g_autofree char *path = g_build_filename(*state, name, NULL);
        g_autofree char *text = NULL;
        gsize length = 0;
        assert_true(g_file_get_contents(path, &text, &length, NULL));
        assert_int_equal(read_be32((const uint8_t *)text + 8), 0);
        assert_true(file_sink_messages((const uint8_t *)text, length) > 0);
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
    assert_int_equal(parse_options(&file_module, specification, &options, &error), SYNFIX_OK);
    assert_int_equal(file_module.sink->open(&file_sink_context, options, &sink, &error), SYNFIX_OK);
    module_options_free(options);
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

/* A limit on the size of files stands for a full disk: live, the capture continues, lost records are
 * counted, and the file continues when there is room. */
static void test_full_disk(void **state)
{
    synfix_sink_stats_t stats;
    g_autofree char *path = g_build_filename(*state, "full.ipfix", NULL);
    g_autofree char *specification = g_strconcat("file:", path, "?size=1400", NULL);
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    const struct rlimit small = {.rlim_cur = 60000, .rlim_max = limit.rlim_max};
    void (*const before)(int) = signal(SIGXFSZ, SIG_IGN);
    file_sink_context.live = true;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    file_sink_run(specification, &stats);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    file_sink_context.live = false;
    signal(SIGXFSZ, before);
    assert_int_equal(stats.produced, FILE_SINK_RECORDS);
    assert_int_equal(stats.delivered + stats.lost, FILE_SINK_RECORDS);
    assert_true(stats.delivered > 50 && stats.lost > 50 && stats.errors > 0);
    g_autofree char *text = NULL;
    gsize length = 0;
    assert_true(g_file_get_contents(path, &text, &length, NULL));
    assert_true(length <= 60000 && length > 50000);
    assert_true(file_sink_messages((const uint8_t *)text, length) > 10);
}

/* Live, a new file begins as soon as the deletion is known. */
static void test_deleted_file(void **state)
{
    static const bool live[] = {true, false};
    g_autofree char *path = g_build_filename(*state, "deleted.ipfix", NULL);
    g_autofree char *part = g_strconcat(path, ".part", NULL);
    g_autofree char *specification = g_strconcat("file:", path, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(live); i++) {
        synfix_error_t error = {.text = ""};
        synfix_options_t *options = NULL;
        synfix_sink_stats_t stats;
        void *sink = NULL;
        file_sink_context.live = live[i];
        assert_int_equal(parse_options(&file_module, specification, &options, &error), SYNFIX_OK);
        assert_int_equal(file_module.sink->open(&file_sink_context, options, &sink, &error), SYNFIX_OK);
        module_options_free(options);
        assert_int_equal(file_module.sink->start(sink, &error), SYNFIX_OK);
        assert_int_equal(unlink(part), 0);
        assert_int_equal(file_module.sink->tick(sink, wall_ns(), &error), live[i] ? SYNFIX_OK : SYNFIX_IO);
        if (live[i]) {
            assert_int_equal(file_module.sink->tick(sink, wall_ns(), &error), SYNFIX_OK);
            assert_true(g_file_test(part, G_FILE_TEST_EXISTS));
            assert_int_equal(file_module.sink->finish(sink, &error), SYNFIX_OK);
            assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
        } else {
            assert_non_null(strstr(error.text, "removed or replaced by another process"));
        }
        file_module.sink->stats(sink, &stats);
        assert_int_equal(stats.errors, 1);
        file_module.sink->close(sink);
    }
    file_sink_context.live = false;
}

/* A file that is due cannot have its @p name at @p now_ns; the next call can write again. */
static void refuse_name(void *sink, const char *name, int64_t now_ns)
{
    static uint8_t data[65535];
    const synfix_block_t block = {.data = data, .capacity = sizeof data, .length = sizeof data, .records = 7};
    const synfix_sink_t *functions = file_module.sink;
    synfix_error_t error = {.text = ""};
    assert_int_equal(functions->write(sink, &block, &error), SYNFIX_OK);
    assert_int_equal(g_mkdir(name, 0700), 0);
    assert_int_equal(functions->tick(sink, now_ns, &error), SYNFIX_OK);
    assert_int_equal(functions->tick(sink, now_ns + 1, &error), SYNFIX_OK);
    assert_int_equal(g_rmdir(name), 0);
    assert_int_equal(functions->tick(sink, now_ns + 2, &error), SYNFIX_OK);
}

/* Live, a file that could not be renamed gets its name as soon as writing succeeds again; when failures and
 * writes alternate, the directory is read once a second. */
static void test_failed_rename(void **state)
{
    synfix_error_t error = {.text = ""};
    synfix_options_t *options = NULL;
    void *sink = NULL;
    const synfix_sink_t *functions = file_module.sink;
    g_autofree char *path = g_build_filename(*state, "a.ipfix", NULL);
    g_autofree char *second = g_build_filename(*state, "a-2.ipfix", NULL);
    g_autofree char *third = g_build_filename(*state, "a-3.ipfix", NULL);
    g_autofree char *specification = g_strdup_printf("file:%s?rotate-size=65536", path);
    assert_int_equal(parse_options(&file_module, specification, &options, &error), SYNFIX_OK);
    file_sink_context.live = true;
    assert_int_equal(functions->open(&file_sink_context, options, &sink, &error), SYNFIX_OK);
    module_options_free(options);
    assert_int_equal(functions->start(sink, &error), SYNFIX_OK);
    refuse_name(sink, path, 1);
    assert_true(g_file_test(path, G_FILE_TEST_IS_REGULAR));
    refuse_name(sink, second, 4);
    assert_false(g_file_test(second, G_FILE_TEST_EXISTS));
    assert_int_equal(functions->tick(sink, 3 + NS_PER_S, &error), SYNFIX_OK);
    assert_true(g_file_test(second, G_FILE_TEST_IS_REGULAR));
    refuse_name(sink, third, 4 + NS_PER_S);
    assert_false(g_file_test(third, G_FILE_TEST_EXISTS));
    assert_int_equal(functions->finish(sink, &error), SYNFIX_OK);
    assert_true(g_file_test(third, G_FILE_TEST_IS_REGULAR));
    functions->close(sink);
    file_sink_context.live = false;
    assert_int_equal(count_files(*state), 4);
}

/* Full messages wait for others of their kind for a limited time; one that is not full ends the row. What
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
    assert_int_equal(parse_options(&file_module, specification, &options, &error), SYNFIX_OK);
    assert_int_equal(functions->open(&file_sink_context, options, &sink, &error), SYNFIX_OK);
    module_options_free(options);
    assert_int_equal(functions->start(sink, &error), SYNFIX_OK);
    const uint64_t begun = file_size(part);
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
    assert_true(file_size(part) >= begun + 3 * sizeof data);
    assert_int_equal(functions->write(sink, &full, &error), SYNFIX_OK);
    const uint64_t before = file_size(part);
    assert_int_equal(functions->write(sink, &last, &error), SYNFIX_OK);
    functions->stats(sink, &stats);
    assert_int_equal(stats.pending, 0);
    assert_int_equal(stats.delivered, 35);
    assert_true(file_size(part) > before);
    for (unsigned i = 0; i < 40; i++) { /* more than a row holds */
        assert_int_equal(functions->write(sink, &full, &error), SYNFIX_OK);
    }
    assert_true(file_size(part) > before + (1u << 20));
    assert_int_equal(functions->finish(sink, &error), SYNFIX_OK);
    functions->stats(sink, &stats);
    assert_int_equal(stats.delivered, 35 + 280);
    assert_int_equal(stats.pending, 0);
    functions->close(sink);
}

/* A file recovered at the start is not replaced at the end. */
static void test_recovered_file_is_kept(void **state)
{
    synfix_sink_stats_t stats;
    g_autofree char *path = g_build_filename(*state, "a.ipfix", NULL);
    g_autofree char *part = g_strconcat(path, ".part", NULL);
    g_autofree char *recovered = g_build_filename(*state, "a-2.ipfix", NULL);
    g_autofree char *specification = g_strconcat("file:", path, "?size=1400", NULL);
    file_sink_run(specification, &stats);
    assert_int_equal(g_rename(path, part), 0);
    file_sink_run(specification, &stats);
    assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    assert_true(g_file_test(recovered, G_FILE_TEST_EXISTS));
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
    file_sink_run(specification, &stats);
    struct stat there;
    assert_int_equal(stat(path, &there), 0);
    assert_true(S_ISFIFO(there.st_mode));
    assert_int_equal(access(part, F_OK), -1);
    uint8_t version[2];
    assert_int_equal(read(reader, version, sizeof version), sizeof version);
    assert_int_equal(read_be16(version), 10);
    assert_int_equal(stats.delivered, FILE_SINK_RECORDS);
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
        assert_true(parse_options(&file_module, cases[i].specification, &options, &error) < 0 ||
                    file_module.sink->open(&file_sink_context, options, &sink, &error) < 0);
        if (strstr(error.text, cases[i].reason) == NULL) {
            fail_msg("'%s' does not tell '%s'", error.text, cases[i].reason);
        }
        module_options_free(options);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_whole_file, make_temporary_directory,
                                        remove_temporary_directory),
        cmocka_unit_test_setup_teardown(test_rotation_keeps_all, make_temporary_directory,
                                        remove_temporary_directory),
        cmocka_unit_test_setup_teardown(test_rotation_by_time_when_idle, make_temporary_directory,
                                        remove_temporary_directory),
        cmocka_unit_test_setup_teardown(test_full_disk, make_temporary_directory, remove_temporary_directory),
        cmocka_unit_test_setup_teardown(test_deleted_file, make_temporary_directory,
                                        remove_temporary_directory),
        cmocka_unit_test_setup_teardown(test_failed_rename, make_temporary_directory,
                                        remove_temporary_directory),
        cmocka_unit_test_setup_teardown(test_messages_in_a_row, make_temporary_directory,
                                        remove_temporary_directory),
        cmocka_unit_test_setup_teardown(test_recovered_file_is_kept, make_temporary_directory,
                                        remove_temporary_directory),
        cmocka_unit_test_setup_teardown(test_pipe_is_written_to, make_temporary_directory,
                                        remove_temporary_directory),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
