/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A large archive that a thread reads ahead gives the same messages, offsets and damages as without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/byte_order.h"
#include "exporter/ipfix_decoder/message_input.h"
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_SIZE 3000000u

/* A message with one set of filling, which its number makes different. */
static void add_message(GByteArray *file, uint32_t number, uint16_t length)
{
    const guint at = file->len;
    g_byte_array_set_size(file, at + length);
    memset(file->data + at, (int)(number % 251), length);
    write_be16(file->data + at, 10);
    write_be16(file->data + at + 2, length);
    write_be32(file->data + at + 4, number);
    write_be16(file->data + at + 16, 256);
    write_be16(file->data + at + 18, (uint16_t)(length - 16));
}

/* Lengths from 20 bytes to the greatest. */
static GByteArray *make_archive(void)
{
    GByteArray *const file = g_byte_array_new();
    uint32_t number = 0;
    while (file->len < FILE_SIZE) {
        number++;
        add_message(file, number, number % 7 == 0 ? 65535 : (uint16_t)(20 + number * 7919 % 3000));
    }
    return file;
}

static char *write_file(const GByteArray *data)
{
    char *path = NULL;
    const int fd = g_file_open_tmp("synfix-test-XXXXXX.ipfix", &path, NULL);
    assert_int_equal(write(fd, data->data, data->len), data->len);
    close(fd);
    return path;
}

static message_input_t *open_input(const char *path, bool ahead)
{
    message_input_t *input = NULL;
    assert_int_equal(message_input_open(path, &input, NULL), SYNFIX_OK);
    if (ahead) {
        message_input_read_ahead(input);
    }
    return input;
}

/* All that an input delivers, as text. */
static char *read_file(const char *path, bool ahead)
{
    GString *text = g_string_new(NULL);
    message_input_t *const input = open_input(path, ahead);
    const uint8_t *message;
    size_t length;
    synfix_error_t error;
    synfix_status_t status;
    do {
        status = message_input_next(input, &message, &length, &error);
        if (status == SYNFIX_OK) {
            g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_MD5, message, length);
            g_string_append_printf(text, "%" G_GUINT64_FORMAT " %zu %s\n", message_input_offset(input),
                                   length, sum);
        } else {
            g_string_append_printf(text, "%d %s\n", status, status < 0 ? error.text : "");
        }
    } while (status == SYNFIX_OK || status == SYNFIX_INVALID);
    (void)message_input_rest(input, &length);
    g_string_append_printf(text, "%zu\n", length);
    message_input_close(input);
    return g_string_free(text, FALSE);
}

static void assert_same(const GByteArray *archive)
{
    g_autofree char *path = write_file(archive);
    g_autofree char *without = read_file(path, false);
    g_autofree char *with = read_file(path, true);
    g_unlink(path);
    assert_string_equal(with, without);
}

static void test_whole(void **state)
{
    (void)state;
    g_autoptr(GByteArray) archive = make_archive();
    assert_same(archive);
    g_byte_array_set_size(archive, archive->len - 3); /* inside the last message */
    assert_same(archive);
}

/* Short, and longer than all that is looked ahead for the next message. */
static void test_damages(void **state)
{
    (void)state;
    static const struct {
        guint at;
        guint length;
    } damages[] = {{0, 1}, {300000, 20}, {262144 - 2, 4}, {500000, 400000}, {2900000, 90000}};
    for (size_t i = 0; i < G_N_ELEMENTS(damages); i++) {
        g_autoptr(GByteArray) archive = make_archive();
        memset(archive->data + damages[i].at, 0xEE, damages[i].length);
        assert_same(archive);
    }
}

/* The thread has ended; the input reads on itself. */
static void test_grows(void **state)
{
    (void)state;
    g_autoptr(GByteArray) archive = make_archive();
    g_autofree char *path = write_file(archive);
    message_input_t *const input = open_input(path, true);
    const uint8_t *message;
    size_t length;
    synfix_error_t error;
    synfix_status_t status;
    while ((status = message_input_next(input, &message, &length, &error)) == SYNFIX_OK) {
    }
    assert_int_equal(status, SYNFIX_END);
    for (uint32_t i = 0; i < 3; i++) {
        g_autoptr(GByteArray) more = g_byte_array_new();
        add_message(more, 5000 + i, 60000);
        FILE *const file = fopen(path, "a");
        assert_int_equal(fwrite(more->data, 1, more->len, file), more->len);
        (void)fclose(file);
        assert_int_equal(message_input_next(input, &message, &length, &error), SYNFIX_OK);
        assert_int_equal(length, 60000);
        assert_memory_equal(message, more->data, length);
        assert_int_equal(message_input_offset(input), archive->len + i * 60000u);
        assert_int_equal(message_input_next(input, &message, &length, &error), SYNFIX_END);
    }
    message_input_close(input);
    g_unlink(path);
}

/* An input that is left in the middle ends its thread. */
static void test_left_early(void **state)
{
    (void)state;
    g_autoptr(GByteArray) archive = make_archive();
    g_autofree char *path = write_file(archive);
    message_input_t *const input = open_input(path, true);
    const uint8_t *message;
    size_t length;
    synfix_error_t error;
    for (unsigned i = 0; i < 40; i++) {
        assert_int_equal(message_input_next(input, &message, &length, &error), SYNFIX_OK);
    }
    message_input_close(input);
    g_unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_whole), cmocka_unit_test(test_damages),
                                       cmocka_unit_test(test_grows), cmocka_unit_test(test_left_early)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
