/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Blocks of pcapng files that no current program writes, and damaged ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/file/file_source.h"
#include "capture/file/pcap.h"
#include "support/read_source.h"
#include "support/temporary_file.h"
#include <glib.h>
#include <glib/gstdio.h>

static void put16(GByteArray *to, uint16_t value)
{
    g_byte_array_append(to, (const guint8 *)&value, sizeof value);
}

static void put32(GByteArray *to, uint32_t value)
{
    g_byte_array_append(to, (const guint8 *)&value, sizeof value);
}

/* A block of @p body, which is a multiple of four bytes. */
static void put_block(GByteArray *to, uint32_t type, const GByteArray *body)
{
    put32(to, type);
    put32(to, body->len + 12);
    g_byte_array_append(to, body->data, body->len);
    put32(to, body->len + 12);
}

static void put_section(GByteArray *to, uint32_t order, uint16_t version)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    put32(body, order);
    put16(body, version);
    put16(body, 0);
    put32(body, UINT32_MAX);
    put32(body, UINT32_MAX);
    put_block(to, 0x0A0D0D0A, body);
}

/* Raw IPv4; the option @p code of @p length bytes, or none. */
static void put_interface(GByteArray *to, uint32_t snaplen, uint16_t code, const void *value, uint16_t length)
{
    static const uint8_t zeros[4] = {0};
    g_autoptr(GByteArray) body = g_byte_array_new();
    put16(body, 101);
    put16(body, 0);
    put32(body, snaplen);
    if (code != 0) {
        put16(body, code);
        put16(body, length);
        g_byte_array_append(body, value, length);
        g_byte_array_append(body, zeros, -length & 3);
        put32(body, 0);
    }
    put_block(to, 1, body);
}

/* An enhanced packet (6) or one of the obsolete packet block (2), of 8 bytes of the interface @p interface.
 */
static void put_packet(GByteArray *to, uint32_t type, uint16_t interface, uint64_t ticks, uint32_t captured)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    put16(body, interface);
    put16(body, 0); /* upper half of the number, or drops */
    put32(body, (uint32_t)(ticks >> 32));
    put32(body, (uint32_t)ticks);
    put32(body, captured);
    put32(body, 60);
    put32(body, 0x45454545);
    put32(body, 0x45454545);
    put_block(to, type, body);
}

static void put_simple(GByteArray *to, uint32_t original)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    put32(body, original);
    put32(body, 0x45454545);
    put32(body, 0x45454545);
    put_block(to, 3, body);
}

static file_content_seen_t read_bytes(const GByteArray *bytes)
{
    assert_true(g_file_set_contents(path, (const char *)bytes->data, (gssize)bytes->len, NULL));
    return read_source(&capture_file_module, path, NULL);
}

static GByteArray *begin(uint32_t snaplen)
{
    GByteArray *bytes = g_byte_array_new();
    put_section(bytes, 0x1A2B3C4D, 1);
    put_interface(bytes, snaplen, 0, NULL, 0);
    return bytes;
}

static void packet_blocks_of_all_kinds(void **state)
{
    (void)state;
    g_autoptr(GByteArray) bytes = begin(0);
    put_packet(bytes, 6, 0, 5000001, 8);
    put_packet(bytes, 2, 0, 6000002, 8);
    const file_content_seen_t timed = read_bytes(bytes);
    assert_int_equal(timed.status, SYNFIX_END);
    assert_int_equal(timed.packets, 2);
    assert_int_equal(timed.last.time_ns, INT64_C(6000002000));
    assert_int_equal(timed.last.captured_length, 8);
    assert_int_equal(timed.last.original_length, 60);
    put_simple(bytes, 6); /* as long as the packet, without the padding */
    const file_content_seen_t simple = read_bytes(bytes);
    assert_int_equal(simple.packets, 3);
    assert_int_equal(simple.last.time_ns, 0);
    assert_int_equal(simple.last.captured_length, 6);
    put_simple(bytes, 1500);
    const file_content_seen_t cut = read_bytes(bytes);
    assert_int_equal(cut.last.captured_length, 8);
    assert_int_equal(cut.last.original_length, 1500);
}

static void packets_end_at_the_snap_length(void **state)
{
    (void)state;
    g_autoptr(GByteArray) bytes = begin(4);
    put_packet(bytes, 6, 0, 1, 8);
    const file_content_seen_t seen = read_bytes(bytes);
    assert_int_equal(seen.last.captured_length, 4);
    assert_int_equal(seen.last.original_length, 60);
}

