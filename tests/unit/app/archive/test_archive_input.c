/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* IPFIX files as the input of dump, hosts and report: files, directories, time ranges, damage, growing files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/commands.h"

/* Copies @p from to @p to, without the last @p less bytes. */
static void copy_file(const char *from, const char *to, gsize less)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    assert_true(g_file_get_contents(from, &bytes, &length, NULL));
    assert_true(g_file_set_contents(to, bytes, (gssize)(length - less), NULL));
}

/* web.pcap is of 2014: full.ipfix, compact.ipfix, iana.ipfix, and a directory of two archives. */
static int make_archives(void **state)
{
    g_autofree char *output = NULL;
    if (make_directory(state) != 0 || g_mkdir("day", 0700) != 0 || g_mkdir("empty", 0700) != 0) {
        return 1;
    }
    const int code = run("read --quiet " WEB " --to file:full.ipfix --to file:compact.ipfix?profile=compact "
                         "--to file:iana.ipfix?profile=iana --to file:packed.ipfix.zst?compress=zstd",
                         &output);
    copy_file("full.ipfix", "day/2014-01-01T10.ipfix", 0);
    copy_file("packed.ipfix.zst", "day/2014-01-01T11.ipfix.zst", 0);
    copy_file("full.ipfix", "day/.hidden.ipfix", 0);
    copy_file("full.ipfix", "cut.ipfix", 7);
    return code != APP_EXIT_OK || !g_file_set_contents("none.ipfix", "", 0, NULL) ||
           !g_file_set_contents("foreign", "a text and not an archive", -1, NULL);
}

static unsigned count_lines(const char *text)
{
    unsigned lines = 0;
    for (; *text != '\0'; text++) {
        lines += *text == '\n';
    }
    return lines;
}

static unsigned lines_of(const char *line)
{
    g_autofree char *output = NULL;
    const int code = run(line, &output);
    if (code != APP_EXIT_OK) {
        fail_msg("%s: exit code %d: %s", line, code, output);
    }
    return count_lines(output);
}

static void conversions(void **state)
{
    (void)state;
    static const command_row_t rows[] = {
        {APP_EXIT_OK, "dump full.ipfix --to json:-", "\"event_type\""},
        {APP_EXIT_OK, "dump full.ipfix --to json:- --enrich community-id", "\"community_id\":\"1:"},
        {APP_EXIT_INPUT, "dump compact.ipfix --to json:-",
         "skipped: they lack observationTimeNanoseconds (profile compact or iana); archive with "
         "profile=full"},
        {APP_EXIT_INPUT, "dump iana.ipfix --to json:-", "skipped; print these records with --format"},
        {APP_EXIT_INPUT, "dump compact.ipfix full.ipfix --to json:-", "\"event_type\""},
        {APP_EXIT_INPUT, "dump iana.ipfix --os Linux --to json:-", "no element "},
        {APP_EXIT_USAGE, "dump full.ipfix --to nosuch:-", "no such sink"},
        {APP_EXIT_SINK, "dump full.ipfix --to json:missing/out", "missing/out"},
        {APP_EXIT_USAGE, "dump full.ipfix --to json:- --format csv", "omit --format"},
        {APP_EXIT_USAGE, "dump full.ipfix --enrich community-id", "add --to SINK"},
        {APP_EXIT_USAGE, "dump", "no IPFIX file named"},
        {APP_EXIT_USAGE, "dump full.ipfix --pen x", "pen: 'x' is not a number from 1 to 4294967295"},
        {APP_EXIT_INPUT, "dump full.ipfix --templates missing", "missing"},
        {APP_EXIT_USAGE, "dump full.ipfix --since yesterday", "'yesterday' is not a time"},
        {APP_EXIT_USAGE, "dump full.ipfix --net 10.0.0.0/33", "is not an address or a prefix"},
    };
    run_rows(rows, G_N_ELEMENTS(rows));
}

static void filters_choose_records(void **state)
{
    (void)state;
    const unsigned all = lines_of("dump --format json full.ipfix");
    assert_true(all > 10);
    const unsigned client = lines_of("dump --format json --net 10.0.2.15 full.ipfix");
    assert_in_range(client, 1, all - 1);
    assert_int_equal(lines_of("dump --to json:- --net 10.0.2.15 full.ipfix"), client);
    assert_int_equal(lines_of("dump --format json --net 10.0.2.15 --net 0.0.0.0/0 full.ipfix"), all);
    assert_in_range(lines_of("dump --format json --os linux full.ipfix"), 1, all - 1);
    assert_int_equal(lines_of("dump --format json --since 2000-01-01 --until 2038-01-01 full.ipfix"), all);
}

