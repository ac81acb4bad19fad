/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file parse_settings.h
 * Settings from a command line, a text or a file.
 */
#ifndef TESTS_PARSE_SETTINGS_H
#define TESTS_PARSE_SETTINGS_H

#include "app/config/settings.h"
#include <string.h>

static inline gboolean parse(settings_t *settings, unsigned command, const char *line, GError **error)
{
    g_auto(GStrv) words = NULL;
    int count = 0;
    assert_true(g_shell_parse_argv(line, &count, &words, NULL));
    GOptionContext *context = g_option_context_new(NULL);
    g_option_context_set_help_enabled(context, FALSE);
    settings_add_options(settings, command, context);
    const gboolean good = g_option_context_parse_strv(context, &words, error);
    g_option_context_free(context);
    return good;
}

/* The first mistake is the result. */
static inline synfix_status_t read_text(settings_t *settings, const char *text, synfix_error_t *error)
{
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    settings_read_text(settings, "conf", text, strlen(text), mistakes);
    return mistakes_status(mistakes, error);
}

static inline synfix_status_t read_file(settings_t *settings, const char *path, synfix_error_t *error)
{
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    settings_read_file(settings, path, mistakes);
    return mistakes_status(mistakes, error);
}

#endif
