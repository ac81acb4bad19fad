/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix_file/ipfix_file_name.h"
#include "exporter/ipfix_file/name_pattern.h"

#include <string.h>

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
        {"%e.ipfix",
         "\xe2\x80\x87"
         "9.ipfix",
         true},
        {"%e.ipfix", " 9.ipfix", false}, /* GLib pads with a figure space */
        {"%b.ipfix", "Nov.ipfix", true},
        {"%b.ipfix", ".ipfix", false},
        {"%-d.ipfix", "9.ipfix", true},
        {"%Y-%m.ipfix", "2026-11-2.ipfix", true},
        {"%Y-%m.ipfix", "2026-11-2-3.ipfix", false},
        {"%k.ipfix",
         "\xe2\x80\x87"
         "9-2.ipfix",
         true},
        {"%z.ipfix", "+0000.ipfix", true},
        {"%:z.ipfix", "+00:00.ipfix", true},
        {"", "", true},
        {"100%%.ipfix", "100%.ipfix", true},
        {"q%", "q-2", true}, /* GLib leaves a % at the end out */
        {"q%", "q%", false},
        {"p%Y%", "p2026", true},
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
        g_autoptr(name_pattern_t) finished = name_pattern_new(table[i].base, "");
        g_autoptr(name_pattern_t) part = name_pattern_new(table[i].base, ".part");
        g_autofree char *unfinished = g_strconcat(table[i].name, ".part", NULL);
        if (name_pattern_matches(finished, table[i].name) != table[i].matches ||
            name_pattern_matches(part, unfinished) != table[i].matches) {
            fail_msg("%s: %s", table[i].base, table[i].name);
        }
        assert_false(name_pattern_matches(finished, unfinished));
        assert_false(name_pattern_matches(part, table[i].name));
    }
}

static bool matches(const char *base, const char *name)
{
    g_autoptr(name_pattern_t) pattern = name_pattern_new(base, "");
    return name_pattern_matches(pattern, name);
}

/* Names that backtracking would need an exponential time for: each conversion can end at each octet. */
static void names_with_very_many_readings(void **state)
{
    static const char conversions[] = "%Y%m%d%H%M%S%b%a%Z%p%B%A.ipfix";
    char name[NAME_PATTERN_NAME_MAX + 2] = "";
    (void)state;
    memset(name, '7', NAME_PATTERN_NAME_MAX);
    assert_false(matches("%Y%m%d%H%M%S.ipfix", name));
    assert_false(matches("%Y%m%d%H%M%S", name));
    assert_false(matches(conversions, name));
    memset(name, 'x', NAME_PATTERN_NAME_MAX);
    assert_false(matches("%c%x%c%x%c%x%c%x.ipfix", name));
    assert_true(matches("%c%x%c%x%c%x%c%x", name));
    assert_false(matches(conversions, name));
    memset(name, '-', NAME_PATTERN_NAME_MAX);
    assert_false(matches("%F%F%F%F%F%F%F%F.ipfix", name));
}

static void a_name_has_at_most_255_octets(void **state)
{
    char name[NAME_PATTERN_NAME_MAX + 2] = "";
    (void)state;
    memset(name, '7', NAME_PATTERN_NAME_MAX);
    assert_true(matches("%c", name));
    assert_true(matches(name, name));
    name[NAME_PATTERN_NAME_MAX] = '7';
    assert_false(matches("%c", name));
    assert_false(matches(name, name));
}