static void directories(void **state)
{
    (void)state;
    const unsigned all = lines_of("dump --format json full.ipfix");
    assert_int_equal(lines_of("dump --format json packed.ipfix.zst"), all);
    assert_int_equal(lines_of("dump --format json day"), 2 * all); /* not the hidden one */
    assert_int_equal(lines_of("dump --format json day full.ipfix"), 3 * all);
    /* exported by a later read: the dates of the names decide nothing */
    assert_int_equal(lines_of("dump --format json day --since 2000-01-01 --until 2038-01-01"), 2 * all);
    static const command_row_t rows[] = {
        {APP_EXIT_INPUT, "dump --format json empty", "empty"},
        {APP_EXIT_OK, "hosts day", "10.0.2.15"},
        {APP_EXIT_OK, "hosts day --since 2000-01-01 --format json", "\"10.0.2.15\""},
        {APP_EXIT_INPUT, "hosts empty", "empty"},
        {APP_EXIT_OK, "report day --format md --output -", "`10.0.2.15`"},
    };
    run_rows(rows, G_N_ELEMENTS(rows));
}

static void mistakes_are_named(void **state)
{
    (void)state;
    static const command_row_t rows[] = {
        {APP_EXIT_INPUT, "dump --format json cut.ipfix", "cut.ipfix: "},
        {APP_EXIT_INPUT, "dump --format json cut.ipfix", "\"sourceIPv4Address\""},
        {APP_EXIT_INPUT, "dump cut.ipfix --to json:-", "\"event_type\""},
        {APP_EXIT_INPUT, "dump none.ipfix", "none.ipfix: no IPFIX message, the file is empty"},
        {APP_EXIT_INPUT, "dump foreign", "foreign"},
        {APP_EXIT_INPUT, "dump missing.ipfix full.ipfix", "missing.ipfix: No such file or directory"},
        {APP_EXIT_INPUT, "hosts cut.ipfix", "10.0.2.15"},
        {APP_EXIT_INPUT, "hosts compact.ipfix full.ipfix missing.ipfix", "missing.ipfix"},
        {APP_EXIT_INPUT, "hosts iana.ipfix", "skipped"},
        {APP_EXIT_INPUT, "hosts none.ipfix", "none.ipfix"},
    };
    run_rows(rows, G_N_ELEMENTS(rows));
}

/* A message of the archive appears after the reader has reached the end. */
static void a_growing_file_is_followed(void **state)
{
    (void)state;
    g_autofree char *bytes = NULL;
    g_autofree char *records = NULL;
    gsize length = 0;
    const unsigned all = lines_of("dump --format json full.ipfix");
    assert_true(g_file_get_contents("full.ipfix", &bytes, &length, NULL));
    copy_file("full.ipfix", "growing.ipfix", 7); /* the last message is not complete */
    const pid_t reader = start("dump --follow --format json growing.ipfix", "records");
    await_text("records", "\"sourceIPv4Address\"", reader);
    FILE *file = fopen("growing.ipfix", "ae");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes + length - 7, 1, 7, file), 7);
    assert_int_equal(fclose(file), 0);
    do {
        g_free(records);
        pause_briefly();
        assert_true(g_file_get_contents("records", &records, NULL, NULL));
    } while (count_lines(records) < all);
    assert_int_equal(kill(reader, SIGTERM), 0);
    assert_int_equal(await_exit(reader), -1);
    assert_int_equal(count_lines(records), all);
}

/* With --to, a signal ends the run in order; a directory is followed by its new files. */
static void a_followed_directory_ends_by_a_signal(void **state)
{
    (void)state;
    g_autofree char *records = NULL;
    const unsigned all = lines_of("dump full.ipfix --to json:-");
    const pid_t reader = start("dump --follow empty --to json:-", "records");
    copy_file("full.ipfix", "empty/.new", 0);
    assert_int_equal(g_rename("empty/.new", "empty/1.ipfix"), 0);
    await_text("records", "\"event_type\"", reader);
    assert_int_equal(kill(reader, SIGTERM), 0);
    assert_int_equal(await_exit(reader), APP_EXIT_OK);
    assert_true(g_file_get_contents("records", &records, NULL, NULL));
    assert_int_equal(count_lines(records), all);
}

#define ARCHIVE_TEST(function) cmocka_unit_test_setup_teardown(function, make_archives, remove_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARCHIVE_TEST(conversions),
        ARCHIVE_TEST(filters_choose_records),
        ARCHIVE_TEST(directories),
        ARCHIVE_TEST(mistakes_are_named),
        ARCHIVE_TEST(a_growing_file_is_followed),
        ARCHIVE_TEST(a_followed_directory_ends_by_a_signal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
