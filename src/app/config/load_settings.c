/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/config/load_settings.h"
#include "app/common/exit_codes.h"

#define MISTAKES_SHOWN 10u /* a file of another format has a mistake in each line */

settings_t *load_settings(char **words, unsigned command, const cli_command_t *about, char ***rest,
                          mistakes_t *mistakes, int *code)
{
    g_autoptr(settings_t) settings = settings_new();
    g_auto(GStrv) copy = g_strdupv(words);
    /* parsing takes words away without freeing them */
    g_autofree char **view = g_memdup2(copy, (g_strv_length(copy) + 1) * sizeof *copy);
    char **left = view;
    int count = (int)g_strv_length(copy);
    GOptionContext *context = g_option_context_new(NULL);
    settings->option_mistakes = mistakes;
    settings_add_options(settings, command, context);
    if (!cli_parse_context(about, context, &count, &left, code)) {
        return NULL;
    }
    settings->option_mistakes = NULL;
    if (settings->config != NULL) {
        settings_read_file(settings, settings->config, mistakes);
    }
    if (rest != NULL) {
        left[count] = NULL;
        *rest = g_strdupv(left + 1);
    }
    return g_steal_pointer(&settings);
}

int load_report(const mistakes_t *mistakes, gboolean all)
{
    synfix_error_t error;
    const synfix_status_t status = mistakes_status(mistakes, &error);
    const unsigned count = mistakes_count(mistakes);
    const unsigned shown = all ? count : MIN(count, MISTAKES_SHOWN);
    for (unsigned i = 0; i < shown; i++) {
        (void)app_fail(APP_EXIT_USAGE, "%s", mistakes_text(mistakes, i));
    }
    if (count > shown) {
        (void)app_fail(APP_EXIT_USAGE, "%u more mistakes; --check-config lists all of them", count - shown);
    }
    return status < 0 ? app_exit_of_error(status, &error) : APP_EXIT_OK;
}
