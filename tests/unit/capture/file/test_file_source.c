/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The source `file`: files one behind the other, compressed files, other formats, filters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/file/file_source.h"
#include "support/read_source.h"
#include "support/temporary_file.h"
#include <arpa/inet.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

#define WEB    SYNFIX_TEST_DATA "/web.pcap"
#define VLAN   SYNFIX_TEST_DATA "/vlan.pcap"
#define PCAPNG SYNFIX_TEST_DATA "/local.pcapng"

static void append_file(GByteArray *to, const char *file)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    assert_true(g_file_get_contents(file, &bytes, &length, NULL));
    g_byte_array_append(to, (const guint8 *)bytes, (guint)length);
}

static file_content_seen_t read_bytes(const void *bytes, size_t length, const char *settings)
{
    assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
    return read_source(&capture_file_module, path, settings);
}

static size_t packets_of(const char *file)
{
    const file_content_seen_t seen = read_source(&capture_file_module, file, NULL);
    assert_int_equal(seen.status, SYNFIX_END);
    assert_true(seen.packets > 0);
    return seen.packets;
}

/* `cat a.pcap b.pcapng c.pcap`. */
static void files_one_behind_the_other(void **state)
{
    (void)state;
    static const char *const files[][3] = {
        {WEB, VLAN, WEB}, {WEB, PCAPNG, VLAN}, {PCAPNG, WEB, PCAPNG}, {PCAPNG, PCAPNG, WEB}};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        size_t packets = 0;
        for (size_t k = 0; k < 3; k++) {
            append_file(bytes, files[i][k]);
            packets += packets_of(files[i][k]);
        }
        const file_content_seen_t seen = read_bytes(bytes->data, bytes->len, NULL);
        if (seen.status != SYNFIX_END || seen.packets != packets) {
            fail_msg("case %zu: %zu packets, not %zu: %s", i, seen.packets, packets, seen.error.text);
        }
        assert_int_equal(seen.last.number, packets);
    }
}

static GByteArray *compressed(const guint8 *bytes, gsize length)
{
    g_autoptr(GZlibCompressor) gzip = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1);
    GByteArray *made = g_byte_array_new();
    GConverterResult result = G_CONVERTER_CONVERTED;
    for (gsize done = 0; result != G_CONVERTER_FINISHED;) {
        guint8 part[4096];
        gsize used = 0;
        gsize written = 0;
        result = g_converter_convert(G_CONVERTER(gzip), bytes + done, length - done, part, sizeof part,
                                     G_CONVERTER_INPUT_AT_END, &used, &written, NULL);
        assert_int_not_equal(result, G_CONVERTER_ERROR);
        g_byte_array_append(made, part, (guint)written);
        done += used;
    }
    return made;
}

static void compressed_files(void **state)
{
    (void)state;
    g_autoptr(GByteArray) plain = g_byte_array_new();
    append_file(plain, WEB);
    g_autoptr(GByteArray) once = compressed(plain->data, plain->len);
    g_autoptr(GByteArray) twice = compressed(once->data, once->len);
    const size_t packets = packets_of(WEB);
    const file_content_seen_t whole = read_bytes(once->data, once->len, NULL);
    assert_int_equal(whole.status, SYNFIX_END);
    assert_int_equal(whole.packets, packets);
    const file_content_seen_t cut = read_bytes(once->data, once->len - 9, NULL);
    assert_int_equal(cut.status, SYNFIX_TRUNCATED);
    assert_in_range(cut.packets, 1, packets);
    once->data[once->len / 2] ^= 0xFF;
    const file_content_seen_t damaged = read_bytes(once->data, once->len, NULL);
    assert_true(damaged.status < 0);
    assert_true(damaged.packets < packets);
    const file_content_seen_t again = read_bytes(twice->data, twice->len, NULL);
    assert_int_equal(again.status, SYNFIX_INVALID);
    assert_non_null(strstr(again.error.text, "compressed twice; decompress the file once"));
}

/* One record of 4 bytes whose lengths are @p first and @p second. */
static file_content_seen_t read_old(uint16_t major, uint16_t minor, uint32_t first, uint32_t second)
{
    struct {
        uint32_t magic;
        uint16_t version[2];
        uint32_t zeros[2], snaplen, link_type, seconds, fraction, lengths[2], data;
    } file = {.magic = 0xA1B2C3D4,
              .version = {major, minor},
              .snaplen = 65535,
              .link_type = 12,
              .seconds = 1,
              .lengths = {first, second},
              .data = htonl(0x45000000)};
    return read_bytes(&file, sizeof file, NULL);
}

