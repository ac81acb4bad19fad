/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <synfix/module.h>

static void appended_up_to_the_limit(void **state)
{
    (void)state;
    synfix_annotation_t room[SYNFIX_ANNOTATIONS_MAX];
    synfix_observation_t observation = {.annotations = room};
    for (unsigned i = 0; i < SYNFIX_ANNOTATIONS_MAX; i++) {
        assert_int_equal(synfix_observation_annotate(&observation, "name", i == 0 ? "first" : "other"),
                         SYNFIX_OK);
        assert_int_equal(observation.annotation_count, i + 1);
    }
    assert_int_equal(synfix_observation_annotate(&observation, "name", "more"), SYNFIX_NO_MEMORY);
    assert_int_equal(observation.annotation_count, SYNFIX_ANNOTATIONS_MAX);
    assert_string_equal(observation.annotations[0].text, "first");
    assert_string_equal(observation.annotations[SYNFIX_ANNOTATIONS_MAX - 1].text, "other");
}

/* Outside of an enricher there is no room. */
static void without_room(void **state)
{
    (void)state;
    synfix_observation_t observation = {.annotations = NULL};
    assert_int_equal(synfix_observation_annotate(&observation, "name", "text"), SYNFIX_NO_MEMORY);
    assert_int_equal(observation.annotation_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appended_up_to_the_limit),
        cmocka_unit_test(without_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
