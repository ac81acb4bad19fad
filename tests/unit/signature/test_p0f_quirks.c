/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <synfix/signature.h>

static uint32_t quirks_as_p0f(uint32_t quirks, uint32_t acknowledgement, const uint8_t *padding,
                              uint8_t length)
{
    uint8_t options[16] = {2, 4, 5, 0xb4, 0};
    synfix_signature_t signature = {.quirks = quirks, .eol_padding = length};
    if (length > 0) {
        memcpy(options + 5, padding, length);
    }
    const synfix_headers_t headers = {
        .acknowledgement = acknowledgement, .options = options, .options_length = (uint8_t)(5 + length)};
    synfix_signature_as_p0f(&headers, &signature);
    return signature.quirks;
}

/* p0f compares a bit of the number in the order of the network. */
static void one_bit_of_the_acknowledgement(void **state)
{
    (void)state;
    const uint32_t ack = SYNFIX_QUIRK_ACK_NONZERO, df = SYNFIX_QUIRK_DF;
    assert_int_equal(quirks_as_p0f(ack | df, 0x01000000, NULL, 0), ack | df);
    assert_int_equal(quirks_as_p0f(ack | df, 0x00FFFFFF, NULL, 0), df);
    assert_int_equal(quirks_as_p0f(df, 0x01000000, NULL, 0), df);
}

/* p0f does not look at the last byte of the padding. */
static void padding_without_the_last_byte(void **state)
{
    (void)state;
    const uint32_t eol = SYNFIX_QUIRK_EOL_NONZERO;
    assert_int_equal(quirks_as_p0f(eol, 0, (const uint8_t[]){0, 1, 0}, 3), eol);
    assert_int_equal(quirks_as_p0f(eol, 0, (const uint8_t[]){1, 0, 0}, 3), eol);
    assert_int_equal(quirks_as_p0f(eol, 0, (const uint8_t[]){0, 0, 1}, 3), 0);
    assert_int_equal(quirks_as_p0f(eol, 0, (const uint8_t[]){1}, 1), 0);
}

/* p0f keeps multiples in a signed number of 16 bits. */
static void large_multiples(void **state)
{
    (void)state;
    const synfix_headers_t headers = {.options_length = 0};
    synfix_signature_t signature = {.window_kind = SYNFIX_WINDOW_MSS, .window_multiple = INT16_MAX};
    synfix_signature_as_p0f(&headers, &signature);
    assert_int_equal(signature.window_multiple, INT16_MAX);
    signature.window_multiple++;
    synfix_signature_as_p0f(&headers, &signature);
    assert_int_equal(signature.window_kind, SYNFIX_WINDOW_PLAIN);
    assert_int_equal(signature.window_multiple, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_bit_of_the_acknowledgement),
        cmocka_unit_test(padding_without_the_last_byte),
        cmocka_unit_test(large_multiples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
