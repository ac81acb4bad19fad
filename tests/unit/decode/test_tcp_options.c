/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <synfix/tcp_options.h>

typedef struct {
    const char *name;
    size_t length;
    uint8_t bytes[40];
    uint8_t count;
    uint8_t layout[SYNFIX_OPTION_LAYOUT_MAX];
    bool malformed;
    uint16_t mss;
    uint8_t scale;
    bool excess_scale;
    uint8_t eol_padding;
    bool nonzero_padding;
} layout_case_t;

static const layout_case_t cases[] = {
    {"none", 0, {0}, 0, {0}, false, 0, 0, false, 0, false},
    {"linux",
     20,
     {2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7},
     5,
     {2, 4, 8, 1, 3},
     false,
     1460,
     7,
     false,
     0,
     false},
    {"wrong length byte, value used", 4, {2, 5, 5, 180}, 1, {2}, true, 1460, 0, false, 0, false},
    {"mss runs past the end", 3, {2, 4, 5}, 1, {2}, true, 0, 0, false, 0, false},
    {"kind at the very end", 2, {1, 8}, 2, {1, 8}, true, 0, 0, false, 0, false},
    {"sack of 9 stops", 12, {5, 9, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1}, 1, {5}, true, 0, 0, false, 0, false},
    {"sack of 10", 10, {5, 10}, 1, {5}, false, 0, 0, false, 0, false},
    {"unknown of 1 stops", 4, {30, 1, 1, 1}, 1, {30}, true, 0, 0, false, 0, false},
    {"unknown of 4", 4, {30, 4, 9, 9}, 1, {30}, false, 0, 0, false, 0, false},
    {"scale 15", 4, {3, 3, 15, 1}, 2, {3, 1}, false, 0, 15, true, 0, false},
    {"padding of zeros", 4, {1, 0, 0, 0}, 2, {1, 0}, false, 0, 0, false, 2, false},
    {"last padding byte counts", 4, {1, 0, 0, 7}, 2, {1, 0}, false, 0, 0, false, 2, true},
    {"24 options",
     24,
     {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
     24,
     {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
     false,
     0,
     0,
     false,
     0,
     false},
    {"25 options",
     25,
     {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
     24,
     {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
     true,
     0,
     0,
     false,
     0,
     false},
};

static void reads_layouts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const layout_case_t *expected = &cases[i];
        synfix_tcp_options_t options;
        print_message("%s\n", expected->name);
        synfix_tcp_options_read(expected->bytes, expected->length, &options);
        assert_int_equal(options.layout_count, expected->count);
        assert_memory_equal(options.layout, expected->layout, sizeof options.layout);
        assert_int_equal(options.malformed, expected->malformed);
        assert_int_equal(options.mss, expected->mss);
        assert_int_equal(options.window_scale, expected->scale);
        assert_int_equal(options.excess_scale, expected->excess_scale);
        assert_int_equal(options.eol_padding, expected->eol_padding);
        assert_int_equal(options.nonzero_padding, expected->nonzero_padding);
    }
}

static void remembers_any_zero_timestamp(void **state)
{
    (void)state;
    const uint8_t twice[20] = {8, 10, 0, 0, 0, 0, 0, 0, 0, 9, 8, 10, 0, 0, 0, 5};
    synfix_tcp_options_t options;
    synfix_tcp_options_read(twice, sizeof twice, &options);
    assert_true(options.has_timestamps);
    assert_true(options.zero_timestamp);
    assert_true(options.nonzero_echo);
    assert_int_equal(options.timestamp_value, 5);
    assert_int_equal(options.timestamp_echo, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_layouts),
        cmocka_unit_test(remembers_any_zero_timestamp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
