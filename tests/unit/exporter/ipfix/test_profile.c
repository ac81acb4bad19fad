/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Profiles: what shipped ones hold, and what a mistake in a user's file gets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix/profile.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define DIRECTORY SYNFIX_SOURCE_DIR "/ipfix-templates"

static char *temporary_file(const char *text)
{
    char *path = NULL;
    const int file = g_file_open_tmp("synfix-test-XXXXXX.txt", &path, NULL);
    close(file);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static ipfix_model_t *load_model(void)
{
    ipfix_model_t *model = NULL;
    assert_int_equal(ipfix_model_load(DIRECTORY, 4242, &model, NULL), SYNFIX_OK);
    return model;
}

static void test_profile_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *reason; /* behind the path */
    } cases[] = {
        {"flowId\nflowIdd\n", ":2: unknown element 'flowIdd'; did you mean 'flowId'?"},
        {"# x\n\n[observation]\n4242/99\n", ":4: unknown element '4242/99'; 'synfix elements' lists them"},
        {"4242/\n", ":1: unknown element '4242/'; 'synfix elements' lists them"},
        {"flowId\nflowId\n", ":2: twice in one list: element 'flowId'"},
        {"meteringProcessId\n", ":1: no observation has a value for element 'meteringProcessId'"},
        {"[records]\n", ":1: neither [observation], [uptime] nor [host-change]: '[records]'"},
        {"ipTTL[4]\n", ":1: only an unsigned64 and a string can have a length, not 'ipTTL[4]'"},
        {"flowId[2]\n", ":1: an unsigned64 has a length of [4] to [8], not 'flowId[2]'"},
        {"flowId[x]\n", ":1: write a length as [BYTES], not 'flowId[x]'"},
        {"osLabel[97]\n", ":1: 'osLabel[97]': this string has at most 96 bytes; write [96] or less"},
        {"flowId inside\n", ":1: unknown element 'flowId inside'; 'synfix elements' lists them"},
        {"[uptime]\nflowId\n", ":3: no element in [observation]"},
    };
    ipfix_model_t *model = load_model();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = temporary_file(cases[i].text);
        g_autofree char *expected = g_strconcat(path, cases[i].reason, NULL);
        synfix_error_t error = {.text = ""};
        ipfix_profile_t *profile = NULL;
        assert_int_equal(ipfix_profile_load(model, DIRECTORY, path, false, &profile, &error), SYNFIX_INVALID);
        assert_string_equal(error.text, expected);
        assert_null(profile);
        g_unlink(path);
    }
    ipfix_model_free(model);
}

