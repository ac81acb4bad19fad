/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/config/load_settings.h"
#include "app/common/exit_codes.h"
#include "app/common/log.h"

settings_t *load_settings(char **words, unsigned command, const cli_command_t *about, char ***rest, int *code)
{
    g_autoptr(settings_t) settings = settings_new();
    g_auto(GStrv) copy = g_strdupv(words);
    /* parsing takes words away without freeing them */
    g_autofree char **view = g_memdup2(copy, (g_strv_length(copy) + 1) * sizeof *copy);
    char **left = view;
    int count = (int)g_strv_length(copy);
    GOptionContext *context = g_option_context_new(NULL);
    settings_add_options(settings, command, context);
    if (!cli_parse_context(about, context, &count, &left, code)) {
        return NULL;
    }
    synfix_error_t error;
    if (settings->config && settings_read_file(settings, settings->config, &error) < 0) {
        *code = app_fail(APP_EXIT_USAGE, "%s", error.text);
        return NULL;
    }
    if (rest) {
        left[count] = NULL;
        *rest = g_strdupv(left + 1);
    }
    return g_steal_pointer(&settings);
}

int load_log_level(const settings_t *settings)
{
    const int level = log_level_of(settings->log_level);
    if (level < 0) {
        app_fail(APP_EXIT_USAGE, "log-level: '%s' is not a level; write " LOG_LEVEL_NAMES,
                 settings->log_level);
    }
    return level;
}