static void times_follow_the_options_of_the_interface(void **state)
{
    (void)state;
    static const uint8_t nanoseconds = 9, binary = 0x80 | 10, seconds = 0, picoseconds = 12;
    static const uint8_t finest = 19, finest_binary = 0x80 | 63;
    static const int64_t offset = 1000, year_2100 = INT64_C(4102444800), before = -1;
    static const int64_t first = INT64_MIN, last = INT64_MAX;
    static const struct {
        uint16_t code;
        const void *value;
        uint16_t length;
        uint64_t ticks;
        int64_t time_ns;
    } cases[] = {
        {0, NULL, 0, 7, 7000},
        {9, &nanoseconds, 1, 7, 7},
        {9, &binary, 1, 1536, 1500000000}, /* 1.5 s in units of 2^-10 s */
        {9, &seconds, 1, 7, INT64_C(7000000000)},
        {9, &picoseconds, 1, 7000, 7},
        {14, &offset, 8, 7, INT64_C(1000000007000)},
        {9, &finest, 1, UINT64_MAX, 1844674407},
        {9, &finest_binary, 1, UINT64_MAX, 1999999999},
        {14, &year_2100, 8, 7, INT64_C(4102444800000007000)},
        {14, &before, 8, 1000001, 1000},
        /* the nearest times that fit */
        {14, &before, 8, 999999, 0},
        {14, &first, 8, 7, 0},
        {14, &first, 8, UINT64_MAX, 0},
        {14, &last, 8, 7, PCAP_TIME_MAX_NS},
        {0, NULL, 0, UINT64_MAX, PCAP_TIME_MAX_NS},
        {9, &seconds, 1, UINT64_MAX, PCAP_TIME_MAX_NS},
        {9, &nanoseconds, 1, UINT64_MAX, PCAP_TIME_MAX_NS},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        put_section(bytes, 0x1A2B3C4D, 1);
        put_interface(bytes, 0, cases[i].code, cases[i].value, cases[i].length);
        put_packet(bytes, 6, 0, cases[i].ticks, 8);
        const file_content_seen_t seen = read_bytes(bytes);
        assert_int_equal(seen.packets, 1);
        assert_int_equal(seen.last.time_ns, cases[i].time_ns);
    }
}

static void append_line(void *user, int level, const char *text)
{
    GString *const lines = user;
    assert_int_equal(level, 1);
    g_string_append_printf(lines, "%s\n", text);
}

/* The lines of the log for @p bytes, read until @p reads calls or the end. */
static char *log_of(const GByteArray *bytes, unsigned reads)
{
    GString *const lines = g_string_new(NULL);
    const synfix_module_context_t context = {
        .struct_size = sizeof context, .user = lines, .log = append_line};
    synfix_error_t error;
    void *instance = NULL;
    assert_true(g_file_set_contents(path, (const char *)bytes->data, (gssize)bytes->len, NULL));
    assert_int_equal(open_file_source(&capture_file_module, &context, path, NULL, &instance, &error),
                     SYNFIX_OK);
    synfix_status_t status = SYNFIX_OK;
    for (unsigned i = 0; i < reads && status == SYNFIX_OK; i++) {
        synfix_packet_t packets[2];
        size_t count = 0;
        status = capture_file_module.source->read(instance, packets, 2, &count, &error);
    }
    capture_file_module.source->close(instance);
    return g_string_free(lines, FALSE);
}

static void limited_and_missing_times_are_logged_once(void **state)
{
    (void)state;
    static const int64_t before = -1;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    put_section(bytes, 0x1A2B3C4D, 1);
    put_interface(bytes, 0, 14, &before, 8);
    put_packet(bytes, 6, 0, 999999, 8);
    put_packet(bytes, 6, 0, 1000000, 8);
    put_packet(bytes, 6, 0, UINT64_MAX, 8);
    put_simple(bytes, 6);
    g_autofree char *all = log_of(bytes, UINT_MAX);
    g_autofree char *expected = g_strdup_printf(
        "%s: 2 packets with a time before 1970 or after 2262, replaced by the nearest limit; check the clock "
        "of the capturing system\n"
        "%s: 1 packet without a time, set to 1970-01-01; capture with a program that writes enhanced "
        "packet blocks\n",
        path, path);
    assert_string_equal(all, expected);
    g_autofree char *stopped = log_of(bytes, 1);
    assert_non_null(strstr(stopped, ": 1 packet with a time before 1970"));
    g_autoptr(GByteArray) plain = g_byte_array_new();
    put_section(plain, 0x1A2B3C4D, 1);
    put_interface(plain, 0, 0, NULL, 0);
    put_packet(plain, 6, 0, 7, 8);
    g_autofree char *none = log_of(plain, UINT_MAX);
    assert_string_equal(none, "");
}

/* An interface with a resolution and an offset in seconds. */
static void put_clock(GByteArray *to, uint8_t resolution, int64_t offset)
{
    const uint8_t padded[4] = {resolution};
    g_autoptr(GByteArray) body = g_byte_array_new();
    put16(body, 101);
    put16(body, 0);
    put32(body, 0);
    put16(body, 9);
    put16(body, 1);
    g_byte_array_append(body, padded, sizeof padded);
    put16(body, 14);
    put16(body, 8);
    g_byte_array_append(body, (const uint8_t *)&offset, sizeof offset);
    put32(body, 0);
    put_block(to, 1, body);
}

