/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix_decoder/message_input.h"
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

/* Two messages, of 20 and of 16 bytes. */
static const uint8_t two[36] = {0, 10, 0, 20, 1, 1, 1, 1, [20] = 0, 10, 0, 16, 2, 2, 2, 2};

static char *write_file(const void *data, size_t length)
{
    char *path = NULL;
    const int fd = g_file_open_tmp("synfix-test-XXXXXX.ipfix", &path, NULL);
    assert_int_equal(write(fd, data, length), length);
    close(fd);
    return path;
}

static void append_file(const char *path, const void *data, size_t length)
{
    FILE *const file = fopen(path, "a");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, length, file), length);
    fclose(file);
}

static message_input_t *open_input(const char *path)
{
    message_input_t *input = NULL;
    assert_int_equal(message_input_open(path, &input, NULL), SYNFIX_OK);
    return input;
}

static void expect_both(message_input_t *input)
{
    const uint8_t *message;
    size_t length;
    synfix_error_t error;
    assert_int_equal(message_input_next(input, &message, &length, &error), SYNFIX_OK);
    assert_int_equal(length, 20);
    assert_memory_equal(message, two, 20);
    assert_int_equal(message_input_offset(input), 0);
    assert_int_equal(message_input_next(input, &message, &length, &error), SYNFIX_OK);
    assert_int_equal(length, 16);
    assert_memory_equal(message, two + 20, 16);
    assert_int_equal(message_input_offset(input), 20);
    assert_int_equal(message_input_next(input, &message, &length, &error), SYNFIX_END);
}

static void reads_plain_and_compressed(void **state)
{
    (void)state;
    uint8_t packed[256];
    const size_t one_frame = ZSTD_compress(packed, sizeof packed, two, sizeof two, 3);
    assert_false(ZSTD_isError(one_frame));
    uint8_t frames[256]; /* one for each message, as archives have them */
    size_t two_frames = ZSTD_compress(frames, sizeof frames, two, 20, 3);
    two_frames += ZSTD_compress(frames + two_frames, sizeof frames - two_frames, two + 20, 16, 3);
    const struct {
        const uint8_t *data;
        size_t length;
    } cases[] = {{two, sizeof two}, {packed, one_frame}, {frames, two_frames}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = write_file(cases[i].data, cases[i].length);
        message_input_t *const input = open_input(path);
        expect_both(input);
        message_input_close(input);
        g_unlink(path);
    }
}

static void tells_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        uint8_t data[40];
        size_t length;
        synfix_status_t status; /* behind the whole messages */
        unsigned messages;
        const char *reason;
    } cases[] = {
        {{0}, 0, SYNFIX_END, 0, NULL},
        {{0, 10, 0, 16}, 4, SYNFIX_TRUNCATED, 0, ": byte 0: the file ends inside a message (4 bytes of 16)"},
        {{0, 10, 0, 20},
         18,
         SYNFIX_TRUNCATED,
         0,
         ": byte 0: the file ends inside a message (18 bytes of 20)"},
        {{0, 10, 0, 16, [16] = 0, 9, 0, 16}, 32, SYNFIX_INVALID, 1, ": byte 16: "},
        {{0, 10, 0, 15}, 20, SYNFIX_INVALID, 0, ": byte 0: "},
        {{0x28, 0xB5, 0x2F, 0xFD, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
          0xFF},
         20,
         SYNFIX_INVALID,
         0,
         ": byte 0: "},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = write_file(cases[i].data, cases[i].length);
        g_autofree char *expected = g_strconcat(path, cases[i].reason, NULL);
        message_input_t *const input = open_input(path);
        const uint8_t *message;
        size_t length;
        synfix_error_t error = {.text = ""};
        synfix_status_t status;
        unsigned messages = 0;
        while ((status = message_input_next(input, &message, &length, &error)) == SYNFIX_OK) {
            messages++;
        }
        assert_int_equal(status, cases[i].status);
        assert_int_equal(messages, cases[i].messages);
        if (cases[i].reason && !g_str_has_prefix(error.text, expected)) {
            fail_msg("'%s' is not '%s'", error.text, expected);
        }
        message_input_close(input);
        g_unlink(path);
    }
    message_input_t *input = NULL;
    synfix_error_t error;
    assert_int_equal(message_input_open("/nowhere/a.ipfix", &input, &error), SYNFIX_NOT_FOUND);
    assert_null(input);
}

static void goes_on_when_the_file_grows(void **state)
{
    (void)state;
    const uint8_t *message;
    size_t length;
    synfix_error_t error;
    g_autofree char *path = write_file(two, 30);
    message_input_t *const input = open_input(path);
    assert_int_equal(message_input_next(input, &message, &length, &error), SYNFIX_OK);
    assert_int_equal(message_input_next(input, &message, &length, &error), SYNFIX_TRUNCATED);
    append_file(path, two + 30, 6);
    assert_int_equal(message_input_next(input, &message, &length, &error), SYNFIX_OK);
    assert_int_equal(length, 16);
    assert_memory_equal(message, two + 20, 16);
    assert_int_equal(message_input_next(input, &message, &length, &error), SYNFIX_END);
    message_input_close(input);
    g_unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_plain_and_compressed),
        cmocka_unit_test(tells_what_is_wrong),
        cmocka_unit_test(goes_on_when_the_file_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
