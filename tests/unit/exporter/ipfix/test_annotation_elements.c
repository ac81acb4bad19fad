/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix/annotation_elements.h"
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define DIRECTORY SYNFIX_SOURCE_DIR "/ipfix-templates"

typedef struct fixture {
    ipfix_model_t *model;
    ipfix_profile_t *profile;
    char *path;
} fixture_t;

static int set_up(void **state)
{
    fixture_t *fixture = g_new0(fixture_t, 1);
    *state = fixture;
    const int file = g_file_open_tmp("synfix-elements-XXXXXX", &fixture->path, NULL);
    (void)close(file);
    return ipfix_model_load(DIRECTORY, IPFIX_PEN_DEFAULT, &fixture->model, NULL) == SYNFIX_OK &&
                   ipfix_profile_load(fixture->model, DIRECTORY, "full", false, &fixture->profile, NULL) ==
                       SYNFIX_OK
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    fixture_t *fixture = *state;
    g_unlink(fixture->path);
    g_free(fixture->path);
    ipfix_profile_free(fixture->profile);
    ipfix_model_free(fixture->model);
    g_free(fixture);
    return 0;
}

static synfix_status_t load(fixture_t *fixture, const char *text, synfix_error_t *error)
{
    assert_true(g_file_set_contents(fixture->path, text, -1, NULL));
    return annotation_elements_load(fixture->path, fixture->model, fixture->profile, error);
}

static void elements_are_appended_to_observations_and_uptimes(void **state)
{
    fixture_t *fixture = *state;
    ipfix_template_t before[IPFIX_VARIANTS];
    memcpy(before, fixture->profile->templates, sizeof before);
    assert_int_equal(
        load(fixture, "# ours\n\nsite 4242/7 siteName # text\n\tasn\t4242/8 siteAsn unsigned32\r\n", NULL),
        SYNFIX_OK);
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        const ipfix_template_t *template = &fixture->profile->templates[i];
        const unsigned more = template->host_change ? 0 : 2;
        assert_int_equal(template->field_count, before[i].field_count + more);
        if (more > 0) {
            assert_int_not_equal(template->id, before[i].id);
            assert_string_equal(template->fields[template->field_count - 2]->name, "siteName");
            assert_int_equal(template->lengths[template->field_count - 1], 4);
        } else {
            assert_int_equal(template->id, before[i].id);
        }
    }
    assert_ptr_equal(ipfix_model_by_id(fixture->model, 4242, 8),
                     ipfix_model_by_name(fixture->model, "siteAsn"));
}

static void mistakes_name_the_line(void **state)
{
    static const char *const cases[][2] = {
        {"", "declares no element"},
        {"site 4242/7", "begins no declaration"},
        {"site 4242/7 a string more", "begins no declaration"},
        {"site 4242 name", "'4242' is not a number of your enterprise"},
        {"site 4242/0 name", "is not a number of your enterprise"},
        {"site 4242/32768 name", "is not a number of your enterprise"},
        {"site 0/7 name", "is not a number of your enterprise"},
        {"site 6871/7 name", "is not a number of your enterprise"},
        {"site 4242/7 name float64", "'float64' is not a type"},
        {"site 4242/7 na-me", "'na-me' is not a name"},
        {"s-ite 4242/7 name", "'s-ite' is not a name"},
        {"site 4242/7 osLabel", "is the name of another element"},
        {"site 32473/1 name", "has the number of another element"},
        {"a 1/1 a1\nb 1/2 a2\nc 1/3 a3\nd 1/4 a4\ne 1/5 a5\nf 1/6 a6\ng 1/7 a7\nh 1/8 a8\ni 1/9 a9",
         ":9: 'a9' is one element too many"},
    };
    fixture_t *fixture = *state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        synfix_error_t error = {.text = ""};
        assert_int_equal(load(fixture, cases[i][0], &error), SYNFIX_INVALID);
        assert_non_null(strstr(error.text, cases[i][1]));
        assert_non_null(strstr(error.text, ":"));
    }
    assert_int_equal(annotation_elements_load("/nowhere/x", fixture->model, fixture->profile, NULL),
                     SYNFIX_NOT_FOUND);
}

static void values_are_strings_and_numbers(void **state)
{
    (void)state;
    static const synfix_annotation_t annotations[] = {{"site", "office"}, {"asn", "64500"}, {"big", "70000"}};
    const synfix_observation_t observation = {.annotations = annotations, .annotation_count = 3};
    const ipfix_element_t site = {.annotation = "site", .type = IPFIX_STRING, .length = IPFIX_VARIABLE};
    const ipfix_element_t asn = {.annotation = "asn", .type = IPFIX_UNSIGNED32, .length = 4};
    const ipfix_element_t big = {.annotation = "big", .type = IPFIX_UNSIGNED16, .length = 2};
    const ipfix_element_t none = {.annotation = "none", .type = IPFIX_STRING, .length = IPFIX_VARIABLE};
    const ipfix_element_t text = {.annotation = "site", .type = IPFIX_UNSIGNED8, .length = 1};
    uint8_t room[128];
    assert_int_equal(annotation_element_write(room, &site, &observation) - room, 7);
    assert_memory_equal(room, "\6office", 7);
    assert_int_equal(annotation_element_write(room, &asn, &observation) - room, 4);
    assert_memory_equal(room, "\0\0\xFB\xF4", 4);
    assert_int_equal(annotation_element_write(room, &big, &observation) - room, 2);
    assert_memory_equal(room, "\xFF\xFF", 2);
    assert_int_equal(annotation_element_write(room, &none, &observation) - room, 2);
    assert_memory_equal(room, "\1?", 2);
    assert_int_equal(annotation_element_write(room, &text, &observation) - room, 1);
    assert_int_equal(room[0], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(elements_are_appended_to_observations_and_uptimes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(mistakes_name_the_line, set_up, tear_down),
        cmocka_unit_test(values_are_strings_and_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
