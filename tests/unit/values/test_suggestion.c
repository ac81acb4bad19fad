/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "values/suggestion.h"
#include <glib.h>
#include <stdbool.h>
#include <string.h>

static char lower(const char *word, int at)
{
    return g_ascii_tolower(word[at]);
}

/* The edits from the first @p length letters of @p word to the first @p wanted of @p other, by trying all. */
static unsigned edits(const char *word, int length, const char *other, int wanted)
{
    if (length == 0 || wanted == 0) {
        return (unsigned)(length + wanted);
    }
    const bool same = lower(word, length - 1) == lower(other, wanted - 1);
    unsigned least = edits(word, length - 1, other, wanted - 1) + !same;
    if (!same) {
        least = MIN(least, edits(word, length - 1, other, wanted) + 1);
        least = MIN(least, edits(word, length, other, wanted - 1) + 1);
    }
    if (length > 1 && wanted > 1 && lower(word, length - 1) == lower(other, wanted - 2) &&
        lower(word, length - 2) == lower(other, wanted - 1)) {
        least = MIN(least, edits(word, length - 2, other, wanted - 2) + 1);
    }
    return least;
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
        {"acpture", "capture"},
        {"captures", "capture"},
        {"cupture", "capture"},
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

/* The search leaves out distances that cannot be the least: it finds the name that all distances show. */
static void test_least_of_all(void **state)
{
    (void)state;
    static const char *const names[] = {"abcdef", "abdcef", "badcfe", "abcdefg", "defabc", "AbCdEfGh", "ab"};
    static const char letters[] = "abcdefgh";
    GRand *dice = g_rand_new_with_seed(7);
    for (unsigned round = 0; round < 300; round++) {
        char word[9] = "";
        const int length = g_rand_int_range(dice, 3, sizeof word);
        for (int i = 0; i < length; i++) {
            word[i] = letters[(i + (g_rand_boolean(dice) ? 0 : g_rand_int_range(dice, 0, 3))) % 8];
        }
        const char *best = NULL;
        unsigned least = (unsigned)(length / 3 + 1);
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
            const unsigned distance = edits(word, length, names[i], (int)strlen(names[i]));
            best = distance < least ? names[i] : best;
            least = MIN(least, distance);
        }
        const char *found = suggestion_closest(word, names, G_N_ELEMENTS(names));
        if (best != NULL ? found != best
                         : found != NULL && g_ascii_strncasecmp(found, word, (gsize)length) != 0) {
            fail_msg("%s: %s", word, found != NULL ? found : "none");
        }
    }
    g_rand_free(dice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_closest),
        cmocka_unit_test(test_least_of_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
