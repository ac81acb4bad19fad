/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "event/text_writer.h"

static char buffer[256];

static text_writer_t begin(size_t room)
{
    memset(buffer, 0, sizeof buffer);
    return (text_writer_t){.at = buffer, .end = buffer + room};
}

static void numbers(void **state)
{
    (void)state;
    text_writer_t line = begin(sizeof buffer - 1);
    writer_unsigned(&line, 0);
    writer_char(&line, ' ');
    writer_unsigned(&line, UINT64_MAX);
    writer_char(&line, ' ');
    writer_padded(&line, 7, 3);
    writer_char(&line, ' ');
    writer_padded(&line, 12345, 3);
    writer_char(&line, ' ');
    writer_hundredths(&line, 94286);
    writer_char(&line, ' ');
    writer_hundredths(&line, 5);
    assert_false(line.full);
    assert_string_equal(buffer, "0 18446744073709551615 007 12345 942.86 0.05");
}

static void uptimes(void **state)
{
    (void)state;
    const synfix_uptime_t uptime = {.uptime_seconds = ((3 * 24 + 4) * 60 + 5) * 60 + 59,
                                    .modulus_seconds = 49 * 86400 + 3};
    text_writer_t line = begin(sizeof buffer);
    writer_uptime(&line, &uptime, ", ");
    writer_char(&line, ' ');
    writer_uptime(&line, &uptime, " ");
    assert_false(line.full);
    assert_string_equal(buffer, "3 days, 4 hrs, 5 min (modulo 49 days) 3 days 4 hrs 5 min (modulo 49 days)");
}

/* Numbers and strings take the last bytes of a block as they take the first ones. */
static void exact_room(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "a", "abcd", "abcdefghijklmnopq", "a\"b"};
    static const size_t lengths[] = {2, 3, 6, 19, 6};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        text_writer_t line = begin(lengths[i]);
        writer_json_string(&line, texts[i]);
        assert_false(line.full);
        assert_ptr_equal(line.at, line.end);
        line = begin(lengths[i] - 1);
        writer_json_string(&line, texts[i]);
        assert_true(line.full);
    }
    text_writer_t line = begin(3);
    writer_unsigned(&line, 123);
    assert_false(line.full);
    assert_string_equal(buffer, "123");
    line = begin(2);
    writer_unsigned(&line, 123);
    assert_true(line.full);
}

static void addresses(void **state)
{
    (void)state;
    const synfix_address_t v6 = {{0x20, 1, 4, 0x70, [14] = 0xa, 0x53}};
    const synfix_address_t v4 = {{192, 0, 2, 255}};
    text_writer_t line = begin(sizeof buffer - 1);
    writer_address(&line, &v6, 6);
    writer_char(&line, ' ');
    writer_address_long(&line, &v6, 6);
    writer_char(&line, ' ');
    writer_address_long(&line, &v4, 4);
    assert_string_equal(buffer, "2001:470::a53 2001:470:0:0:0:0:0:a53 192.0.2.255");
}

static void json_strings(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *expected;
    } table[] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"a\"b\\c/", "\"a\\\"b\\\\c/\""},
        {"\x01\n\x1f", "\"\\u0001\\u000a\\u001f\""},
        {"\xC3\xA4\xE2\x86\x92\xF0\x9F\x98\x80", "\"\xC3\xA4\xE2\x86\x92\xF0\x9F\x98\x80\""},
        {"\xC3", "\"\xEF\xBF\xBD\""},                                 /* cut */
        {"\xC0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},                 /* overlong */
        {"\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""}, /* surrogate */
        {"\xFFz", "\"\xEF\xBF\xBDz\""},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        text_writer_t line = begin(sizeof buffer - 1);
        writer_json_string(&line, table[i].text);
        assert_string_equal(buffer, table[i].expected);
    }
}

static void dates(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        const char *expected;
    } table[] = {
        {0, "1970-01-01T00:00:00"},          {-1, "1969-12-31T23:59:59"},
        {951782400, "2000-02-29T00:00:00"},  {1666950379, "2022-10-28T09:46:19"},
        {4107542400, "2100-03-01T00:00:00"}, {-2203891200, "1900-03-01T00:00:00"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        text_writer_t line = begin(sizeof buffer - 1);
        writer_date_time(&line, table[i].seconds, '-', 'T');
        assert_string_equal(buffer, table[i].expected);
    }
    uint32_t rest = 0;
    assert_int_equal(writer_seconds(-1, &rest), -1);
    assert_int_equal(rest, 999999999);
}

static void never_beyond_the_end(void **state)
{
    (void)state;
    text_writer_t line = begin(4);
    writer_text(&line, "abcd");
    assert_false(line.full);
    writer_char(&line, 'e');
    assert_true(line.full);
    assert_string_equal(buffer, "abcd");

    const synfix_observation_t observation = {.time_ns = 5, .packet_number = 9};
    synfix_block_t block = {.data = (uint8_t *)buffer, .capacity = 4};
    assert_int_equal(writer_commit(&line, &observation, &block), SYNFIX_INVALID);
    block.length = 2;
    assert_int_equal(writer_commit(&line, &observation, &block), SYNFIX_AGAIN);
    assert_int_equal(block.length, 2);
    line = (text_writer_t){.at = buffer + 4, .end = buffer + 4};
    block = (synfix_block_t){.data = (uint8_t *)buffer, .capacity = 4};
    assert_int_equal(writer_commit(&line, &observation, &block), SYNFIX_OK);
    assert_int_equal(block.length, 4);
    assert_int_equal(block.records, 1);
    assert_int_equal(block.first_time_ns, 5);
    assert_int_equal(block.last_number, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(uptimes),
        cmocka_unit_test(exact_room),
        cmocka_unit_test(addresses),
        cmocka_unit_test(json_strings),
        cmocka_unit_test(dates),
        cmocka_unit_test(never_beyond_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
