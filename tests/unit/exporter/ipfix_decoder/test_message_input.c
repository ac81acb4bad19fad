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
         ": compressed byte 0: "},
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

/* A set may hold a message, as the packets of a mirrored exporter: it is no message of the file. */
static void a_message_in_a_cut_set_is_none(void **state)
{
    static const uint8_t cut[48] = {
        0, 10, 0, 60, [16] = 1, [19] = 44, [21] = 10, [23] = 24, [36] = 1, [39] = 8};
    (void)state;
    const uint8_t *message;
    size_t length;
    synfix_error_t error;
    g_autofree char *path = write_file(cut, sizeof cut);
    message_input_t *const input = open_input(path);
    assert_int_equal(message_input_next(input, &message, &length, &error), SYNFIX_TRUNCATED);
    (void)message_input_rest(input, &length);
    assert_int_equal(length, sizeof cut);
    message_input_close(input);
    g_unlink(path);
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

#define MESSAGES     200u
#define MESSAGE_SIZE 120u

/* Messages with one data set each, numbered in their sequence numbers. */
static GByteArray *make_messages(bool packed)
{
    GByteArray *const file = g_byte_array_new();
    ZSTD_CCtx *const context = ZSTD_createCCtx(); /* with checksums, as archives have them */
    (void)ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    for (uint32_t i = 0; i < MESSAGES; i++) {
        uint8_t message[MESSAGE_SIZE] = {0, 10, 0, MESSAGE_SIZE, 1,        2, 3, 4,
                                         0, 0,  0, (uint8_t)i,   [16] = 1, 0, 0, MESSAGE_SIZE - 16};
        uint8_t frame[256];
        for (size_t at = 20; at < sizeof message; at++) {
            message[at] = (uint8_t)(at * 7 + i);
        }
        const size_t length =
            packed ? ZSTD_compress2(context, frame, sizeof frame, message, sizeof message) : 0;
        g_byte_array_append(file, packed ? frame : message, packed ? (guint)length : MESSAGE_SIZE);
    }
    (void)ZSTD_freeCCtx(context);
    return file;
}

/* Counts whole messages; each has its number once. Damages are counted too. */
static unsigned count_messages(const char *path, unsigned *damages)
{
    message_input_t *const input = open_input(path);
    const uint8_t *message;
    size_t length;
    synfix_error_t error;
    synfix_status_t status;
    unsigned count = 0;
    int last = -1;
    *damages = 0;
    while ((status = message_input_next(input, &message, &length, &error)) == SYNFIX_OK ||
           status == SYNFIX_INVALID || status == SYNFIX_TRUNCATED) {
        if (status == SYNFIX_OK) {
            count += length == MESSAGE_SIZE && message[11] > last;
            last = message[11];
            continue;
        }
        ++*damages;
        assert_ptr_equal(strstr(error.text, path), error.text);
        if (status == SYNFIX_TRUNCATED) {
            break;
        }
    }
    message_input_close(input);
    return count;
}

static void expect_one_lost(const GByteArray *file, size_t at, uint8_t flipped, bool detected)
{
    g_autofree uint8_t *data = g_memdup2(file->data, file->len);
    unsigned damages = 0;
    data[at] ^= flipped;
    g_autofree char *path = write_file(data, file->len);
    const unsigned count = count_messages(path, &damages);
    /* a frame with a damaged size is noticed twice: as a frame, and by the bytes that came out of it before
     */
    if (count + 1 < MESSAGES || (detected && count < MESSAGES && damages == 0) || damages > 2) {
        fail_msg("byte %zu, bits %u: %u messages, %u damages", at, flipped, count, damages);
    }
    g_unlink(path);
}

static void damage_costs_one_message(void **state)
{
    (void)state;
    GRand *const random = g_rand_new_with_seed(21);
    for (int packed = 0; packed < 2; packed++) {
        GByteArray *const file = make_messages(packed != 0);
        for (unsigned i = 0; i < 400; i++) {
            const size_t at = (size_t)g_rand_int_range(random, 0, (gint32)file->len);
            expect_one_lost(file, at, (uint8_t)(1u << g_rand_int_range(random, 0, 8)), packed != 0);
        }
        g_byte_array_free(file, TRUE);
    }
    g_rand_free(random);
}

/* Each byte that says where a message ends, in the first, a middle and the last message. */
static void damaged_lengths(void **state)
{
    (void)state;
    static const unsigned messages[] = {0, 1, 100, MESSAGES - 2, MESSAGES - 1};
    static const unsigned bytes[] = {0, 1, 2, 3};
    GByteArray *const file = make_messages(false);
    for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
        for (size_t k = 0; k < G_N_ELEMENTS(bytes); k++) {
            for (unsigned bit = 0; bit < 8; bit++) {
                expect_one_lost(file, messages[i] * MESSAGE_SIZE + bytes[k], (uint8_t)(1u << bit), true);
            }
        }
    }
    g_byte_array_free(file, TRUE);
}

static void a_gap_is_passed_over(void **state)
{
    (void)state;
    for (int packed = 0; packed < 2; packed++) {
        GByteArray *const file = make_messages(packed != 0);
        unsigned damages = 0;
        const guint begin = file->len / 3, length = file->len / 7;
        memset(file->data + begin, 0, length);
        g_autofree char *path = write_file(file->data, file->len);
        const unsigned count = count_messages(path, &damages);
        assert_in_range(count, MESSAGES - MESSAGES / 7 - 3, MESSAGES - MESSAGES / 7 + 1);
        assert_in_range(damages, 1, 2);
        g_unlink(path);
        g_byte_array_free(file, TRUE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_plain_and_compressed),  cmocka_unit_test(tells_what_is_wrong),
        cmocka_unit_test(damage_costs_one_message),    cmocka_unit_test(damaged_lengths),
        cmocka_unit_test(a_gap_is_passed_over),        cmocka_unit_test(a_message_in_a_cut_set_is_none),
        cmocka_unit_test(goes_on_when_the_file_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