/* Offset and time units exceed 292 years, the time does not. */
static void offsets_and_units_compensate(void **state)
{
    (void)state;
    static const struct {
        uint8_t resolution;
        int64_t offset;
        uint64_t ticks;
        int64_t time_ns;
    } cases[] = {
        {6, -INT64_C(1000000000000), UINT64_C(1000000000005000007), INT64_C(5000007000)},
        {0, INT64_MIN, UINT64_C(1) << 63 | 1700000000, INT64_C(1700000000) * 1000000000},
        {0, -INT64_C(9000000000), UINT64_C(9400000000), INT64_C(400000000) * 1000000000},
        {0x80 | 10, -INT64_C(20000000000), (UINT64_C(20000000001) << 10) + 512, INT64_C(1500000000)},
        {9, -INT64_C(9223372037), UINT64_C(9223372038000000001), INT64_C(1000000001)},
        {12, INT64_C(9223372037), 1, PCAP_TIME_MAX_NS},
        {6, -INT64_C(1000000000000), UINT64_C(999999999999000000), 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        put_section(bytes, 0x1A2B3C4D, 1);
        put_clock(bytes, cases[i].resolution, cases[i].offset);
        put_packet(bytes, 6, 0, cases[i].ticks, 8);
        assert_int_equal(read_bytes(bytes).last.time_ns, cases[i].time_ns);
    }
}

static void assert_refused(const GByteArray *bytes, size_t packets, const char *reason)
{
    const file_content_seen_t seen = read_bytes(bytes);
    assert_int_equal(seen.status, SYNFIX_INVALID);
    assert_int_equal(seen.packets, packets);
    if (strstr(seen.error.text, reason) == NULL) {
        fail_msg("no '%s': %s", reason, seen.error.text);
    }
}

static void damaged_blocks_end_the_file(void **state)
{
    (void)state;
    static const uint8_t impossible = 20;
    g_autoptr(GByteArray) empty = g_byte_array_new();
    g_autoptr(GByteArray) bytes = begin(0);
    put_packet(bytes, 6, 0, 1, 8);
    const guint good = bytes->len;
    put_packet(bytes, 6, 1, 1, 8);
    assert_refused(bytes, 1, "after packet 1: a packet of an interface that was not described");
    g_byte_array_set_size(bytes, good);
    put_packet(bytes, 6, 0, 1, 9);
    assert_refused(bytes, 1, "a packet longer than its block");
    g_byte_array_set_size(bytes, good);
    put_block(bytes, 6, empty);
    assert_refused(bytes, 1, "a packet block that is too short");
    g_byte_array_set_size(bytes, good);
    put_block(bytes, 1, empty);
    assert_refused(bytes, 1, "an interface block that is too short");
    g_byte_array_set_size(bytes, good);
    put_interface(bytes, 0, 9, &impossible, 1);
    assert_refused(bytes, 1, "a time resolution that no clock has");
    g_byte_array_set_size(bytes, good);
    put_section(bytes, 0x1A2B3C4D, 2);
    assert_refused(bytes, 1, "a section header of an unknown version");
    g_byte_array_set_size(bytes, good);
    put_section(bytes, 0x1A2B3C4E, 1);
    assert_refused(bytes, 1, "a section header without its magic number");
    g_byte_array_set_size(bytes, good);
    put32(bytes, 5);
    put32(bytes, 8);
    put32(bytes, 8);
    assert_refused(bytes, 1, "a block of impossible length");
    g_byte_array_set_size(bytes, good);
    put32(bytes, 5);
    put32(bytes, 12);
    put32(bytes, 16);
    assert_refused(bytes, 1, "a block whose two lengths differ");
}

/* Statistics, names and secrets are skipped; a second section begins with new interfaces. */
static void other_blocks_and_sections(void **state)
{
    (void)state;
    g_autoptr(GByteArray) empty = g_byte_array_new();
    g_autoptr(GByteArray) bytes = begin(0);
    put_block(bytes, 5, empty);
    put_packet(bytes, 6, 0, 1, 8);
    put_section(bytes, 0x1A2B3C4D, 1);
    put_interface(bytes, 0, 0, NULL, 0);
    put_packet(bytes, 6, 0, 2, 8);
    const file_content_seen_t seen = read_bytes(bytes);
    assert_int_equal(seen.status, SYNFIX_END);
    assert_int_equal(seen.packets, 2);
    assert_int_equal(seen.last.interface_id, 1);
    assert_int_equal(seen.last.number, 2);
}

#define BLOCK_TEST(function) cmocka_unit_test_setup_teardown(function, make_path, remove_path)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BLOCK_TEST(packet_blocks_of_all_kinds),
        BLOCK_TEST(packets_end_at_the_snap_length),
        BLOCK_TEST(limited_and_missing_times_are_logged_once),
        BLOCK_TEST(times_follow_the_options_of_the_interface),
        BLOCK_TEST(offsets_and_units_compensate),
        BLOCK_TEST(damaged_blocks_end_the_file),
        BLOCK_TEST(other_blocks_and_sections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
