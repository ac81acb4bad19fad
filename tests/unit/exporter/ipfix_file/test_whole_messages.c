/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix_decoder/message_input.h"
#include "exporter/ipfix_file/whole_messages.h"
#include <glib.h>
#include <glib/gstdio.h>

#define HEADER(length) 0, 10, 0, (length), 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1
#define MESSAGE        HEADER(24), 1, 0, 0, 8, 1, 2, 3, 4
#define DAMAGED_SET    1, 0, 0, 0
/* zstd, without content (RFC 8878, section 3.1.1) */
#define EMPTY_FRAME 0x28, 0xB5, 0x2F, 0xFD, 0x20, 0, 1, 0, 0
/* A frame with one byte of content, and skippable frames with four bytes and without any (section 3.1.2). */
#define SHORT_FRAME  0x28, 0xB5, 0x2F, 0xFD, 0x20, 1, 9, 0, 0, 'x'
#define SKIPPABLE    0x5A, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4
#define NO_SKIPPABLE 0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0

typedef struct example {
    const char *name;
    uint8_t data[96];
    size_t length;
    whole_messages_t expected;
} example_t;

static const example_t examples[] = {
    {"empty", {0}, 0, {0}},
    {"a header only", {HEADER(24)}, 16, {0}},
    {"two messages", {MESSAGE, MESSAGE}, 48, {.end = 48, .messages = 2}},
    {"a cut message after it", {MESSAGE, HEADER(24)}, 40, {.end = 24, .messages = 1}},
    {"a message in a set of a cut message",
     {MESSAGE, HEADER(80), 1, 0, 0, 64, MESSAGE, 1, 2, 3},
     71,
     {.end = 24, .messages = 1}},
    {"a length beyond the end, and a message after its set",
     {MESSAGE, HEADER(80), 1, 0, 0, 8, 1, 2, 3, 4, MESSAGE},
     72,
     {.end = 72, .messages = 2, .damaged = 24}},
    {"damage between", {MESSAGE, 1, 2, 3, MESSAGE}, 51, {.end = 51, .messages = 2, .damaged = 3}},
    {"a damaged set at the end", {HEADER(24), DAMAGED_SET, 1, 2, 3, 4}, 24, {.end = 24, .messages = 1}},
    {"a wrong length that ends with the file",
     {HEADER(44), DAMAGED_SET, MESSAGE},
     44,
     {.end = 44, .messages = 1, .damaged = 20}},
    {"the same, and bytes that are dropped",
     {HEADER(44), DAMAGED_SET, MESSAGE, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
     54,
     {.end = 44, .messages = 1, .damaged = 20}},
    {"the same, and a cut message that is dropped",
     {HEADER(44), DAMAGED_SET, MESSAGE, HEADER(24)},
     60,
     {.end = 44, .messages = 1, .damaged = 20}},
    {"the same, and the first bytes of a header",
     {MESSAGE, HEADER(44), DAMAGED_SET, MESSAGE, 0, 10},
     70,
     {.end = 68, .messages = 2, .damaged = 20}},
    /* without the last bytes, the message would be in a set of a cut message */
    {"a length beyond the end, a message in its set, and no set after it",
     {HEADER(200), 1, 0, 0, 48, MESSAGE, [64] = 0, 0, 0, 1, 2, 3},
     70,
     {.end = 70, .messages = 1, .damaged = 20}},
};

static whole_messages_t find(const uint8_t *data, size_t length)
{
    whole_messages_t found = {0};
    synfix_error_t error;
    assert_int_equal(whole_messages_find(data, length, &found, &error), SYNFIX_OK);
    return found;
}

/* Messages that the reader finds in the file that ends after the last whole message. */
static uint64_t count_read(const char *directory, const example_t *example)
{
    const uint8_t *message;
    size_t length;
    message_input_t *input = NULL;
    synfix_status_t status;
    synfix_error_t error;
    uint64_t count = 0;
    g_autofree char *path = g_build_filename(directory, "a.ipfix", NULL);
    assert_true(g_file_set_contents(path, (const char *)example->data, (gssize)example->expected.end, NULL));
    assert_int_equal(message_input_open(path, &input, &error), SYNFIX_OK);
    while ((status = message_input_next(input, &message, &length, &error)) == SYNFIX_OK ||
           status == SYNFIX_INVALID) {
        count += status == SYNFIX_OK;
    }
    message_input_close(input);
    assert_int_equal(g_unlink(path), 0);
    assert_int_equal(status, SYNFIX_END);
    return count;
}

static void test_whole_messages_and_the_reader_agree(void **state)
{
    (void)state;
    g_autofree char *directory = g_dir_make_tmp("synfix-test-XXXXXX", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(examples); i++) {
        const example_t *const example = &examples[i];
        const whole_messages_t found = find(example->data, example->length);
        if (found.end != example->expected.end || found.messages != example->expected.messages ||
            found.damaged != example->expected.damaged) {
            fail_msg("%s: end %zu, %u messages, %u damaged bytes", example->name, found.end,
                     (unsigned)found.messages, (unsigned)found.damaged);
        }
        if (count_read(directory, example) != found.messages) {
            fail_msg("%s: the reader finds other messages", example->name);
        }
    }
    assert_int_equal(g_rmdir(directory), 0);
}

/* A frame without content is no message, and no damage. Frames after the last message stay. */
static void test_frames_without_content(void **state)
{
    static const struct {
        const char *name;
        uint8_t data[64];
        size_t length;
        whole_messages_t expected;
    } cases[] = {
        {"empty frames only", {EMPTY_FRAME, EMPTY_FRAME, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 30, {0}},
        {"skippable frames only", {SKIPPABLE, SKIPPABLE}, 24, {0}},
        {"short frames", {SHORT_FRAME, SHORT_FRAME, 1, 2, 3}, 23, {.end = 20, .messages = 2}},
        {"a skippable frame first", {SKIPPABLE, SHORT_FRAME}, 22, {.end = 22, .messages = 1}},
        {"one between", {SHORT_FRAME, SKIPPABLE, SHORT_FRAME}, 32, {.end = 32, .messages = 2}},
        {"one at the end", {SHORT_FRAME, SKIPPABLE}, 22, {.end = 22, .messages = 1}},
        {"a cut one at the end", {SHORT_FRAME, SKIPPABLE}, 21, {.end = 10, .messages = 1}},
        {"an empty one at the end", {SHORT_FRAME, NO_SKIPPABLE}, 18, {.end = 18, .messages = 1}},
        {"damage and an empty frame",
         {SHORT_FRAME, 1, 2, EMPTY_FRAME, SHORT_FRAME, 0, 0, 0, 0, 0, 0},
         37,
         {.end = 31, .messages = 2, .damaged = 2}},
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const whole_messages_t found = find(cases[i].data, cases[i].length);
        if (found.end != cases[i].expected.end || found.messages != cases[i].expected.messages ||
            found.damaged != cases[i].expected.damaged || !found.packed) {
            fail_msg("%s: end %zu, %u messages, %u damaged bytes", cases[i].name, found.end,
                     (unsigned)found.messages, (unsigned)found.damaged);
        }
    }
}

static void test_beginnings_of_archives(void **state)
{
    static const uint8_t message[] = {0, 10, 0}, frame[] = {0x28, 0xB5}, text[] = {'a', 'b'};
    (void)state;
    assert_true(whole_messages_may_begin(NULL, 0));
    assert_true(whole_messages_may_begin(message, sizeof message));
    assert_true(whole_messages_may_begin(message, 1));
    assert_true(whole_messages_may_begin(frame, sizeof frame));
    assert_false(whole_messages_may_begin(text, sizeof text));
}

#define BLOCK 65535u

/* Appends a frame of @p blocks stored blocks of BLOCK bytes, which the descriptor announces. */
static void append_frame(GByteArray *content, unsigned blocks)
{
    static const guint8 zeros[BLOCK] = {0};
    const guint32 size = blocks * BLOCK;
    const guint8 head[] = {
        0x28, 0xB5, 0x2F, 0xFD, 0xA0, (guint8)size, (guint8)(size >> 8), (guint8)(size >> 16), 0};
    g_byte_array_append(content, head, sizeof head);
    for (unsigned i = 0; i < blocks; i++) {
        const guint32 block = BLOCK << 3 | (i == blocks - 1);
        const guint8 bytes[] = {(guint8)block, (guint8)(block >> 8), (guint8)(block >> 16)};
        g_byte_array_append(content, bytes, sizeof bytes);
        g_byte_array_append(content, zeros, BLOCK);
    }
}

/* After damage, a frame of the largest message is found; a longer one is not, so that the frames which begin
 * in a hostile file are not all walked to its end. */
static void test_frames_after_damage(void **state)
{
    (void)state;
    for (unsigned blocks = 1; blocks <= 2; blocks++) {
        g_autoptr(GByteArray) content = g_byte_array_new();
        append_frame(content, 2);
        const size_t first = content->len;
        g_byte_array_append(content, (const guint8 *)"?", 1);
        append_frame(content, blocks);
        const whole_messages_t found = find(content->data, content->len);
        assert_int_equal(found.end, blocks == 1 ? content->len : first);
        assert_int_equal(found.messages, blocks == 1 ? 2 : 1);
        assert_int_equal(found.damaged, blocks == 1 ? 1 : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_messages_and_the_reader_agree),
        cmocka_unit_test(test_frames_without_content),
        cmocka_unit_test(test_beginnings_of_archives),
        cmocka_unit_test(test_frames_after_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
