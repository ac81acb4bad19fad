/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pipeline/worker/family_counts.h"
#include <stdio.h>
#include <string.h>

static family_counts_t counts;

static void add(const synfix_label_t *label)
{
    const synfix_fingerprint_t fingerprint = {.match = {.label = label}};
    const synfix_observation_t observation = {.fingerprint = &fingerprint};
    family_counts_add(&counts, observation.fingerprint);
}

static uint64_t sum_of(const char *family)
{
    const char *name = NULL;
    uint64_t count = 0;
    uint64_t sum = 0;
    for (size_t i = 0; family_counts_at(&counts, i, &name, &count); i++) {
        sum += strcmp(name, family) == 0 ? count : 0;
    }
    return sum;
}

static void by_family(void **state)
{
    (void)state;
    const synfix_label_t labels[] = {{.id = 7, .name = "Linux"},
                                     {.id = 7 + FAMILY_SLOTS, .name = "Linux"}, /* the same place */
                                     {.id = 8, .name = "Windows"}};
    memset(&counts, 0, sizeof counts);
    add(&labels[0]);
    add(&labels[1]);
    add(&labels[0]);
    add(&labels[2]);
    add(NULL);
    assert_int_equal(sum_of("Linux"), 3);
    assert_int_equal(sum_of("Windows"), 1);
    assert_int_equal(sum_of("unknown"), 1);
    assert_int_equal(sum_of("other"), 0);
}

static void more_labels_than_places(void **state)
{
    (void)state;
    memset(&counts, 0, sizeof counts);
    for (uint32_t id = 1; id <= FAMILY_SLOTS + 5; id++) {
        const synfix_label_t label = {.id = id * 2654435761u | 1u, .name = "Any"};
        add(&label);
    }
    assert_int_equal(sum_of("Any") + sum_of("other"), FAMILY_SLOTS + 5);
    assert_true(sum_of("other") <= 5);
}

static void a_long_name_is_cut(void **state)
{
    (void)state;
    char name[100];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    const synfix_label_t label = {.id = 3, .name = name};
    memset(&counts, 0, sizeof counts);
    add(&label);
    name[FAMILY_NAME_SIZE - 1] = '\0';
    assert_int_equal(sum_of(name), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_family),
        cmocka_unit_test(more_labels_than_places),
        cmocka_unit_test(a_long_name_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
