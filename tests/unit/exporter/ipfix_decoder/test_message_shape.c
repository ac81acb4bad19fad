/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix_decoder/message_shape.h"

/* Header, and a set 256 of eight bytes. */
static const uint8_t message[24] = {0, 10, 0, 24, [16] = 1, [19] = 8};

static void test_length(void **state)
{
    static const uint8_t other[MESSAGE_SHAPE_HEADER] = {0, 9, 0, 24};
    static const uint8_t shorter[MESSAGE_SHAPE_HEADER] = {0, 10, 0, 15};
    (void)state;
    assert_int_equal(message_shape_length(message), sizeof message);
    assert_int_equal(message_shape_length(other), 0);
    assert_int_equal(message_shape_length(shorter), 0);
}

static void test_sets_end_with_the_message(void **state)
{
    (void)state;
    assert_true(message_shape_is_closed(message, sizeof message));
    assert_false(message_shape_is_closed(message, sizeof message - 1));
    assert_true(message_shape_is_message(message, sizeof message));
    assert_false(message_shape_is_message(message, sizeof message - 1));
    assert_false(message_shape_is_message(message, MESSAGE_SHAPE_HEADER - 1));
}

/* Each beginning of a message begins one; a wrong byte in the version or in the length does not. */
static void test_beginnings(void **state)
{
    static const uint8_t wrong[][4] = {{0xFF}, {0, 9}, {0, 10, 0, 15}};
    (void)state;
    for (size_t left = 0; left <= sizeof message; left++) {
        assert_true(message_shape_begins(message, left));
    }
    for (size_t i = 0; i < 3; i++) {
        assert_true(message_shape_begins(wrong[i], 0));
        assert_false(message_shape_begins(wrong[i], 4));
    }
    assert_false(message_shape_begins(wrong[0], 1));
    assert_false(message_shape_begins(wrong[1], 2));
    assert_true(message_shape_begins(wrong[2], 3));
}

/* A message is cut in each set that is right; a set of a reserved id, as the version of the next header, is
 * not. */
static void test_cut_messages(void **state)
{
    static const uint8_t cut[40] = {0, 10, 0, 60, [16] = 1, [19] = 8, [24] = 1, [27] = 36};
    static const uint8_t next[40] = {0, 10, 0, 60, [16] = 1, [19] = 8, [25] = 10, [27] = 16};
    (void)state;
    for (size_t left = MESSAGE_SHAPE_HEADER; left <= sizeof cut; left++) {
        assert_true(message_shape_is_cut(cut, left));
    }
    assert_true(message_shape_is_cut(next, 24));
    assert_false(message_shape_is_cut(next, sizeof next));
    assert_false(message_shape_is_cut(message, sizeof message));
    assert_false(message_shape_is_cut(cut, MESSAGE_SHAPE_HEADER - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_length),
        cmocka_unit_test(test_sets_end_with_the_message),
        cmocka_unit_test(test_beginnings),
        cmocka_unit_test(test_cut_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
