/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/commands.h"
#include <sys/file.h>

static GByteArray *whole; /* an IPFIX file */

static int make_archive(void **state)
{
    g_autofree char *output = NULL;
    g_autofree char *bytes = NULL;
    gsize length = 0;
    if (make_directory(state) != 0 ||
        run("read --quiet " WEB " --to file:whole.ipfix", &output) != APP_EXIT_OK ||
        !g_file_get_contents("whole.ipfix", &bytes, &length, NULL)) {
        return 1;
    }
    whole = g_byte_array_new();
    g_byte_array_append(whole, (const guint8 *)bytes, (guint)length);
    return 0;
}

static int remove_archive(void **state)
{
    g_byte_array_unref(whole);
    return remove_directory(state);
}

/* Writes the whole file, @p between, and the whole file again without its last @p less bytes. */
static void write_part(const char *path, const char *between, guint less)
{
    g_autoptr(GByteArray) part = g_byte_array_new();
    g_byte_array_append(part, whole->data, whole->len);
    g_byte_array_append(part, (const guint8 *)between, (guint)strlen(between));
    g_byte_array_append(part, whole->data, whole->len - less);
    assert_true(g_file_set_contents(path, (const char *)part->data, (gssize)part->len, NULL));
}

static void complete_messages_are_recovered(void **state)
{
    (void)state;
    write_part("cut.ipfix.part", "", 7);
    static const command_row_t rows[] = {
        {APP_EXIT_OK, "recover cut.ipfix.part", "bytes dropped"},
        {APP_EXIT_OK, "dump cut.ipfix", "10.0.2.15"},
        {APP_EXIT_INPUT, "recover cut.ipfix.part", "cut.ipfix.part"}, /* it has its name now */
    };
    run_rows(rows, G_N_ELEMENTS(rows));
}

static void damage_inside_is_named(void **state)
{
    (void)state;
    write_part("hurt.ipfix.part", "twenty bytes of junk", 0);
    static const command_row_t rows[] = {
        {APP_EXIT_INPUT, "recover hurt.ipfix.part",
         "damaged bytes before its last message; synfix dump skips them"},
        {APP_EXIT_INPUT, "dump hurt.ipfix", "10.0.2.15"},
    };
    run_rows(rows, G_N_ELEMENTS(rows));
}

/* One of several files that cannot be recovered does not stop the others. */
static void other_files_are_left(void **state)
{
    (void)state;
    assert_true(g_file_set_contents("empty.ipfix.part", "", 0, NULL));
    assert_true(g_file_set_contents("text.ipfix.part", "a text, which is no message of IPFIX", -1, NULL));
    static const command_row_t rows[] = {
        {APP_EXIT_INPUT, "recover text.ipfix.part empty.ipfix.part", "no complete message, deleted"},
    };
    run_rows(rows, G_N_ELEMENTS(rows));
    assert_true(g_file_test("text.ipfix.part", G_FILE_TEST_EXISTS));
    assert_false(g_file_test("empty.ipfix.part", G_FILE_TEST_EXISTS));
}

static void a_file_in_use_is_left(void **state)
{
    (void)state;
    write_part("busy.ipfix.part", "", 0);
    const int descriptor = open("busy.ipfix.part", O_RDWR | O_CLOEXEC);
    assert_int_equal(flock(descriptor, LOCK_EX | LOCK_NB), 0);
    static const command_row_t rows[] = {
        {APP_EXIT_INPUT, "recover busy.ipfix.part", "in use by another process"},
    };
    run_rows(rows, G_N_ELEMENTS(rows));
    (void)close(descriptor);
    assert_true(g_file_test("busy.ipfix.part", G_FILE_TEST_EXISTS));
}

#define WITH_ARCHIVE(test) cmocka_unit_test_setup_teardown(test, make_archive, remove_archive)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARCHIVE(complete_messages_are_recovered),
        WITH_ARCHIVE(damage_inside_is_named),
        WITH_ARCHIVE(other_files_are_left),
        WITH_ARCHIVE(a_file_in_use_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
