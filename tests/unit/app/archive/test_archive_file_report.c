/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The remarks about a whole file: skipped sets, missing records, templates that come too late. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/commands.h"
#include "support/tests_message.h"

#define SOURCE_ADDRESS 8

static void add_template(GByteArray *message)
{
    const size_t set = set_begin(message, 2);
    put16(message, 256), put16(message, 1), put16(message, SOURCE_ADDRESS), put16(message, 4);
    set_end(message, set);
}

static void add_records(GByteArray *message, uint16_t id, uint32_t count)
{
    const size_t set = set_begin(message, id);
    for (uint32_t i = 0; i < count; i++) {
        put32(message, 0xC0000201 + i);
    }
    set_end(message, set);
}

static void finish(GByteArray *message, uint32_t sequence)
{
    message_end(message);
    write_be32(message->data + 8, sequence);
}

static void write_messages(const char *path, GByteArray *first, GByteArray *second)
{
    g_byte_array_append(first, second->data, second->len);
    assert_true(g_file_set_contents(path, (const char *)first->data, (gssize)first->len, NULL));
}

static void run_one(int code, const char *line, const char *text)
{
    const command_row_t row = {code, line, text};
    run_rows(&row, 1);
}

/* Missing records are a remark and no failure: they may have been lost before the file was written. */
static void missing_records(void **state)
{
    (void)state;
    g_autoptr(GByteArray) first = message_begin(7);
    g_autoptr(GByteArray) second = message_begin(7);
    add_template(first);
    add_records(first, 256, 3);
    finish(first, 0);
    add_records(second, 256, 1);
    finish(second, 5);
    write_messages("gap.ipfix", first, second);
    run_one(APP_EXIT_OK, "dump gap.ipfix", "gap.ipfix: 2 records are missing by the sequence numbers");
}

static void sets_without_a_template(void **state)
{
    (void)state;
    g_autoptr(GByteArray) first = message_begin(7);
    g_autoptr(GByteArray) second = message_begin(7);
    add_template(first);
    add_records(first, 256, 1);
    finish(first, 0);
    add_records(second, 300, 1);
    add_records(second, 301, 1);
    finish(second, 1);
    write_messages("lone.ipfix", first, second);
    run_one(APP_EXIT_INPUT, "dump lone.ipfix", "lone.ipfix: 2 sets skipped");
    run_one(APP_EXIT_INPUT, "dump lone.ipfix", "no template");
}

static void reserved_and_short_sets(void **state)
{
    (void)state;
    g_autoptr(GByteArray) first = message_begin(7);
    g_autoptr(GByteArray) second = message_begin(7);
    add_template(first);
    add_records(first, 256, 1);
    set_end(first, set_begin(first, 5));
    finish(first, 0);
    const size_t set = set_begin(second, 256);
    put16(second, 1); /* less than a record, and not padding */
    set_end(second, set);
    finish(second, 1);
    write_messages("odd.ipfix", first, second);
    run_one(APP_EXIT_INPUT, "dump odd.ipfix", "reserved id");
    run_one(APP_EXIT_INPUT, "dump odd.ipfix", "shorter than one record of the template");
}

/* The only definition of a template comes after its records, which are read by it. */
static void a_template_that_comes_late(void **state)
{
    (void)state;
    g_autoptr(GByteArray) first = message_begin(7);
    g_autoptr(GByteArray) second = message_begin(7);
    add_records(first, 256, 1);
    finish(first, 0);
    add_template(second);
    finish(second, 1);
    write_messages("late.ipfix", first, second);
    run_one(APP_EXIT_OK, "dump late.ipfix", "192.0.2.1");
    run_one(APP_EXIT_OK, "dump late.ipfix", "late.ipfix: 1 template stands after the first records");
}

static void an_empty_file(void **state)
{
    (void)state;
    assert_true(g_file_set_contents("empty.ipfix", "", 0, NULL));
    run_one(APP_EXIT_INPUT, "dump empty.ipfix", "empty.ipfix: no IPFIX message, the file is empty");
}

#define WITH_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DIRECTORY(missing_records),         WITH_DIRECTORY(sets_without_a_template),
        WITH_DIRECTORY(reserved_and_short_sets), WITH_DIRECTORY(a_template_that_comes_late),
        WITH_DIRECTORY(an_empty_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
