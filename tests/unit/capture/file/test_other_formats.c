/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/file/other_formats.h"
#include <string.h>

static void formats_with_a_magic(void **state)
{
    (void)state;
    static const struct {
        const char *begin;
        size_t length;
        const char *name;
    } rows[] = {
        {"snoop\0\0\0\0\0\0\x02", 12, "snoop"},
        {"TR\0d\0\0\0\0\0\0\0\x80/tmp", 16, "nettl"},
        {"\0\0\0\x01\0\0\0\0\0\x07\xD0\0\0", 13, "nettl"},
        {"+---------+---------------+----------+\r\n17:04:01,819,644   ETHER", 60, "K12 text"},
        {"\0\0\x02\0\x12\x05\0\x10\0\0", 10, "Tektronix K12"},
        {"\x01\x10\x4c\0\x01\x05Trace Display Trace File\0", 31, "LANalyzer"},
        {"\x07\x10\x4c\0\x01\x05Trace Display Trace File\0", 31, "LANalyzer"},
        {"\xAA\xAA\xAA\xAA\x20", 5, "5View"},
        {"BZh9", 4, "bzip2"},
        {"SQLite format 3\0\x10", 18, "synfix hosts"},
        {"\0\x0A\0\x40\x65\0\0\0\0\0\0\0\0\0\0\0\0\x02\0\x20", 20, "synfix dump"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const uint8_t *begin = (const uint8_t *)rows[i].begin;
        const char *advice = other_format_advice(begin, rows[i].length);
        assert_non_null(advice);
        assert_non_null(strstr(advice, rows[i].name));
        assert_null(other_format_advice(begin, 2)); /* too short to say */
    }
}

#define FRAME 60u

/* Of editcap -F commview-ncf: a header of 24 bytes before each frame. */
static const uint8_t commview[24] = {FRAME, 0, FRAME, 0, 0, 0xDE, 0x07, 1, 14, 17, 4, 1, 0xBC, 0x81, 0x0C, 0};
/* Of editcap -F commview-ncfx: one of 20 bytes. */
static const uint8_t commview_x[20] = {FRAME, 0, 0, 0, 0xDE, 0x07, 1, 14, 17, 4, 1, 0xBC, 0x81, 0x0C, 0};
/* A record of 16 bytes and a frame: a time of 2014, type 2 (Ethernet), the length. */
static const uint8_t endace[16] = {0, 0, 0, 0, 0x01, 0x6E, 0xD5, 0x52, 2, 4, 0, 16 + FRAME};

/* A description of the capture, type 27 with extension headers, without a time. */
static const uint8_t endace_description[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0x9B, 4, 0, 16 + FRAME};

static const char *records_advice(const uint8_t *header, size_t size, unsigned count, size_t cut)
{
    uint8_t file[256] = {0};
    for (unsigned i = 0; i < count; i++) {
        memcpy(file + i * (size + FRAME), header, size);
    }
    return other_format_advice(file, count * (size + FRAME) - cut);
}

static void formats_of_records(void **state)
{
    (void)state;
    static const struct {
        const uint8_t *header;
        size_t size;
        const char *name;
    } rows[] = {{commview, sizeof commview, "CommView"},
                {commview_x, sizeof commview_x, "CommView"},
                {endace, sizeof endace, "ERF"},
                {endace_description, sizeof endace_description, "ERF"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (unsigned count = 1; count <= 2; count++) {
            const char *advice = records_advice(rows[i].header, rows[i].size, count, 0);
            assert_non_null(advice);
            assert_non_null(strstr(advice, rows[i].name));
        }
        assert_null(records_advice(rows[i].header, rows[i].size, 1, 1)); /* one record that is cut */
        uint8_t other[32];
        memcpy(other, rows[i].header, rows[i].size);
        memset(other + 4, 0xFF, 12); /* no time */
        assert_null(records_advice(other, rows[i].size, 2, 0));
    }
}

static void other_files(void **state)
{
    (void)state;
    static const char text[] = "this is a text and no capture at all, but longer than a header";
    static const uint8_t zeros[128];
    assert_null(other_format_advice((const uint8_t *)text, sizeof text));
    assert_null(other_format_advice(zeros, sizeof zeros));
    for (size_t length = 0; length < sizeof zeros; length++) {
        assert_null(other_format_advice(zeros, length));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_with_a_magic),
        cmocka_unit_test(formats_of_records),
        cmocka_unit_test(other_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
