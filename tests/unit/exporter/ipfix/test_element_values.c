/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix/element_values.h"
#include <string.h>

static void strings_of_a_fixed_length(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint16_t length;
        const char *bytes;
    } cases[] = {
        {"Linux", 8, "Linux\0\0\0"},    {"Linux", 5, "Linux"},    {"Linux", 3, "Lin"},
        {NULL, 4, "?\0\0\0"},           {"a\303\244b", 2, "a\0"}, /* no half of a character */
        {"a\303\244b", 3, "a\303\244"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t room[128];
        memset(room, 0xAA, sizeof room);
        const uint8_t *end = string_write(room, cases[i].text, 96);
        assert_ptr_equal(string_fix_length(room, end, cases[i].length), room + cases[i].length);
        assert_memory_equal(room, cases[i].bytes, cases[i].length);
    }
}

static void long_string_of_a_fixed_length(void **state)
{
    (void)state;
    char text[301];
    uint8_t room[400];
    memset(text, 'x', 300);
    text[300] = '\0';
    const uint8_t *end = string_write(room, text, 319);
    assert_int_equal(end - room, 303);
    assert_ptr_equal(string_fix_length(room, end, 319), room + 319);
    assert_memory_equal(room, text, 300);
    assert_int_equal(room[300] | room[318], 0);
}

/* RFC 9740: option kind N is bit N, the last bit is kind 0. */
static void options_of_a_signature(void **state)
{
    (void)state;
    const synfix_fingerprint_t fingerprint = {
        .signature = {.layout = {2, 4, 8, 174, 1, 3}, .layout_count = 6}};
    const synfix_observation_t observation = {.fingerprint = &fingerprint};
    const uint8_t expected[32] = {[31] = 0x1E, [30] = 0x01, [31 - 174 / 8] = 1 << 174 % 8};
    uint8_t room[64];
    assert_ptr_equal(fingerprint_field_write(room, FP_OPTIONS_FULL, &observation), room + 32);
    assert_memory_equal(room, expected, sizeof expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_of_a_fixed_length),
        cmocka_unit_test(long_string_of_a_fixed_length),
        cmocka_unit_test(options_of_a_signature),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