static bool has(const ipfix_template_t *template, const char *name)
{
    for (unsigned i = 0; i < template->field_count; i++) {
        if (strcmp(template->fields[i]->name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Found by trial: in this order the templates of both IP versions would get one id. */
static void test_collision(void **state)
{
    (void)state;
    static const char text[] = "sourceIPv4Address\n"
                               "sourceIPv6Address\n"
                               "flowId\n"
                               "packetDeltaCount\n"
                               "sourceTransportPort\n"
                               "octetDeltaCount\n"
                               "tcpSequenceNumber\n"
                               "protocolIdentifier\n"
                               "tcpWindowSize\n"
                               "tcpControlBits\n"
                               "destinationTransportPort\n";
    ipfix_model_t *model = load_model();
    ipfix_profile_t *profile = NULL;
    g_autofree char *path = temporary_file(text);
    synfix_error_t error = {.text = ""};
    assert_int_equal(ipfix_profile_load(model, DIRECTORY, path, false, &profile, &error), SYNFIX_OK);
    assert_int_equal(profile->templates[0].id, 45859);
    assert_int_equal(profile->templates[3].id, 45860);
    ipfix_profile_free(profile);
    g_unlink(path);
    ipfix_model_free(model);
}

/* One id never means two field lists, whichever of the shipped profiles a collector is sent in turn. */
static void test_shipped_ids(void **state)
{
    (void)state;
    static const char *const names[] = {"full", "compact", "iana"};
    ipfix_model_t *model = load_model();
    ipfix_profile_t *profiles[6];
    for (size_t i = 0; i < G_N_ELEMENTS(profiles); i++) {
        assert_int_equal(ipfix_profile_load(model, DIRECTORY, names[i / 2], i % 2 == 1, &profiles[i], NULL),
                         SYNFIX_OK);
        for (size_t j = 0; j < i; j++) {
            assert_true(ipfix_profile_digest(profiles[i]) != ipfix_profile_digest(profiles[j]));
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(profiles) * IPFIX_VARIANTS; i++) {
        const ipfix_template_t *const one = &profiles[i / IPFIX_VARIANTS]->templates[i % IPFIX_VARIANTS];
        for (size_t j = 0; j < i; j++) {
            const ipfix_template_t *const two = &profiles[j / IPFIX_VARIANTS]->templates[j % IPFIX_VARIANTS];
            if (one->id != 0 && one->id == two->id) {
                assert_int_equal(one->field_count, two->field_count);
                assert_memory_equal(one->fields, two->fields, sizeof one->fields);
                assert_memory_equal(one->lengths, two->lengths, sizeof one->lengths);
            }
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(profiles); i++) {
        ipfix_profile_free(profiles[i]);
    }
    ipfix_model_free(model);
}

/* The default of tshark's preference cflow.max_template_fields: it decodes no record of a larger template. */
#define TSHARK_FIELDS_MAX 60

static void test_variants(void **state)
{
    (void)state;
    static const char *const names[] = {"full", "compact", "iana"};
    ipfix_model_t *model = load_model();
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        ipfix_profile_t *profile = NULL;
        assert_int_equal(ipfix_profile_load(model, DIRECTORY, names[i], false, &profile, NULL), SYNFIX_OK);
        assert_int_equal(profile->label_table, i == 1);
        for (unsigned j = 0; j < IPFIX_VARIANTS; j++) {
            const ipfix_template_t *template = &profile->templates[j];
            assert_int_equal(template->id != 0, i != 2 || (!template->uptime && !template->host_change));
            assert_int_equal(template->id != 0 && has(template, "hostChangeReasons"),
                             i != 2 && template->host_change);
            if (template->id == 0) {
                continue;
            }
            assert_true(template->id >= 1024);
            assert_string_equal(template->fields[0]->name, "flowStartMilliseconds");
            assert_int_equal(has(template, "sourceIPv4Address"), template->ip_version == 4);
            assert_int_equal(has(template, "destinationIPv6Address"), template->ip_version == 6);
            assert_int_equal(has(template, "outerSourceIPv6Address"), i != 2 && template->outer_version == 6);
            assert_int_equal(has(template, "encapsulationKind"), i != 2 && template->outer_version != 0);
            assert_int_equal(has(template, "observationTimeMilliseconds"),
                             i == 2 || (i == 0 && template->outer_version == 0));
            assert_in_range(template->field_count, 1, TSHARK_FIELDS_MAX);
            for (unsigned k = 0; i == 2 && k < template->field_count; k++) {
                assert_int_equal(template->fields[k]->pen, 0);
            }
        }
        ipfix_profile_free(profile);
    }
    ipfix_model_free(model);
}

static void host_changes_are_dropped(void **state)
{
    (void)state;
    ipfix_model_t *model = load_model();
    ipfix_profile_t *profile = NULL;
    assert_int_equal(ipfix_profile_load(model, DIRECTORY, "full", false, &profile, NULL), SYNFIX_OK);
    ipfix_profile_drop_host_changes(profile);
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        assert_int_equal(profile->templates[i].id != 0, i < 12);
    }
    ipfix_profile_free(profile);
    ipfix_model_free(model);
}

/* An id belongs to one content for good: the same list gives the same id, another enterprise number another.
 */
static void test_ids_follow_content(void **state)
{
    (void)state;
    ipfix_model_t *models[3] = {NULL};
    ipfix_profile_t *profiles[3] = {NULL};
    static const uint32_t pens[] = {4242, 4242, 4243};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(ipfix_model_load(DIRECTORY, pens[i], &models[i], NULL), SYNFIX_OK);
        assert_int_equal(ipfix_profile_load(models[i], DIRECTORY, "full", false, &profiles[i], NULL),
                         SYNFIX_OK);
    }
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        assert_int_equal(profiles[0]->templates[i].id, profiles[1]->templates[i].id);
        assert_int_not_equal(profiles[0]->templates[i].id, profiles[2]->templates[i].id);
    }
    for (size_t i = 0; i < 3; i++) {
        ipfix_profile_free(profiles[i]);
        ipfix_model_free(models[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_profile_mistakes),    cmocka_unit_test(test_collision),
        cmocka_unit_test(test_shipped_ids),         cmocka_unit_test(test_variants),
        cmocka_unit_test(host_changes_are_dropped), cmocka_unit_test(test_ids_follow_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
