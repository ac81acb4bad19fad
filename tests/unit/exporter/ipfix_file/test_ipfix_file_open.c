/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The kind of file at the name of a new file, or of its unfinished part, decides how it is opened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix_file/ipfix_file.h"
#include "support/file_sink.h"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct fixture {
    char *directory;
    char *path;
    char *part;
    ipfix_file_t *archive;
    synfix_error_t error;
} fixture_t;

static int set_up(void **state)
{
    fixture_t *fixture = g_new0(fixture_t, 1);
    fixture->directory = temporary_directory_new();
    fixture->path = g_build_filename(fixture->directory, "a.ipfix", NULL);
    fixture->part = g_strconcat(fixture->path, ARCHIVE_PART_SUFFIX, NULL);
    *state = fixture;
    return fixture->directory != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    fixture_t *fixture = *state;
    const int result = temporary_directory_remove(fixture->directory);
    g_free(fixture->path);
    g_free(fixture->part);
    g_free(fixture);
    return result;
}

static synfix_status_t begin(fixture_t *fixture, const char *target)
{
    const ipfix_file_config_t config = {.target = target};
    assert_int_equal(ipfix_file_new(&config, &fixture->archive, &fixture->error), SYNFIX_OK);
    return ipfix_file_begin(fixture->archive, INT64_C(86400) * 1000000000, &fixture->error);
}

/* Writes a message without a record, and ends the file. */
static void write_and_end(fixture_t *fixture)
{
    static const uint8_t header[ARCHIVE_HEADER_SIZE] = {0, 10, 0, ARCHIVE_HEADER_SIZE};
    const ipfix_file_message_t message = {.header = header, .body = header};
    assert_int_equal(ipfix_file_append(fixture->archive, &message, &fixture->error), SYNFIX_OK);
    assert_int_equal(ipfix_file_end(fixture->archive, &fixture->error), SYNFIX_OK);
    ipfix_file_free(fixture->archive);
}

static void assert_refused(fixture_t *fixture, synfix_status_t status, const char *reason)
{
    assert_true(status < 0);
    if (strstr(fixture->error.text, reason) == NULL) {
        fail_msg("%s", fixture->error.text);
    }
    assert_false(ipfix_file_is_open(fixture->archive));
    ipfix_file_free(fixture->archive);
}

/* A part that no process has locked was left by a run that ended in the middle. */
static void a_former_part_makes_room(void **state)
{
    fixture_t *fixture = *state;
    assert_true(g_file_set_contents(fixture->part, "former", -1, NULL));
    assert_int_equal(begin(fixture, fixture->path), SYNFIX_OK);
    write_and_end(fixture);
    assert_int_equal(file_size(fixture->path), ARCHIVE_HEADER_SIZE);
    assert_false(g_file_test(fixture->part, G_FILE_TEST_EXISTS));
}

static void a_part_in_use_stays(void **state)
{
    fixture_t *fixture = *state;
    assert_true(g_file_set_contents(fixture->part, "other", -1, NULL));
    const int descriptor = open(fixture->part, O_RDWR | O_CLOEXEC);
    assert_int_equal(flock(descriptor, LOCK_EX | LOCK_NB), 0);
    assert_refused(fixture, begin(fixture, fixture->path), "in use");
    assert_int_equal(file_size(fixture->part), 5);
    close(descriptor);
}

/* A part with a second name may be a link that another user made to a file of ours. */
static void a_part_with_two_names_stays(void **state)
{
    fixture_t *fixture = *state;
    g_autofree char *precious = g_build_filename(fixture->directory, "precious", NULL);
    assert_true(g_file_set_contents(precious, "text", -1, NULL));
    assert_int_equal(g_chmod(fixture->directory, 0777), 0); /* only there others make names */
    assert_int_equal(link(precious, fixture->part), 0);
    assert_refused(fixture, begin(fixture, fixture->path), fixture->part);
    assert_int_equal(file_size(precious), 4);
}

static void a_link_as_part_is_not_followed(void **state)
{
    fixture_t *fixture = *state;
    g_autofree char *precious = g_build_filename(fixture->directory, "precious", NULL);
    assert_true(g_file_set_contents(precious, "text", -1, NULL));
    assert_int_equal(symlink(precious, fixture->part), 0);
    assert_refused(fixture, begin(fixture, fixture->path), fixture->part);
    assert_int_equal(file_size(precious), 4);
}

/* A pipe is written to in place, and keeps its name. */
static void a_pipe_is_written_in_place(void **state)
{
    fixture_t *fixture = *state;
    char bytes[64];
    struct stat there;
    assert_int_equal(mkfifo(fixture->path, 0600), 0);
    const int reader = open(fixture->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    assert_int_equal(begin(fixture, fixture->path), SYNFIX_OK);
    write_and_end(fixture);
    assert_int_equal(read(reader, bytes, sizeof bytes), ARCHIVE_HEADER_SIZE);
    assert_int_equal(stat(fixture->path, &there), 0);
    assert_true(S_ISFIFO(there.st_mode));
    assert_false(g_file_test(fixture->part, G_FILE_TEST_EXISTS));
    close(reader);
}

static void a_pipe_without_a_reader_is_refused(void **state)
{
    fixture_t *fixture = *state;
    assert_int_equal(mkfifo(fixture->path, 0600), 0);
    assert_refused(fixture, begin(fixture, fixture->path), fixture->path);
}

static void devices_are_not_replaced(void **state)
{
    fixture_t *fixture = *state;
    struct stat there;
    assert_int_equal(begin(fixture, "/dev/null"), SYNFIX_OK);
    write_and_end(fixture);
    assert_int_equal(stat("/dev/null", &there), 0);
    assert_true(S_ISCHR(there.st_mode));
}

static void names_are_dated(void **state)
{
    fixture_t *fixture = *state;
    g_autofree char *pattern = g_build_filename(fixture->directory, "day-%F.ipfix", NULL);
    g_autofree char *expected = g_build_filename(fixture->directory, "day-1970-01-02.ipfix", NULL);
    g_autofree char *wrong = g_build_filename(fixture->directory, "100%Q", NULL);
    assert_int_equal(begin(fixture, pattern), SYNFIX_OK);
    write_and_end(fixture);
    assert_int_equal(file_size(expected), ARCHIVE_HEADER_SIZE);
    assert_refused(fixture, begin(fixture, wrong), "not a date pattern");
}

static void a_missing_directory_is_named(void **state)
{
    fixture_t *fixture = *state;
    g_autofree char *path = g_build_filename(fixture->directory, "none", "a.ipfix", NULL);
    assert_refused(fixture, begin(fixture, path), "none");
}

#define WITH_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DIRECTORY(a_former_part_makes_room),     WITH_DIRECTORY(a_part_in_use_stays),
        WITH_DIRECTORY(a_part_with_two_names_stays),  WITH_DIRECTORY(a_link_as_part_is_not_followed),
        WITH_DIRECTORY(a_pipe_is_written_in_place),   WITH_DIRECTORY(a_pipe_without_a_reader_is_refused),
        WITH_DIRECTORY(devices_are_not_replaced),     WITH_DIRECTORY(names_are_dated),
        WITH_DIRECTORY(a_missing_directory_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
