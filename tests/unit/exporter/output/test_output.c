/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/output/output.h"
#include "module/module_options.h"
#include "support/uncounted_links.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const synfix_option_t list[] = {OUTPUT_OPTIONS, {.name = NULL}};
static const synfix_module_t module = {.name = "demo", .options = list};
static char directory[] = "/tmp/synfix-output-XXXXXX";
static char target[128];
static synfix_module_context_t made_context;

static output_t *make(const char *settings, const char *head, const char *tail, bool live)
{
    synfix_options_t *options = NULL;
    synfix_error_t error;
    output_t *output = NULL;
    made_context = (synfix_module_context_t){.struct_size = sizeof made_context, .live = live};
    assert_int_equal(module_options_make(&module, target, settings, &options, &error), SYNFIX_OK);
    assert_int_equal(output_open(&made_context, options, head, tail, &output, &error), SYNFIX_OK);
    module_options_free(options);
    return output;
}

static void put(output_t *output, const char *text)
{
    char copy[64];
    (void)snprintf(copy, sizeof copy, "%s", text);
    const synfix_block_t block = {.data = (uint8_t *)copy, .length = (uint32_t)strlen(copy), .records = 1};
    assert_int_equal(output_write(output, &block, NULL), SYNFIX_OK);
}

static void expect_file(const char *suffix, const char *expected)
{
    char name[256];
    char text[256];
    (void)snprintf(name, sizeof name, "%s%s", target, suffix);
    FILE *file = fopen(name, "r");
    if (expected == NULL) {
        assert_null(file);
        return;
    }
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    (void)fclose(file);
    assert_string_equal(text, expected);
}

static void a_file_is_replaced_when_whole(void **state)
{
    (void)state;
    output_t *output = make(NULL, "head\n", "tail\n", false);
    put(output, "one\n");
    expect_file("", NULL);
    assert_int_equal(output_finish(output, NULL), SYNFIX_OK);
    output_close(output);
    expect_file("", "head\none\ntail\n");
    output = make(NULL, NULL, NULL, false);
    put(output, "lost\n");
    output_close(output); /* not finished: the old file stays */
    expect_file("", "head\none\ntail\n");
    output = make(NULL, NULL, NULL, false);
    put(output, "two\n");
    assert_int_equal(output_finish(output, NULL), SYNFIX_OK);
    output_close(output);
    expect_file("", "two\n");
}

static void live_appends(void **state)
{
    (void)state;
    output_t *output = make(NULL, "head\n", NULL, true);
    put(output, "three\n"); /* no head in a file that has something already */
    expect_file("", "two\nthree\n");
    assert_int_equal(output_finish(output, NULL), SYNFIX_OK);
    synfix_sink_stats_t stats;
    output_stats(output, &stats);
    assert_int_equal(stats.produced, 1);
    assert_int_equal(stats.delivered, 1);
    assert_int_equal(stats.bytes, 6);
    output_close(output);
}

static void rotation_by_size_and_time(void **state)
{
    (void)state;
    assert_int_equal(unlink(target), 0);
    output_t *output = make("rotate-size=12&keep=2", "h\n", NULL, true);
    put(output, "12345\n");
    put(output, "67890\n");
    expect_file(".1", "h\n12345\n");
    expect_file("", "h\n67890\n");
    put(output, "abcde\n");
    put(output, "fghij\n");
    expect_file(".2", "h\n67890\n");
    expect_file(".3", NULL);
    assert_int_equal(output_finish(output, NULL), SYNFIX_OK);
    output_close(output);

    output = make("rotate-time=10s", NULL, NULL, true);
    const int64_t second = 1000000000;
    assert_int_equal(output_tick(output, 100 * second, NULL), SYNFIX_OK);
    assert_int_equal(output_tick(output, 109 * second, NULL), SYNFIX_OK);
    expect_file("", "h\nfghij\n");
    assert_int_equal(output_tick(output, 110 * second, NULL), SYNFIX_OK);
    expect_file("", "");
    output_close(output);
}

