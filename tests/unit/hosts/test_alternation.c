/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hosts/host_evidence.h"

#define LATER (HOST_ALTERNATION_S + 1)

typedef struct sighting {
    uint32_t value;
    uint32_t time_s;
} sighting_t;

static alternation_t after(const sighting_t *sightings)
{
    alternation_t alternation = {.returns = 0};
    for (; sightings->value != 0; sightings++) {
        alternation_add(&alternation, sightings->value, sightings->time_s);
    }
    return alternation;
}

static void only_returns_count(void **state)
{
    (void)state;
    static const struct {
        sighting_t sightings[8];
        bool counts;
    } table[] = {
        {{{1, 10}}, false},
        {{{1, 10}, {1, 20}, {1, 30}}, false},
        {{{1, 10}, {2, 20}, {3, 30}}, false}, /* a change, and a further one */
        {{{1, 10}, {2, 20}, {1, 10 + HOST_QUICK_RETURN_S}}, true},
        {{{1, 10}, {2, 20}, {1, 11 + HOST_QUICK_RETURN_S}}, false},
        {{{1, 10}, {2, 20}, {1, 11 + HOST_QUICK_RETURN_S}, {2, 40 + 2 * HOST_QUICK_RETURN_S}}, true},
        {{{1, 10}, {2, 12}, {3, 14}, {1, 11 + HOST_QUICK_RETURN_S}}, true}, /* three values */
        {{{1, 10}, {2, 20}, {1, 10 + LATER}, {2, 20 + 2 * LATER}}, false},
        {{{1, 0}, {2, 1}, {1, 2}}, true}, /* time 0 is a time */
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const alternation_t alternation = after(table[i].sightings);
        if (alternation_counts(&alternation) != table[i].counts) {
            fail_msg("row %zu: %d", i, !table[i].counts);
        }
    }
}

static void the_oldest_value_is_forgotten(void **state)
{
    (void)state;
    alternation_t alternation = {.returns = 0};
    for (uint32_t value = 1; value <= ALTERNATION_VALUES; value++) {
        alternation_add(&alternation, value, value);
    }
    assert_true(alternation_knows(&alternation, 1));
    alternation_add(&alternation, 100, 100);
    assert_false(alternation_knows(&alternation, 1));
    assert_true(alternation_knows(&alternation, 2));
    assert_true(alternation_knows(&alternation, 100));
    assert_false(alternation_knows(&alternation, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_returns_count),
        cmocka_unit_test(the_oldest_value_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
