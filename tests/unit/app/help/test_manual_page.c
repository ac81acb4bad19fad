/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/command/commands.h"
#include "app/config/settings.h"
#include "app/help/configuration_page.h"
#include "app/help/manual_page.h"
#include "app/help/shell_completion.h"
#include <string.h>

#define EXAMPLE_WIDTH (CLI_WIDTH - 7) /* man(1) indents by seven columns */

static void test_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *troff;
    } rows[] = {
        {"a-b", "a\\-b\n"},
        {".TH", "\\&.TH\n"},
        {"it's `bold`", "it\\(aqs \\fBbold\\fR\n"},
        {"a\\b", "a\\eb\n"},
        {"one\n\ntwo", "one\n.PP\ntwo\n"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        manual_text(text, rows[i].text);
        assert_string_equal(text->str, rows[i].troff);
    }
}

/* Each option of each command is in its page and in each completion; each setting of a file is in
 * synfix.conf(5). */
static void test_complete(void **state)
{
    (void)state;
    static const char *const shells[] = {"bash", "zsh", "fish"};
    GString *scripts[G_N_ELEMENTS(shells)];
    for (size_t i = 0; i < G_N_ELEMENTS(shells); i++) {
        scripts[i] = g_string_new(NULL);
        assert_true(shell_completion(scripts[i], shells[i], commands));
    }
    for (const cli_command_t *const *command = commands; *command; command++) {
        g_autoptr(GString) page = g_string_new(NULL);
        manual_page(page, *command, "1");
        assert_non_null(strstr(page->str, ".SH OPTIONS\n"));
        for (const cli_example_t *example = (*command)->examples; example && example->line; example++) {
            if (strlen(example->line) > EXAMPLE_WIDTH) {
                fail_msg("synfix-%s(1): wider than a page: %s", (*command)->name, example->line);
            }
        }
        for (const cli_option_t *option = (*command)->options(); option->name; option++) {
            g_auto(GStrv) parts = g_strsplit(option->name, "-", -1);
            g_autofree char *escaped = g_strjoinv("\\-", parts);
            if (!strstr(page->str, escaped)) {
                fail_msg("synfix-%s(1): no --%s", (*command)->name, option->name);
            }
            for (size_t i = 0; i < G_N_ELEMENTS(shells); i++) {
                if (!strstr(scripts[i]->str, option->name)) {
                    fail_msg("%s: no --%s", shells[i], option->name);
                }
            }
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(shells); i++) {
        g_string_free(scripts[i], TRUE);
    }
    assert_false(shell_completion(NULL, "csh", commands));
}

static void test_configuration(void **state)
{
    (void)state;
    g_autoptr(GString) page = g_string_new(NULL);
    configuration_page(page, settings_table, "1");
    for (const setting_t *entry = settings_table; entry->name; entry++) {
        g_autofree char *line = g_strdup_printf(".BI \"%s = \" ", entry->name);
        if ((entry->group != NULL) != (strstr(page->str, line) != NULL)) {
            fail_msg("synfix.conf(5): %s", entry->name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_complete),
        cmocka_unit_test(test_configuration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