static void a_socket_that_goes_and_comes(void **state)
{
    (void)state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char text[64];
    (void)unlink(target);
    memcpy(address.sun_path, target, strlen(target));
    int peer = socket(AF_UNIX, SOCK_DGRAM, 0);
    assert_int_equal(bind(peer, (struct sockaddr *)&address, sizeof address), 0);
    output_t *output = make("type=unix_dgram", NULL, NULL, true);
    put(output, "a\nbc\n"); /* a datagram each */
    assert_int_equal(recv(peer, text, sizeof text, 0), 2);
    assert_int_equal(recv(peer, text, sizeof text, 0), 3);
    (void)close(peer);
    put(output, "lost\n");
    synfix_sink_stats_t stats;
    output_stats(output, &stats);
    assert_int_equal(stats.lost, 1);
    (void)unlink(target);
    peer = socket(AF_UNIX, SOCK_DGRAM, 0);
    assert_int_equal(bind(peer, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(output_tick(output, 1, NULL), SYNFIX_OK);
    put(output, "again\n");
    assert_int_equal(recv(peer, text, sizeof text, 0), 6);
    (void)close(peer);
    output_stats(output, &stats);
    assert_int_equal(stats.reconnects, 1);
    assert_int_equal(stats.produced, stats.delivered + stats.lost);
    output_close(output);
}

static void refusals(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        const char *settings;
        const char *reason;
    } table[] = {
        {"/nonexistent/file", NULL, "/nonexistent/file: No such file or directory"},
        {"/nonexistent/file", "type=unix_stream",
         "/nonexistent/file: cannot connect to a listener: No such file"},
        {"x", "type=tape", "type: 'tape' is unknown; write file, unix_stream or unix_dgram"},
        {"x", "append=maybe", "append: 'maybe' is unknown; write yes, no or auto"},
        {"", NULL, "a target is missing; write "},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        synfix_options_t *options = NULL;
        synfix_error_t error;
        output_t *output = NULL;
        assert_true(module_options_make(&module, table[i].target, table[i].settings, &options, &error) < 0 ||
                    output_open(NULL, options, NULL, NULL, &output, &error) < 0);
        assert_non_null(strstr(error.text, table[i].reason));
        module_options_free(options);
    }
}

static void a_full_disk_loses_only_what_it_must(void **state)
{
    (void)state;
    char keep[sizeof target];
    memcpy(keep, target, sizeof keep);
    (void)snprintf(target, sizeof target, "/dev/full");
    output_t *output = make(NULL, NULL, NULL, true);
    put(output, "x\n"); /* live: reported and counted, no failure */
    synfix_sink_stats_t stats;
    output_stats(output, &stats);
    assert_int_equal(stats.lost, 1);
    assert_int_equal(stats.errors, 1);
    output_close(output);
    output = make(NULL, NULL, NULL, false);
    const synfix_block_t block = {.data = (uint8_t *)keep, .length = 3, .records = 1};
    synfix_error_t error;
    assert_int_equal(output_write(output, &block, &error), SYNFIX_IO);
    assert_string_equal(error.text, "/dev/full: cannot write: No space left on device");
    output_close(output);
    memcpy(target, keep, sizeof keep);
}

static void write_as_another(const char *text, const char *mode)
{
    FILE *file = fopen(target, mode);
    assert_non_null(file);
    (void)fputs(text, file);
    (void)fclose(file);
}

/* A limit on the size of files stands for a full disk. Changes that others made to the file remain. */
static void a_full_disk_and_others_who_change_the_file(void **state)
{
    (void)state;
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    const struct rlimit small = {.rlim_cur = 20, .rlim_max = limit.rlim_max};
    void (*const before)(int) = signal(SIGXFSZ, SIG_IGN);
    (void)unlink(target);
    output_t *output = make(NULL, NULL, NULL, true);
    put(output, "0123456789abcd\n");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    put(output, "a line too much\n");
    expect_file("", "0123456789abcd\n"); /* no half line */
    write_as_another("", "w");           /* another process makes room */
    put(output, "a line longer than the disk\n");
    expect_file("", ""); /* and no zeros up to where the file ended once */
    put(output, "again\n");
    write_as_another("other\n", "a");
    put(output, "a line too much\n");
    expect_file("", "again\nother\n"); /* bytes that another process appended are not cut */
    put(output, "end\n");
    expect_file("", "again\nother\nend\n");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    signal(SIGXFSZ, before);
    synfix_sink_stats_t stats;
    output_stats(output, &stats);
    assert_int_equal(stats.delivered, 3);
    assert_int_equal(stats.lost, 3);
    output_close(output);
}

static int make_directory(void **state)
{
    (void)state;
    if (mkdtemp(directory) == NULL) {
        return -1;
    }
    (void)snprintf(target, sizeof target, "%s/out", directory);
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    char command[256];
    (void)snprintf(command, sizeof command, "rm -r -- '%s'", directory);
    return system(command); /* NOLINT: a name of our own */
}

/* logrotate with copytruncate: the file is emptied under our descriptor. */
static void truncated_file_begins_with_the_head(void **state)
{
    (void)state;
    (void)unlink(target);
    output_t *output = make(NULL, "#head\n", NULL, true);
    put(output, "one\n");
    put(output, "two\n");
    expect_file("", "#head\none\ntwo\n");
    assert_int_equal(truncate(target, 0), 0);
    put(output, "three\n");
    put(output, "four\n");
    expect_file("", "#head\nthree\nfour\n");
    assert_int_equal(output_finish(output, NULL), SYNFIX_OK);
    output_close(output);
    (void)unlink(target);
}

/* /dev/stdout leads to a link under /proc. @p descriptor stays the one of the link. */
static void lead_to_descriptor(int descriptor)
{
    char link[64];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    assert_int_equal(symlink(link, target), 0);
}

static void expect_kind(mode_t kind)
{
    struct stat there;
    assert_int_equal(lstat(target, &there), 0);
    assert_int_equal(there.st_mode & S_IFMT, kind);
}

static void an_open_descriptor_is_not_replaced_or_renamed(void **state)
{
    static const struct {
        const char *settings;
        bool live;
    } cases[] = {{NULL, false}, {"rotate-size=5", false}, {"rotate-time=1s", true}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[32] = "";
        FILE *const file = tmpfile();
        lead_to_descriptor(fileno(file));
        output_t *output = make(cases[i].settings, NULL, NULL, cases[i].live);
        put(output, "one\n");
        put(output, "two\n");
        assert_int_equal(output_tick(output, 1, NULL), SYNFIX_OK);
        assert_int_equal(output_tick(output, INT64_C(1000000000000), NULL), SYNFIX_OK);
        assert_int_equal(output_finish(output, NULL), SYNFIX_OK);
        output_close(output);
        expect_kind(S_IFLNK);
        assert_true(fread(text, 1, sizeof text - 1, file) > 0);
        assert_string_equal(text, "one\ntwo\n");
        (void)fclose(file);
        assert_int_equal(unlink(target), 0);
    }
}

static void a_pipe_is_not_renamed(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(target, 0600), 0);
    const int reader = open(target, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    output_t *output = make("rotate-time=1s&rotate-size=5", NULL, NULL, true);
    put(output, "one\n");
    put(output, "two\n");
    assert_int_equal(output_tick(output, 1, NULL), SYNFIX_OK);
    assert_int_equal(output_tick(output, INT64_C(1000000000000), NULL), SYNFIX_OK);
    output_close(output);
    expect_kind(S_IFIFO);
    (void)close(reader);
    assert_int_equal(unlink(target), 0);
}

static void count_errors(void *user, int level, const char *text)
{
    assert_non_null(strstr(text, "deleted the file"));
    *(unsigned *)user += level == 0;
}

static void a_deleted_file_is_replaced(void **state)
{
    (void)state;
    unsigned lines = 0;
    output_t *output = make(NULL, "head\n", NULL, true);
    put(output, "one\n");
    assert_int_equal(output_tick(output, 1, NULL), SYNFIX_OK);
    expect_file("", "head\none\n");
    made_context.log = count_errors;
    made_context.user = &lines;
    assert_int_equal(unlink(target), 0);
    assert_int_equal(output_tick(output, 2, NULL), SYNFIX_OK);
    assert_int_equal(output_tick(output, 3, NULL), SYNFIX_OK);
    assert_int_equal(lines, 1);
    put(output, "two\n");
    expect_file("", "head\ntwo\n");
    synfix_sink_stats_t stats;
    output_stats(output, &stats);
    assert_int_equal(stats.errors, 1);
    assert_int_equal(unlink(target), 0);
    assert_int_equal(output_finish(output, NULL), SYNFIX_IO);
    output_close(output);
    output = make("rotate-size=5&keep=1", NULL, NULL, true);
    made_context.log = count_errors;
    made_context.user = &lines;
    lines = 0;
    put(output, "one\n");
    assert_int_equal(unlink(target), 0);
    assert_int_equal(output_reload(output, NULL), SYNFIX_OK);
    assert_int_equal(lines, 1);
    put(output, "two\n");
    assert_int_equal(unlink(target), 0);
    put(output, "three\n"); /* rotates */
    assert_int_equal(lines, 2);
    expect_file("", "three\n");
    assert_int_equal(output_finish(output, NULL), SYNFIX_OK);
    output_close(output);
    output = make("append=yes", NULL, NULL, false); /* a file is read: the run ends */
    assert_int_equal(unlink(target), 0);
    assert_int_equal(output_tick(output, 1, NULL), SYNFIX_IO);
    output_close(output);
}

/* A directory has the name of the file: the sink continues, and a block after the repair is written. */
static void a_deleted_file_that_cannot_be_replaced_ends_no_live_capture(void **state)
{
    (void)state;
    output_t *output = make("rotate-time=10s&keep=2", "head\n", NULL, true);
    put(output, "one\n");
    assert_int_equal(unlink(target), 0);
    assert_int_equal(mkdir(target, 0700), 0);
    for (int64_t second = 1; second < 30; second++) {
        assert_int_equal(output_tick(output, second * 1000000000, NULL), SYNFIX_OK);
    }
    put(output, "lost\n");
    assert_int_equal(rmdir(target), 0); /* its name is still that of the target: nothing rotated it */
    put(output, "two\n");
    expect_file("", "head\ntwo\n");
    synfix_sink_stats_t stats;
    output_stats(output, &stats);
    assert_int_equal(stats.produced, 3);
    assert_int_equal(stats.lost, 1);
    assert_int_equal(stats.delivered, 2);
    assert_int_equal(output_finish(output, NULL), SYNFIX_OK);
    output_close(output);
    assert_int_equal(unlink(target), 0);
}

/* No byte can be written, not even the head of the next file. */
static void a_rotation_that_fails_ends_no_live_capture(void **state)
{
    (void)state;
    const int64_t second = 1000000000;
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    const struct rlimit full = {.rlim_cur = 0, .rlim_max = limit.rlim_max};
    char older[2][sizeof target + 2];
    for (unsigned i = 0; i < 2; i++) {
        (void)snprintf(older[i], sizeof older[i], "%s.%u", target, i + 1);
        (void)unlink(older[i]);
    }
    (void)signal(SIGXFSZ, SIG_IGN);
    output_t *output = make("rotate-time=10s&keep=2", "head\n", NULL, true);
    put(output, "one\n");
    assert_int_equal(output_tick(output, second, NULL), SYNFIX_OK);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
    for (int64_t now = 11; now < 60; now += 10) {
        assert_int_equal(output_tick(output, now * second, NULL), SYNFIX_OK);
    }
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    expect_file(".1", "head\none\n"); /* once: no empty files displace it */
    expect_file(".2", NULL);
    put(output, "two\n");
    expect_file("", "head\ntwo\n");
    assert_int_equal(output_finish(output, NULL), SYNFIX_OK);
    output_close(output);
    assert_int_equal(unlink(target), 0);
}

static void a_file_without_a_link_from_the_start_is_not_deleted(void **state)
{
    (void)state;
    unsigned lines = 0;
    links_are_uncounted = true;
    output_t *output = make(NULL, NULL, NULL, true);
    made_context.log = count_errors;
    made_context.user = &lines;
    put(output, "one\n");
    for (int64_t now = 1; now < 4; now++) {
        assert_int_equal(output_tick(output, now, NULL), SYNFIX_OK);
    }
    assert_int_equal(lines, 0);
    expect_file("", "one\n");
    assert_int_equal(output_finish(output, NULL), SYNFIX_OK);
    output_close(output);
    links_are_uncounted = false;
    assert_int_equal(unlink(target), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_replaced_when_whole),
        cmocka_unit_test(live_appends),
        cmocka_unit_test(rotation_by_size_and_time),
        cmocka_unit_test(a_socket_that_goes_and_comes),
        cmocka_unit_test(refusals),
        cmocka_unit_test(a_full_disk_loses_only_what_it_must),
        cmocka_unit_test(a_full_disk_and_others_who_change_the_file),
        cmocka_unit_test(truncated_file_begins_with_the_head),
        cmocka_unit_test(an_open_descriptor_is_not_replaced_or_renamed),
        cmocka_unit_test(a_pipe_is_not_renamed),
        cmocka_unit_test(a_deleted_file_is_replaced),
        cmocka_unit_test(a_deleted_file_that_cannot_be_replaced_ends_no_live_capture),
        cmocka_unit_test(a_rotation_that_fails_ends_no_live_capture),
        cmocka_unit_test(a_file_without_a_link_from_the_start_is_not_deleted),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
