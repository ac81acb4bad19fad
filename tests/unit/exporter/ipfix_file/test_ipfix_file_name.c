/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix_file/ipfix_file_name.h"

#include <glib.h>
#include <stdio.h>

static void names_of_a_target(void **state)
{
    static const struct {
        const char *base;
        const char *name;
        bool matches;
    } table[] = {
        {"a.ipfix", "a.ipfix", true},
        {"a.ipfix", "a-2.ipfix", true},
        {"a.ipfix", "a-12345.ipfix", true},
        {"a.ipfix", "a-.ipfix", false},
        {"a.ipfix", "a-x.ipfix", false},
        {"a.ipfix", "axipfix", false},
        {"a.ipfix", "ba.ipfix", false},
        {"a.ipfix", "a.ipfix.zst", false},
        {"plain", "plain-3", true},
        {"a-%Y%m%d-%H.ipfix", "a-20261129-08.ipfix", true},
        {"a-%Y%m%d-%H.ipfix", "a-20261129-08-2.ipfix", true},
        {"a-%Y%m%d-%H.ipfix", "a-notes.ipfix", false},
        {"%F_%T.ipfix", "2026-11-29_08:00:01.ipfix", true},
        {"%F_%T.ipfix", "2026:11:29_08:00:01.ipfix", false},
        {"%e.ipfix", " 9.ipfix", true},
        {"%b.ipfix", "Nov.ipfix", true},
        {"%b.ipfix", ".ipfix", false},
        {"%-d.ipfix", "9.ipfix", true},
        {"100%%.ipfix", "100%.ipfix", true},
        {"a*[b]?.ipfix", "a*[b]?.ipfix", true},
        {"a*[b]?.ipfix", "axb?.ipfix", false},
        {"+(a)|!.ipfix", "+(a)|!.ipfix", true},
        {"back\\slash.ipfix", "back\\slash.ipfix", true},
        {".hidden", ".hidden", true},
        {".hidden", "-2.hidden", true},
        {"caf\xc3\xa9.ipfix", "caf\xc3\xa9-2.ipfix", true},
        {"raw\xff.ipfix", "raw\xff.ipfix", true},
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *finished = ipfix_file_finished_pattern(table[i].base);
        g_autofree char *part = ipfix_file_part_pattern(table[i].base);
        g_autofree char *unfinished = g_strconcat(table[i].name, ".part", NULL);
        if (ipfix_file_name_matches(finished, table[i].name) != table[i].matches ||
            ipfix_file_name_matches(part, unfinished) != table[i].matches) {
            fail_msg("%s: %s", table[i].base, table[i].name);
        }
        assert_false(ipfix_file_name_matches(finished, unfinished));
        assert_false(ipfix_file_name_matches(part, table[i].name));
    }
}

static void a_name_is_free_once(void **state)
{
    g_autofree char *directory = g_dir_make_tmp("synfix-names-XXXXXX", NULL);
    g_autofree char *wanted = g_build_filename(directory, "a.ipfix", NULL);
    g_autofree char *unfinished = g_strconcat(wanted, ".part", NULL);
    g_autofree char *second = g_build_filename(directory, "a-2.ipfix", NULL);
    (void)state;
    g_autofree char *first = ipfix_file_free_name(wanted);
    assert_string_equal(first, wanted);
    assert_true(g_file_set_contents(unfinished, "", 0, NULL));
    g_autofree char *next = ipfix_file_free_name(wanted);
    assert_string_equal(next, second);
    assert_int_equal(remove(unfinished), 0);
    assert_int_equal(remove(directory), 0);
}

static void dates_in_names(void **state)
{
    (void)state;
    g_autofree char *dated = ipfix_file_dated_name("x/%Y/a-%m%d", INT64_C(1795970040000000000));
    assert_string_equal(dated, "x/2026/a-1129");
    g_autofree char *plain = ipfix_file_dated_name("x/a.ipfix", 0);
    assert_string_equal(plain, "x/a.ipfix");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_a_target),
        cmocka_unit_test(a_name_is_free_once),
        cmocka_unit_test(dates_in_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