/* Until version 2.3 the original length came first. */
static void old_versions_exchange_the_lengths(void **state)
{
    (void)state;
    static const struct {
        uint16_t major, minor;
        uint32_t first, second;
    } cases[] = {{2, 4, 4, 60}, {2, 2, 60, 4}, {543, 0, 60, 4}, {2, 3, 60, 4}, {2, 3, 4, 60}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const file_content_seen_t seen =
            read_old(cases[i].major, cases[i].minor, cases[i].first, cases[i].second);
        assert_int_equal(seen.packets, 1);
        assert_int_equal(seen.last.captured_length, 4);
        assert_int_equal(seen.last.original_length, 60);
        assert_int_equal(seen.last.link_type, 101); /* 12 is another number of raw IP */
    }
    const file_content_seen_t unknown = read_old(1, 0, 4, 60);
    assert_int_equal(unknown.status, SYNFIX_UNSUPPORTED);
    assert_non_null(strstr(unknown.error.text, "pcap version 1.0 is unknown"));
}

static void other_files_are_named(void **state)
{
    (void)state;
    /* 20 bytes of an Endace record of 2014, and another one behind it */
    static const uint8_t erf[40] = {0, 0, 0, 0, 0x00, 0x00, 0x00, 0x53, 2, 0, 0, 20, 0, 0, 0, 4, 1, 2, 3, 4,
                                    0, 0, 0, 0, 0x01, 0x00, 0x00, 0x53, 2, 0, 0, 20, 0, 0, 0, 4, 1, 2, 3, 4};
    static const struct {
        const void *bytes;
        size_t length;
        const char *advice;
    } cases[] = {
        {"BZh91AY&SY..............", 24, "bzcat FILE | synfix read -"},
        {"PK\x03\x04....................", 24, "unzip -p FILE"},
        {"snoop\0\0\0....................", 28, "but snoop"},
        {erf, sizeof erf, "Endace ERF"},
        {"this is a text of some length", 29, "name a capture file"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const file_content_seen_t seen = read_bytes(cases[i].bytes, cases[i].length, NULL);
        assert_int_equal(seen.status, SYNFIX_INVALID);
        if (strstr(seen.error.text, cases[i].advice) == NULL) {
            fail_msg("no '%s': %s", cases[i].advice, seen.error.text);
        }
    }
}

static void filters_choose_packets(void **state)
{
    (void)state;
    const size_t all = packets_of(WEB);
    const file_content_seen_t some = read_source(&capture_file_module, WEB, "filter=tcp dst port 80");
    assert_int_equal(some.status, SYNFIX_END);
    assert_in_range(some.packets, 1, all - 1);
    const file_content_seen_t sections = read_source(&capture_file_module, PCAPNG, "filter=tcp");
    assert_int_equal(sections.status, SYNFIX_END);
    assert_true(sections.packets > 0);
    const file_content_seen_t wrong = read_source(&capture_file_module, WEB, "filter=tcp porrt");
    assert_true(wrong.status < 0);
    assert_non_null(strstr(wrong.error.text, "filter"));
}

static void unreadable_files_are_named(void **state)
{
    (void)state;
    const file_content_seen_t missing = read_source(&capture_file_module, "/nonexistent/x.pcap", NULL);
    assert_int_equal(missing.status, SYNFIX_NOT_FOUND);
    assert_string_equal(missing.error.text, "/nonexistent/x.pcap: No such file or directory");
    const file_content_seen_t directory = read_source(&capture_file_module, "/", NULL);
    assert_int_equal(directory.status, SYNFIX_INVALID);
    static const uint32_t usb[6] = {0xA1B2C3D4, 0x00040002, 0, 0, 65535, 189};
    if (htons(1) != 1) { /* the version is of a little-endian processor */
        const file_content_seen_t link = read_bytes(usb, sizeof usb, NULL);
        assert_int_equal(link.status, SYNFIX_UNSUPPORTED);
        assert_non_null(strstr(link.error.text, "link type 189 ("));
    }
}

#define FILE_TEST(function) cmocka_unit_test_setup_teardown(function, make_path, remove_path)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILE_TEST(files_one_behind_the_other),
        FILE_TEST(compressed_files),
        FILE_TEST(old_versions_exchange_the_lengths),
        FILE_TEST(other_files_are_named),
        FILE_TEST(filters_choose_packets),
        FILE_TEST(unreadable_files_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
