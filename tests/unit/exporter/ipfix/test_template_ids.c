/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix/template_ids.h"
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#define DIRECTORY SYNFIX_SOURCE_DIR "/ipfix-templates"

typedef struct fixture {
    ipfix_model_t *model;
    char *directory;
    char *path;
} fixture_t;

static int set_up(void **state)
{
    fixture_t *const fixture = g_new0(fixture_t, 1);
    synfix_error_t error = {.text = ""};
    *state = fixture;
    fixture->directory = g_dir_make_tmp("synfix-ids-XXXXXX", NULL);
    fixture->path = g_build_filename(fixture->directory, "templates", NULL);
    return ipfix_model_load(DIRECTORY, IPFIX_PEN_DEFAULT, &fixture->model, &error) == SYNFIX_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    fixture_t *const fixture = *state;
    g_unlink(fixture->path);
    g_rmdir(fixture->directory);
    ipfix_model_free(fixture->model);
    g_free(fixture->directory);
    g_free(fixture->path);
    g_free(fixture);
    return 0;
}

static ipfix_profile_t *load(const fixture_t *fixture, const char *name)
{
    ipfix_profile_t *profile = NULL;
    assert_int_equal(ipfix_profile_load(fixture->model, DIRECTORY, name, false, &profile, NULL), SYNFIX_OK);
    return profile;
}

static char *kept(const fixture_t *fixture)
{
    char *text = NULL;
    assert_true(g_file_get_contents(fixture->path, &text, NULL, NULL));
    return text;
}

static unsigned lines(const char *text)
{
    unsigned count = 0;
    for (; (text = strchr(text, '\n')) != NULL; text++) {
        count++;
    }
    return count;
}

static void new_contents_keep_their_own(void **state)
{
    const fixture_t *const fixture = *state;
    ipfix_profile_t *const full = load(fixture, "full");
    ipfix_profile_t *const again = load(fixture, "full");
    template_ids_damage_t damage;
    synfix_error_t error = {.text = ""};
    assert_int_equal(ipfix_template_ids(fixture->directory, again, &damage, &error), SYNFIX_OK);
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        assert_int_equal(again->templates[i].id, full->templates[i].id);
    }
    g_autofree char *first = kept(fixture);
    assert_int_equal(lines(first), IPFIX_VARIANTS);
    assert_int_equal(ipfix_template_ids(fixture->directory, again, &damage, &error), SYNFIX_OK);
    g_autofree char *second = kept(fixture);
    assert_string_equal(first, second);
    ipfix_profile_t *const compact = load(fixture, "compact");
    assert_int_equal(ipfix_template_ids(fixture->directory, compact, &damage, &error), SYNFIX_OK);
    g_autofree char *third = kept(fixture);
    assert_int_equal(lines(third), 2 * IPFIX_VARIANTS);
    ipfix_profile_free(compact);
    ipfix_profile_free(again);
    ipfix_profile_free(full);
}

/* An id that something else has had is not given again, in no later run. */
static void a_used_id_is_passed_over(void **state)
{
    const fixture_t *const fixture = *state;
    ipfix_profile_t *const full = load(fixture, "full");
    const uint16_t own = full->templates[0].id;
    const uint64_t digest = ipfix_profile_digest(full);
    char other[65];
    memset(other, 'a', 64);
    other[64] = '\0';
    g_autofree char *text = g_strdup_printf("%u %s\n", own, other);
    assert_true(g_file_set_contents(fixture->path, text, -1, NULL));
    template_ids_damage_t damage;
    synfix_error_t error = {.text = ""};
    for (int run = 0; run < 2; run++) {
        ipfix_profile_t *const profile = load(fixture, "full");
        assert_int_equal(ipfix_template_ids(fixture->directory, profile, &damage, &error), SYNFIX_OK);
        assert_int_equal(profile->templates[0].id, own + 1);
        assert_true(ipfix_profile_digest(profile) !=
                    digest); /* a spool of the one is not read as the other */
        ipfix_profile_free(profile);
    }
    ipfix_profile_free(full);
}

