/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/information_model/record_selection.h"
#include <glib.h>
#include <string.h>

/* Element 7 of IANA and element 7 of enterprise 99. */
static bool sevens(uint32_t pen, uint16_t id)
{
    return id == 7 && (pen == 0 || pen == 99);
}

static void assert_selected(const char *text, const char *expected)
{
    g_autofree char *copy = g_strdup(text);
    const size_t length = record_selection_apply(copy, sevens);
    assert_string_equal(copy, expected);
    assert_int_equal(length, strlen(expected));
}

static void unwanted_records_go(void **state)
{
    (void)state;
    assert_selected("<r><record><elementId>7</elementId></record>\n"
                    "<record><elementId>8</elementId></record>\n"
                    "<record><elementId>9</elementId></record></r>",
                    "<r><record><elementId>7</elementId></record>\n\n</r>");
    assert_selected("<record><elementId>8</elementId></record>", "");
    assert_selected("", "");
}

static void the_enterprise_counts(void **state)
{
    (void)state;
    const char *const wanted =
        "<record><elementId>7</elementId><cert:enterpriseId>99</cert:enterpriseId></record>";
    assert_selected(wanted, wanted);
    assert_selected("<record><elementId>7</elementId><cert:enterpriseId>98</cert:enterpriseId></record>", "");
}

/* Uncertain records are left to the parser. */
static void uncertain_records_stay(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "<record><name>without a number</name></record>",
        "<record><elementId>8x</elementId></record>",
        "<record><elementId></elementId></record>",
        "<record><elementId>-8</elementId></record>",
        "<record><elementId>70000</elementId></record>",
        "<record><elementId>8</elementId><cert:enterpriseId>x</cert:enterpriseId></record>",
        "<record><elementId>8</elementId><!-- a comment --></record>",
        "<!-- <record> --><record><elementId>8</elementId></record>",
        "<record><elementId>8</elementId>",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_selected(texts[i], texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unwanted_records_go),
        cmocka_unit_test(the_enterprise_counts),
        cmocka_unit_test(uncertain_records_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
