/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/exit_codes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int app_fail(int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fprintf(stderr, "synfix: %s\n", text);
    return code;
}

int app_exit_of(synfix_status_t status)
{
    switch (status) {
    case SYNFIX_PERMISSION:
        return APP_EXIT_PERMISSION;
    case SYNFIX_DISCONNECTED:
        return APP_EXIT_SINK;
    case SYNFIX_IO:
    case SYNFIX_NOT_FOUND:
    case SYNFIX_TRUNCATED:
    case SYNFIX_UNSUPPORTED:
        return APP_EXIT_INPUT;
    default:
        return APP_EXIT_USAGE;
    }
}

/* GLib leaves a `--` where something that looks like an option stands behind it, as `-` does. */
static void remove_separator(int *argc, char **argv)
{
    int at = 1;
    while (at < *argc && strcmp(argv[at], "--") != 0) {
        at++;
    }
    if (at == *argc) {
        return;
    }
    --*argc;
    memmove(argv + at, argv + at + 1, (size_t)(*argc - at) * sizeof *argv);
    argv[*argc] = NULL;
}

gboolean app_parse(GOptionContext *context, int *argc, char ***argv, int *code)
{
    g_autoptr(GOptionContext) mine = context;
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_strdup_printf("synfix %s", (*argv)[0]);
    g_set_prgname(name);
    g_option_context_set_help_enabled(mine, FALSE); /* GLib's own help ends the process itself */
    gboolean help = FALSE;
    const GOptionEntry entries[] = {
        {.long_name = "help", .short_name = 'h', .arg_data = &help, .description = "Print this help"},
        {0},
    };
    g_option_context_add_main_entries(mine, entries, NULL);
    if (!g_option_context_parse(mine, argc, argv, &error)) {
        *code = app_fail(APP_EXIT_USAGE, "%s (see %s --help)", error->message, name);
        return FALSE;
    }
    remove_separator(argc, *argv);
    if (help) {
        g_option_context_set_help_enabled(mine, FALSE);
        g_autofree char *text = g_option_context_get_help(mine, TRUE, NULL);
        fputs(text, stdout);
        *code = APP_EXIT_OK;
        return FALSE;
    }
    return TRUE;
}
