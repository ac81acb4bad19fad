/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "values/suggestion.h"
#include <glib.h>

static void test_distance(void **state)
{
    (void)state;
    assert_int_equal(suggestion_distance("", ""), 0);
    assert_int_equal(suggestion_distance("", "abc"), 3);
    assert_int_equal(suggestion_distance("read", "read"), 0);
    assert_int_equal(suggestion_distance("READ", "read"), 0);
    assert_int_equal(suggestion_distance("raed", "read"), 1);  /* swapped */
    assert_int_equal(suggestion_distance("reads", "read"), 1); /* inserted */
    assert_int_equal(suggestion_distance("rea", "read"), 1);   /* deleted */
    assert_int_equal(suggestion_distance("reed", "read"), 1);  /* replaced */
    assert_int_equal(suggestion_distance("kitten", "sitting"), 3);
}

static void test_closest(void **state)
{
    (void)state;
    static const char *const names[] = {"read", "capture", "collect", "rotate-size", "community-id"};
    static const struct {
        const char *word;
        const char *closest;
    } rows[] = {
        {"raed", "read"},
        {"captrue", "capture"},
        {"Capture", "capture"},
        {"colect", "collect"},
        {"communityid", "community-id"},
        {"rotat-size", "rotate-size"},
        {"comm", "community-id"}, /* a prefix */
        {"x", NULL},
        {"splunk", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *closest = suggestion_closest(rows[i].word, names, G_N_ELEMENTS(names));
        if (g_strcmp0(closest, rows[i].closest) != 0) {
            fail_msg("%s: %s", rows[i].word, closest ? closest : "none");
        }
    }
    assert_null(suggestion_closest("read", names, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_closest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