/* Texts of a name, and none else: a file that has another name stays. */
static void texts_of_conversions(void **state)
{
    static const struct {
        const char *base;
        const char *name;
        bool matches;
    } table[] = {
        {"%A.ipfix", "Sunday.ipfix", true},       {"%A.ipfix", "notes.ipfix", false},
        {"%A.ipfix", "Sundays.ipfix", false},     {"%a.ipfix", "Mon.ipfix", true},
        {"%a.ipfix", "Man.ipfix", false},         {"%B.ipfix", "May.ipfix", true},
        {"%B.ipfix", "Mayor.ipfix", false},       {"%b.ipfix", "Sep.ipfix", true},
        {"%b.ipfix", "sep.ipfix", false},         {"%p.ipfix", "AM.ipfix", true},
        {"%p.ipfix", "CM.ipfix", false},          {"%P.ipfix", "pm.ipfix", true},
        {"%Z.ipfix", "UTC.ipfix", true},          {"%Z.ipfix", "CET.ipfix", false},
        {"%F.ipfix", "2026-11-29.ipfix", true},   {"%F.ipfix", "2026-1-29.ipfix", false},
        {"%F.ipfix", "1.ipfix", false},           {"%F.ipfix", "2026-13-29.ipfix", false},
        {"%F.ipfix", "20261129.ipfix", false},    {"%F.ipfix", "2026-11-29-2.ipfix", true},
        {"%T.ipfix", "08:59:00.ipfix", true},     {"%T.ipfix", "8:59:00.ipfix", false},
        {"%T.ipfix", "25:59:00.ipfix", false},    {"%R.ipfix", "08:59.ipfix", true},
        {"%Y.ipfix", "2026.ipfix", true},         {"%Y.ipfix", "12345.ipfix", false},
        {"%Y.ipfix", "202.ipfix", false},         {"%d.ipfix", "31.ipfix", true},
        {"%d.ipfix", "32.ipfix", false},          {"%j.ipfix", "366.ipfix", true},
        {"%j.ipfix", "367.ipfix", false},         {"%V.ipfix", "53.ipfix", true},
        {"%s.ipfix", "1764400000.ipfix", true},   {"%s.ipfix", "1.ipfix", false},
        {"%s.ipfix", "17644000001.ipfix", false}, {"%-d.ipfix", "9.ipfix", true},
        {"%-d.ipfix", "09.ipfix", false},         {"a.ipfix", "a-1000000.ipfix", false},
        {"a.ipfix", "a-02.ipfix", false},         {"%Oe.ipfix", "x.ipfix", false},
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(name_pattern_t) pattern = name_pattern_new(table[i].base, "");
        assert_true(name_pattern_is_exact(pattern));
        if (name_pattern_matches(pattern, table[i].name) != table[i].matches) {
            fail_msg("%s: %s", table[i].base, table[i].name);
        }
    }
}

static void conversions_without_known_texts(void **state)
{
    static const char *const bases[] = {"%c", "%x.ipfix", "a%X", "%r", "%Y%Ex"};
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(bases); i++) {
        g_autoptr(name_pattern_t) pattern = name_pattern_new(bases[i], "");
        assert_false(name_pattern_is_exact(pattern));
    }
}

/* The names that the sink makes, for each conversion of GLib, with each modifier, at many times. */
static void names_of_all_conversions(void **state)
{
    static const char conversions[] = "aAbBcCdeFgGhHIjklmMnpPrRsStTuVwxXyYzZ";
    static const char *const modifiers[] = {"", "_", "-", "0", "E", "O", ":", "::"};
    unsigned made = 0;
    (void)state;
    for (size_t i = 0; i < strlen(conversions) * G_N_ELEMENTS(modifiers); i++) {
        g_autofree char *base = g_strdup_printf("a%%%s%c-x.ipfix", modifiers[i % G_N_ELEMENTS(modifiers)],
                                                conversions[i / G_N_ELEMENTS(modifiers)]);
        g_autoptr(name_pattern_t) pattern = name_pattern_new(base, "");
        for (int64_t day = 0; day < 400; day += 3) {
            g_autofree char *name =
                ipfix_file_dated_name(base, (1000000000 + day * 86400 + day * 3011) * INT64_C(1000000000));
            if (name != NULL && !name_pattern_matches(pattern, name)) {
                fail_msg("%s: %s", base, name);
            }
            made += name != NULL;
        }
    }
    assert_true(made > strlen(conversions) * 134);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_a_target),
        cmocka_unit_test(names_with_very_many_readings),
        cmocka_unit_test(a_name_has_at_most_255_octets),
        cmocka_unit_test(texts_of_conversions),
        cmocka_unit_test(conversions_without_known_texts),
        cmocka_unit_test(names_of_all_conversions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
