/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Sessions that the full table refuses, and files that another process deletes: each record is accounted for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/temporary_directory.h"
#include "support/tests_message.h"
#include "support/uncounted_links.h"
#include "unit/exporter/collector/collecting_process.h"
#include <glib/gstdio.h>
#include <string.h>

#define SESSIONS 8

typedef struct fixture {
    collecting_process_t process;
    char *directory;
    char *text;
    char *archive;
} fixture_t;

static int set_up(void **state)
{
    fixture_t *const fixture = g_new0(fixture_t, 1);
    const collect_config_t config = {
        .sessions = SESSIONS, .log = collecting_process_log, .log_user = &fixture->process};
    fixture->process.lines = g_string_new(NULL);
    fixture->process.collect = collect_new(&config);
    fixture->directory = temporary_directory_new();
    fixture->text = g_strconcat("text:", fixture->directory, "/records", NULL);
    fixture->archive = g_strconcat("file:", fixture->directory, "/a.ipfix", NULL);
    *state = fixture;
    return fixture->directory != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    fixture_t *const fixture = *state;
    collect_free(fixture->process.collect);
    g_string_free(fixture->process.lines, TRUE);
    g_free(fixture->text);
    g_free(fixture->archive);
    const int result = temporary_directory_remove(fixture->directory);
    g_free(fixture);
    return result;
}

static collector_session_t *begin(const fixture_t *fixture, session_kind_t kind, unsigned number)
{
    g_autofree char *peer = g_strdup_printf("peer%u", number);
    g_autofree char *host = g_strdup_printf("host%u", number);
    collector_session_t *const session = session_new(fixture->process.collect, kind, peer, host);
    assert_non_null(session);
    return session;
}

static uint64_t count(const fixture_t *fixture, collect_limit_t limit)
{
    return limit_report_count(fixture->process.collect->limits, limit);
}

static void a_full_table_refuses_whole_messages(void **state)
{
    const fixture_t *const fixture = *state;
    collect_t *const collect = fixture->process.collect;
    g_autoptr(GByteArray) message = message_of_numbers(3);
    g_autofree char *records = g_build_filename(fixture->directory, "records", NULL);
    g_autofree char *archive = g_build_filename(fixture->directory, "a.ipfix", NULL);
    g_autofree char *printed = NULL;
    collect_stats_t stats;
    for (unsigned i = 0; i < SESSIONS; i++) {
        collector_session_t *const session = begin(fixture, SESSION_CONNECTION, i);
        assert_int_equal(session_accept_message(session, message->data, message->len), MESSAGE_ACCEPTED);
    }
    assert_int_equal(collect_add_output(collect, fixture->text, NULL), SYNFIX_OK);
    assert_int_equal(collect_add_output(collect, fixture->archive, NULL), SYNFIX_OK);
    collector_session_t *const last = begin(fixture, SESSION_DATAGRAMS, SESSIONS);
    assert_int_equal(session_accept_message(last, message->data, message->len), MESSAGE_ENDS_SESSION);
    session_end(last);
    collect_flush(collect);
    collect_get_stats(collect, &stats);
    assert_true(g_file_get_contents(records, &printed, NULL, NULL));
    assert_string_equal(printed, "");
    assert_false(g_file_test(archive, G_FILE_TEST_EXISTS));
    assert_int_equal(stats.records, 3 * SESSIONS);
    assert_int_equal(stats.messages, SESSIONS + 1);
    assert_int_equal(count(fixture, COLLECT_REFUSED_SESSION), 1);
    assert_int_equal(count(fixture, COLLECT_REFUSED_RECORD), 3);
}

static void a_table_with_room_delivers(void **state)
{
    const fixture_t *const fixture = *state;
    collect_t *const collect = fixture->process.collect;
    g_autoptr(GByteArray) message = message_of_numbers(3);
    g_autofree char *archive = g_build_filename(fixture->directory, "a.ipfix", NULL);
    collect_stats_t stats;
    assert_int_equal(collect_add_output(collect, fixture->archive, NULL), SYNFIX_OK);
    collector_session_t *const session = begin(fixture, SESSION_DATAGRAMS, 0);
    assert_int_equal(session_accept_message(session, message->data, message->len), MESSAGE_ACCEPTED);
    assert_int_equal(session->entry.rank, SESSION_DELIVERING);
    session_end(session);
    collect_get_stats(collect, &stats);
    assert_int_equal(stats.records, 3);
    assert_true(g_file_test(archive, G_FILE_TEST_EXISTS));
    assert_int_equal(count(fixture, COLLECT_REFUSED_RECORD), 0);
}

/* The next session begins a new archive with its templates. */
static void a_deleted_archive_ends_the_session(void **state)
{
    const fixture_t *const fixture = *state;
    g_autoptr(GByteArray) message = message_of_numbers(3);
    g_autofree char *first = g_build_filename(fixture->directory, "a.ipfix", NULL);
    g_autofree char *second = g_build_filename(fixture->directory, "a-2.ipfix", NULL);
    g_autofree char *archived = NULL;
    gsize length = 0;
    assert_int_equal(collect_add_output(fixture->process.collect, fixture->archive, NULL), SYNFIX_OK);
    collector_session_t *const session = begin(fixture, SESSION_CONNECTION, 0);
    assert_int_equal(session_accept_message(session, message->data, message->len), MESSAGE_ACCEPTED);
    assert_int_equal(g_unlink(first), 0);
    assert_int_equal(session_accept_message(session, message->data, message->len), MESSAGE_ENDS_SESSION);
    assert_int_equal(count(fixture, COLLECT_NOT_ARCHIVED), 1);
    assert_non_null(strstr(fixture->process.lines->str, "deleted the archive"));
    session_end(session);
    collector_session_t *const next = begin(fixture, SESSION_CONNECTION, 1);
    assert_int_equal(session_accept_message(next, message->data, message->len), MESSAGE_ACCEPTED);
    session_end(next);
    assert_true(g_file_get_contents(second, &archived, &length, NULL));
    assert_int_equal(length, message->len);
    assert_int_equal(count(fixture, COLLECT_NOT_ARCHIVED), 1);
}

