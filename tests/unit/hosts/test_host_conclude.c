/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/host_sightings.h"

static const synfix_label_t generic_label = {
    .type = 'g', .id = 21, .os_class = "unix", .name = "Linux", .flavor = "", .text = "Linux"};
static const synfix_label_t box_label = {.type = 's',
                                         .id = 22,
                                         .os_class = "other",
                                         .name = "Proxy or middlebox",
                                         .flavor = "",
                                         .text = "Proxy or middlebox"};

/* Rows of one address: own labels, and those of the other role. */
typedef struct sides {
    host_labels_t *labels;
    host_row_t row;
    host_row_t other;
} sides_t;

static void sides_init(sides_t *sides)
{
    *sides = (sides_t){.labels = host_labels_new()};
}

static void add(const sides_t *sides, host_row_t *row, const synfix_label_t *label, uint8_t quality,
                uint8_t version_quality)
{
    row->labels[row->label_count++] = (host_label_count_t){
        .label = host_labels_at(sides->labels, host_labels_add(sides->labels, label)),
        .count = 3,
        .quality = quality,
        .version_quality = version_quality,
    };
}

static void conclude(sides_t *sides)
{
    host_row_conclude(&sides->row, sides->other.label_count > 0 ? &sides->other : NULL, sides->labels);
}

static void both_roles_of_one_system_are_surer(void **state)
{
    (void)state;
    sides_t sides;
    sides_init(&sides);
    add(&sides, &sides.row, &linux_label, 80, 70);
    add(&sides, &sides.other, &linux_old_label, 90, 90);
    conclude(&sides);
    assert_string_equal(sides.row.label->text, "Linux 5.x");
    assert_in_range(sides.row.quality, 96, 98);
    assert_true(sides.row.version_quality <= sides.row.quality);
    host_labels_free(sides.labels);
}

static void a_role_without_a_label_has_that_of_the_other_one(void **state)
{
    (void)state;
    sides_t sides;
    sides_init(&sides);
    add(&sides, &sides.row, NULL, 0, 0);
    add(&sides, &sides.other, &windows_label, 97, 97);
    conclude(&sides);
    assert_string_equal(sides.row.label->text, "Windows 10");
    assert_in_range(sides.row.quality, 90, 96);
    host_labels_free(sides.labels);
}

static void a_generic_label_gives_way(void **state)
{
    (void)state;
    sides_t sides;
    sides_init(&sides);
    add(&sides, &sides.row, &generic_label, 80, 80);
    add(&sides, &sides.other, &linux_label, 90, 90);
    conclude(&sides);
    assert_string_equal(sides.row.label->text, "Linux 5.x");
    host_labels_free(sides.labels);
}

/* Another family, a middlebox, a scanner and a shared address say nothing about this role. */
static void labels_that_do_not_count(void **state)
{
    (void)state;
    static const synfix_label_t *const others[] = {&windows_label, &box_label, &tool_label, &linux_old_label};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        sides_t sides;
        sides_init(&sides);
        add(&sides, &sides.row, &linux_label, 80, 80);
        add(&sides, &sides.other, others[i], 97, 97);
        sides.other.score = others[i] == &linux_old_label ? 100 : 0;
        conclude(&sides);
        assert_string_equal(sides.row.label->text, "Linux 5.x");
        assert_int_equal(sides.row.quality, 80);
        host_labels_free(sides.labels);
    }
}

/* A port that a gateway passes on to another system has that system's initial TTL. */
static void roles_with_other_ttls_are_other_systems(void **state)
{
    (void)state;
    sides_t sides;
    sides_init(&sides);
    add(&sides, &sides.row, &linux_label, 80, 80);
    add(&sides, &sides.other, &linux_old_label, 97, 97);
    sides.row.initial_ttl = 64;
    sides.other.initial_ttl = 128;
    conclude(&sides);
    assert_int_equal(sides.row.quality, 80);
    sides.other.random_ttl = true;
    conclude(&sides);
    assert_in_range(sides.row.quality, 96, 99);
    host_labels_free(sides.labels);
}

static void roles_at_other_distances_support_each_other_less(void **state)
{
    (void)state;
    sides_t sides;
    sides_init(&sides);
    add(&sides, &sides.row, &linux_label, 80, 80);
    add(&sides, &sides.other, &linux_old_label, 97, 97);
    sides.row.initial_ttl = sides.other.initial_ttl = 64;
    conclude(&sides);
    const uint8_t near = sides.row.quality;
    sides.other.distance = 7;
    conclude(&sides);
    assert_in_range(sides.row.quality, 81, near - 1);
    host_labels_free(sides.labels);
}

static void a_version_that_the_clock_contradicts_is_not_stated(void **state)
{
    (void)state;
    const synfix_match_t match = {.clock = SYNFIX_CLOCK_HOST, .clock_rate_count = 1, .clock_hertz = {1000}};
    sides_t sides;
    sides_init(&sides);
    host_labels_add_clock(sides.labels, host_labels_add(sides.labels, &linux_label), host_clock_pack(&match));
    add(&sides, &sides.row, &linux_label, 97, 80);
    sides.row.habits =
        (host_habits_t){.ip_id = IP_ID_JUMPS, .rate = CLOCK_RATE_250, .offset = CLOCK_OFFSET_BOOT};
    conclude(&sides);
    assert_string_equal(sides.row.label->text, "Linux");
    assert_string_equal(sides.row.label->os_class, "unix");
    assert_true(sides.row.quality >= 97);
    sides.row.habits = (host_habits_t){.rate = CLOCK_RATE_1000, .offset = CLOCK_OFFSET_PEER};
    conclude(&sides);
    assert_string_equal(sides.row.label->text, "Linux 5.x");
    assert_true(sides.row.version_quality > 80);
    host_labels_free(sides.labels);
}

static void a_family_that_the_habits_refute_is_not_stated(void **state)
{
    (void)state;
    sides_t sides;
    sides_init(&sides);
    add(&sides, &sides.row, &linux_label, 80, 80);
    sides.row.habits = (host_habits_t){.ip_id = IP_ID_COUNTER};
    conclude(&sides);
    assert_string_equal(sides.row.label->text, "?");
    assert_int_equal(sides.row.quality, 0);
    /* of a shared address the habits are those of several hosts */
    sides.row.score = 100;
    conclude(&sides);
    assert_int_equal(sides.row.quality, 80);
    host_labels_free(sides.labels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_roles_of_one_system_are_surer),
        cmocka_unit_test(a_role_without_a_label_has_that_of_the_other_one),
        cmocka_unit_test(a_generic_label_gives_way),
        cmocka_unit_test(labels_that_do_not_count),
        cmocka_unit_test(roles_with_other_ttls_are_other_systems),
        cmocka_unit_test(roles_at_other_distances_support_each_other_less),
        cmocka_unit_test(a_version_that_the_clock_contradicts_is_not_stated),
        cmocka_unit_test(a_family_that_the_habits_refute_is_not_stated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
