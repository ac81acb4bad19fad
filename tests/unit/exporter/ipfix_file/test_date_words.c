/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix_file/date_words.h"
#include <locale.h>
#include <stdbool.h>
#include <string.h>

static void all_texts_of_a_conversion(void **state)
{
    (void)state;
    static const struct {
        const char *conversion;
        unsigned count;
        const char *one; /* of them */
    } table[] = {
        {"%H", 24, "07"},   {"%M", 60, "59"}, {"%S", 60, "00"},  {"%m", 12, "12"},    {"%d", 31, "31"},
        {"%j", 366, "366"}, {"%a", 7, "Sun"}, {"%b", 12, "Jan"}, {"%Y", 230, "2024"}, {"%-d", 31, "1"},
        {"%y", 100, "99"},  {"%p", 2, "PM"},  {"%Z", 1, "UTC"},  {"%u", 7, "7"},
    };
    assert_non_null(setlocale(LC_ALL, "C"));
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        const char letter = table[i].conversion[strlen(table[i].conversion) - 1];
        g_autoptr(GPtrArray) words = date_words_new(table[i].conversion, letter);
        assert_non_null(words);
        if (words->len != table[i].count) {
            fail_msg("%s: %u texts", table[i].conversion, words->len);
        }
        bool found = false;
        for (guint k = 0; k < words->len; k++) {
            found |= strcmp(words->pdata[k], table[i].one) == 0;
        }
        assert_true(found);
    }
    assert_null(date_words_new("%Q", 'Q'));
    assert_null(date_words_new("%", '\0'));
}

static void formats_that_stand_for_others(void **state)
{
    (void)state;
    assert_string_equal(date_words_expand('F'), "%Y-%m-%d");
    assert_string_equal(date_words_expand('T'), "%H:%M:%S");
    assert_string_equal(date_words_expand('R'), "%H:%M");
    assert_string_equal(date_words_expand('D'), "%m/%d/%y");
    assert_null(date_words_expand('Y'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_texts_of_a_conversion),
        cmocka_unit_test(formats_that_stand_for_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