/* The message that found the deletion is in the archive of the other output. */
static void the_archive_of_another_output_stays_complete(void **state)
{
    const fixture_t *const fixture = *state;
    g_autoptr(GByteArray) message = message_of_numbers(3);
    g_autofree char *first = g_build_filename(fixture->directory, "a.ipfix", NULL);
    g_autofree char *other = g_build_filename(fixture->directory, "b.ipfix", NULL);
    g_autofree char *target = g_strconcat("file:", other, NULL);
    g_autofree char *archived = NULL;
    gsize length = 0;
    assert_int_equal(collect_add_output(fixture->process.collect, fixture->archive, NULL), SYNFIX_OK);
    assert_int_equal(collect_add_output(fixture->process.collect, target, NULL), SYNFIX_OK);
    collector_session_t *const session = begin(fixture, SESSION_CONNECTION, 0);
    assert_int_equal(session_accept_message(session, message->data, message->len), MESSAGE_ACCEPTED);
    assert_int_equal(g_unlink(first), 0);
    assert_int_equal(session_accept_message(session, message->data, message->len), MESSAGE_ENDS_SESSION);
    session_end(session);
    assert_true(g_file_get_contents(other, &archived, &length, NULL));
    assert_int_equal(length, 2 * message->len);
    assert_int_equal(count(fixture, COLLECT_NOT_ARCHIVED), 1);
}

/* Without a count of links, no file seems deleted. */
static void files_of_a_system_without_links_are_kept(void **state)
{
    const fixture_t *const fixture = *state;
    collect_t *const collect = fixture->process.collect;
    g_autoptr(GByteArray) message = message_of_numbers(3);
    links_are_uncounted = true;
    assert_int_equal(collect_add_output(collect, fixture->text, NULL), SYNFIX_OK);
    assert_int_equal(collect_add_output(collect, fixture->archive, NULL), SYNFIX_OK);
    collector_session_t *const session = begin(fixture, SESSION_CONNECTION, 0);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(session_accept_message(session, message->data, message->len), MESSAGE_ACCEPTED);
        collect_flush(collect);
    }
    links_are_uncounted = false;
    session_end(session);
    assert_int_equal(count(fixture, COLLECT_NOT_ARCHIVED), 0);
    assert_null(strstr(fixture->process.lines->str, "deleted"));
}

static void a_deleted_output_is_opened_again(void **state)
{
    const fixture_t *const fixture = *state;
    collect_t *const collect = fixture->process.collect;
    g_autoptr(GByteArray) message = message_of_numbers(3);
    g_autofree char *path = g_build_filename(fixture->directory, "records", NULL);
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    assert_int_equal(collect_add_output(collect, fixture->text, NULL), SYNFIX_OK);
    collector_session_t *const session = begin(fixture, SESSION_CONNECTION, 0);
    assert_int_equal(session_accept_message(session, message->data, message->len), MESSAGE_ACCEPTED);
    collect_flush(collect);
    assert_true(g_file_get_contents(path, &before, NULL, NULL));
    assert_int_equal(g_unlink(path), 0);
    collect_flush(collect);
    assert_non_null(strstr(fixture->process.lines->str, "a new file begins"));
    assert_int_equal(session_accept_message(session, message->data, message->len), MESSAGE_ACCEPTED);
    collect_flush(collect);
    session_end(session);
    assert_true(g_file_get_contents(path, &after, NULL, NULL));
    assert_true(strlen(before) > 0);
    assert_string_equal(before, after);
}

/* A directory has the name of the file: only the loss of a record is a failure. */
static void a_deleted_output_without_a_successor_fails_with_the_next_record(void **state)
{
    const fixture_t *const fixture = *state;
    collect_t *const collect = fixture->process.collect;
    g_autoptr(GByteArray) message = message_of_numbers(3);
    g_autofree char *path = g_build_filename(fixture->directory, "records", NULL);
    assert_int_equal(collect_add_output(collect, fixture->text, NULL), SYNFIX_OK);
    collector_session_t *const session = begin(fixture, SESSION_CONNECTION, 0);
    assert_int_equal(session_accept_message(session, message->data, message->len), MESSAGE_ACCEPTED);
    collect_flush(collect);
    assert_int_equal(g_unlink(path), 0);
    assert_int_equal(g_mkdir(path, 0700), 0);
    collect_flush(collect);
    assert_int_equal(collect->status, SYNFIX_OK);
    assert_int_equal(session_accept_message(session, message->data, message->len), MESSAGE_ACCEPTED);
    collect_flush(collect);
    assert_true(collect->status < 0);
    session_end(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_full_table_refuses_whole_messages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_table_with_room_delivers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_deleted_archive_ends_the_session, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_archive_of_another_output_stays_complete, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_of_a_system_without_links_are_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_deleted_output_is_opened_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_deleted_output_without_a_successor_fails_with_the_next_record,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