static void half_a_line_is_cut_off(void **state)
{
    const fixture_t *const fixture = *state;
    ipfix_profile_t *const profile = load(fixture, "iana");
    template_ids_damage_t damage;
    synfix_error_t error = {.text = ""};
    assert_int_equal(ipfix_template_ids(fixture->directory, profile, &damage, &error), SYNFIX_OK);
    g_autofree char *whole = kept(fixture);
    assert_true(g_file_set_contents(fixture->path, whole, (gssize)strlen(whole) - 30, NULL));
    assert_int_equal(ipfix_template_ids(fixture->directory, profile, &damage, &error), SYNFIX_OK);
    g_autofree char *again = kept(fixture);
    assert_string_equal(whole, again);
    ipfix_profile_free(profile);
}

static void other_files_are_refused(void **state)
{
    const fixture_t *const fixture = *state;
    static const char digest[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    const struct {
        const char *first;
        const char *second;
        const char *reason;
    } cases[] = {{"hello", "", ":1: not 'ID SHA-256'"},
                 {"2000 short", "", ":1: not 'ID SHA-256'"},
                 {"256 ", digest, ":1: not 'ID SHA-256'"},
                 {"65024 ", digest, ":1: not 'ID SHA-256'"}};
    ipfix_profile_t *const profile = load(fixture, "iana");
    template_ids_damage_t damage;
    synfix_error_t error = {.text = ""};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strconcat(cases[i].first, cases[i].second, "\n", NULL);
        assert_true(g_file_set_contents(fixture->path, text, -1, NULL));
        assert_int_equal(ipfix_template_ids(fixture->directory, profile, &damage, &error), SYNFIX_INVALID);
        assert_non_null(strstr(error.text, cases[i].reason));
    }
    /* a file that is refused stays as it is, also its last line without line feed */
    static const char *const ends[] = {"hello\nworld", "-----BEGIN"};
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        assert_true(g_file_set_contents(fixture->path, ends[i], -1, NULL));
        assert_int_equal(ipfix_template_ids(fixture->directory, profile, &damage, &error), SYNFIX_INVALID);
        g_autofree char *unchanged = kept(fixture);
        assert_string_equal(unchanged, ends[i]);
    }
    /* a file system may leave zeros after a power failure */
    assert_true(g_file_set_contents(fixture->path, "\0\0\0\n", 4, NULL));
    assert_int_equal(ipfix_template_ids(fixture->directory, profile, &damage, &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, ":1: not 'ID SHA-256'"));
    assert_true(ipfix_template_ids("/proc/nowhere", profile, &damage, &error) < 0);
    assert_non_null(strstr(error.text, "/proc/nowhere"));
    ipfix_profile_free(profile);
}

/* The other lines count, also those behind a byte 0. */
static void a_damaged_line_costs_its_entry(void **state)
{
    const fixture_t *const fixture = *state;
    static const char digest[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    static const char good[] = "3000 1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n";
    static const char zero[] = "2000 0123\0\n";
    g_autofree char *twice = g_strdup_printf("%s3001 %s", good, strchr(good, ' ') + 1);
    g_autofree char *same_id = g_strdup_printf("%s3000 %s\n", good, digest);
    const struct {
        const char *text;
        size_t length;
        unsigned lines;
        unsigned first;
    } cases[] = {{good, strlen(good), 0, 0},
                 {twice, strlen(twice), 1, 2},
                 {same_id, strlen(same_id), 1, 2},
                 {zero, sizeof zero - 1, 1, 1}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        ipfix_profile_t *const profile = load(fixture, "iana");
        g_autoptr(GString) text = g_string_new_len(cases[i].text, (gssize)cases[i].length);
        g_string_append(text, cases[i].text == zero ? good : "");
        template_ids_damage_t damage;
        synfix_error_t error = {.text = ""};
        assert_true(g_file_set_contents(fixture->path, text->str, (gssize)text->len, NULL));
        assert_int_equal(ipfix_template_ids(fixture->directory, profile, &damage, &error), SYNFIX_OK);
        assert_int_equal(damage.lines, cases[i].lines);
        assert_int_equal(damage.first_line, cases[i].first);
        ipfix_profile_free(profile);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(new_contents_keep_their_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_used_id_is_passed_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(half_a_line_is_cut_off, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_files_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_damaged_line_costs_its_entry, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
