/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The source `follow`: captures that appear in a directory, each read once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/file/file_source.h"
#include "capture/file/follow_source.h"
#include "support/read_source.h"
#include "support/temporary_directory.h"
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#define WEB  SYNFIX_TEST_DATA "/web.pcap"
#define VLAN SYNFIX_TEST_DATA "/vlan.pcap"

static char *directory;
static GString *log_text;

static void on_log(void *user, int level, const char *text)
{
    (void)user, (void)level;
    g_string_append_printf(log_text, "%s\n", text);
}

static const synfix_module_context_t context = {.struct_size = sizeof context, .log = on_log};

static int make_directory(void **state)
{
    (void)state;
    directory = temporary_directory_new();
    log_text = g_string_new(NULL);
    return directory == NULL;
}

static int remove_directory(void **state)
{
    (void)state;
    g_string_free(log_text, TRUE);
    return temporary_directory_remove(directory);
}

/* A file of @p bytes that was modified at @p modified_s; it appears complete. */
static void put_bytes(const char *name, const char *bytes, gsize length, time_t modified_s)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autofree char *hidden = g_build_filename(directory, ".new", NULL);
    const struct timespec times[2] = {{.tv_sec = modified_s}, {.tv_sec = modified_s}};
    assert_true(g_file_set_contents(hidden, bytes, (gssize)length, NULL));
    assert_int_equal(utimensat(AT_FDCWD, hidden, times, 0), 0);
    assert_int_equal(g_rename(hidden, path), 0);
}

static void put_capture(const char *name, const char *from, time_t modified_s)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    assert_true(g_file_get_contents(from, &bytes, &length, NULL));
    put_bytes(name, bytes, length, modified_s);
}

static void *open_follow(const char *settings)
{
    void *instance = NULL;
    synfix_error_t error = {.text = ""};
    if (open_file_source(&capture_follow_module, &context, directory, settings, &instance, &error) !=
        SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    return instance;
}

/* Reads until the log has @p text; packets whose numbers continue, the last one of which is *number. */
static size_t read_until(void *instance, const char *text, uint64_t *number)
{
    size_t sum = 0;
    while (strstr(log_text->str, text) == NULL) {
        synfix_packet_t packets[5];
        size_t count = 0;
        const synfix_status_t status = capture_follow_module.source->read(instance, packets, 5, &count, NULL);
        assert_true(status == SYNFIX_OK || status == SYNFIX_AGAIN);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(packets[i].number, ++*number);
        }
        sum += count;
    }
    return sum;
}

static size_t packets_of(const char *file, const char *settings)
{
    const file_content_seen_t seen = read_source(&capture_file_module, file, settings);
    assert_int_equal(seen.status, SYNFIX_END);
    return seen.packets;
}

static void files_are_read_once_and_the_oldest_first(void **state)
{
    (void)state;
    const size_t web = packets_of(WEB, NULL), vlan = packets_of(VLAN, NULL);
    uint64_t number = 0;
    put_capture("a.pcap", WEB, 2000);
    put_capture("b.pcap", VLAN, 1000);
    void *instance = open_follow(NULL);
    assert_int_equal(read_until(instance, "b.pcap: ", &number), vlan);
    assert_int_equal(read_until(instance, "a.pcap: ", &number), web);
    put_capture("c.pcap", VLAN, 3000);
    assert_int_equal(read_until(instance, "c.pcap: ", &number), vlan);
    synfix_source_stats_t stats = {0};
    capture_follow_module.source->stats(instance, &stats);
    assert_int_equal(stats.received, web + 2 * vlan);
    assert_true(stats.bytes_read > 0);
    capture_follow_module.source->close(instance);

    /* the next run knows them, also the one that it ended behind */
    number = 0;
    g_string_truncate(log_text, 0);
    put_capture("d.pcap", WEB, 4000);
    instance = open_follow(NULL);
    assert_int_equal(read_until(instance, "d.pcap: ", &number), web);
    capture_follow_module.source->close(instance);
    assert_null(strstr(log_text->str, "c.pcap"));
}

static void a_bad_file_is_passed_over(void **state)
{
    (void)state;
    g_autofree char *bytes = NULL;
    gsize length = 0;
    uint64_t number = 0;
    assert_true(g_file_get_contents(WEB, &bytes, &length, NULL));
    put_bytes("1.pcap", "a text and not a capture", 24, 1000);
    put_bytes("2.pcap", bytes, length - 3, 2000); /* ends inside a packet */
    put_capture("3.pcap", VLAN, 3000);
    void *instance = open_follow(NULL);
    const size_t all = read_until(instance, "3.pcap: ", &number);
    assert_int_equal(all, packets_of(WEB, NULL) - 1 + packets_of(VLAN, NULL));
    capture_follow_module.source->close(instance);
}

static void the_filter_and_the_state_are_options(void **state)
{
    (void)state;
    uint64_t number = 0;
    g_autofree char *file = g_build_filename(directory, "known", NULL);
    g_autofree char *settings = g_strconcat("filter=tcp dst port 80&state=", file, NULL);
    put_capture("a.pcap", WEB, 1000);
    void *instance = open_follow(settings);
    size_t count = 0;
    while (strstr(log_text->str, "a.pcap: ") == NULL) { /* the numbers of other packets are skipped */
        synfix_packet_t packets[5];
        size_t got = 0;
        assert_true(capture_follow_module.source->read(instance, packets, 5, &got, NULL) >= 0);
        count += got;
        number = got > 0 ? packets[got - 1].number : number;
    }
    assert_int_equal(count, packets_of(WEB, "filter=tcp dst port 80"));
    assert_true(number > count);
    capture_follow_module.source->close(instance);
    g_autofree char *known = NULL;
    assert_true(g_file_get_contents(file, &known, NULL, NULL));
    assert_non_null(strstr(known, "a.pcap"));
}

static void obstacles_of_a_run_are_named(void **state)
{
    (void)state;
    void *instance = NULL;
    synfix_error_t error;
    g_autofree char *missing = g_build_filename(directory, "missing", NULL);
    g_autofree char *file = g_build_filename(directory, "file", NULL);
    g_autofree char *foreign = g_strconcat("state=", file, NULL);
    g_autofree char *nowhere = g_strconcat("state=", missing, "/state", NULL);
    put_bytes("file", "a text and not a state", 22, 1000);
    const struct {
        const char *target;
        const char *settings;
        synfix_status_t status;
        const char *text;
    } cases[] = {
        {missing, NULL, SYNFIX_NOT_FOUND, "missing: No such file or directory"},
        {file, NULL, SYNFIX_IO, "file: not a directory; name"},
        {directory, foreign, SYNFIX_INVALID, file},
        {directory, nowhere, SYNFIX_NOT_FOUND, missing},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const synfix_status_t status = open_file_source(&capture_follow_module, &context, cases[i].target,
                                                        cases[i].settings, &instance, &error);
        if (status != cases[i].status || strstr(error.text, cases[i].text) == NULL) {
            fail_msg("case %zu: %d: %s", i, status, error.text);
        }
        assert_null(instance);
    }
}

#define FOLLOW_TEST(function) cmocka_unit_test_setup_teardown(function, make_directory, remove_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLLOW_TEST(files_are_read_once_and_the_oldest_first),
        FOLLOW_TEST(a_bad_file_is_passed_over),
        FOLLOW_TEST(the_filter_and_the_state_are_options),
        FOLLOW_TEST(obstacles_of_a_run_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
