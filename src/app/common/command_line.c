/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/command_line.h"
#include "app/common/exit_codes.h"
#include "app/common/parse_mistakes.h"

#include <stdio.h>
#include <string.h>

/* GLib would convert a value of G_OPTION_ARG_STRING from the encoding of the locale, and refuse other bytes.
 */
static GOptionArg argument_type(cli_kind_t kind)
{
    static const GOptionArg types[] = {
        [CLI_FLAG] = G_OPTION_ARG_NONE,
        [CLI_TEXT] = G_OPTION_ARG_FILENAME,
        [CLI_FILE] = G_OPTION_ARG_FILENAME,
        [CLI_LIST] = G_OPTION_ARG_FILENAME_ARRAY,
        [CLI_FILES] = G_OPTION_ARG_FILENAME_ARRAY,
        [CLI_NUMBER] = G_OPTION_ARG_INT64,
        [CLI_SECONDS] = G_OPTION_ARG_DOUBLE,
    };
    return types[kind];
}

/* The fields of the options lie in @p values, which outlives the context. */
static void cli_add_options(GOptionContext *context, const cli_option_t *options, void *values)
{
    for (; options->name != NULL; options++) {
        const GOptionEntry entry[] = {
            {
                .long_name = options->name,
                .short_name = options->letter,
                .arg = argument_type(options->kind),
                .arg_data = (char *)values + options->offset,
                .arg_description = options->argument,
            },
            {0},
        };
        g_option_context_add_main_entries(context, entry, NULL);
    }
}

const cli_option_t *cli_find_letter(const cli_command_t *command, char letter)
{
    for (const cli_option_t *option = command->options(); option->name != NULL; option++) {
        if (option->letter == letter) {
            return option;
        }
    }
    return NULL;
}

/* Where the value begins in letters such as -qj4; NULL: none is attached. */
static char *attached_value(const cli_command_t *command, char *word)
{
    if (word[0] != '-' || word[1] == '-') {
        return NULL;
    }
    for (char *at = word + 1; *at != '\0'; at++) {
        const cli_option_t *option = cli_find_letter(command, *at);
        if (option == NULL) {
            return NULL;
        }
        if (option->argument != NULL) {
            return at[1] != '\0' ? at + 1 : NULL;
        }
    }
    return NULL;
}

gboolean cli_takes_next_word(const cli_command_t *command, const char *word)
{
    for (const cli_option_t *option = command->options(); option->name != NULL; option++) {
        if (option->argument != NULL && g_str_has_prefix(word, "--") && strcmp(word + 2, option->name) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

GPtrArray *cli_words(const cli_command_t *command, int argc, char **argv)
{
    GPtrArray *words = g_ptr_array_new();
    gboolean is_value = FALSE; /* of the word before */
    gboolean operands = FALSE; /* after -- */
    for (int i = 0; i < argc; i++) {
        char *value = i > 0 && !is_value && !operands ? attached_value(command, argv[i]) : NULL;
        operands = operands || strcmp(argv[i], "--") == 0;
        const char *word = argv[i];
        if (value != NULL) {
            g_autofree char *letters = g_strndup(argv[i], (gsize)(value - argv[i]));
            word = g_intern_string(letters);
        }
        g_ptr_array_add(words, (gpointer)(guintptr)word);
        if (value != NULL) {
            g_ptr_array_add(words, value);
        }
        const cli_option_t *option =
            !is_value && !operands && word[0] == '-' && word[1] != '-' && word[1] != '\0'
                ? cli_find_letter(command, word[strlen(word) - 1])
                : NULL;
        is_value = value == NULL &&
                   ((option != NULL && option->argument != NULL) || cli_takes_next_word(command, word));
    }
    g_ptr_array_add(words, NULL);
    return words;
}

/* GLib leaves a `--` where something that looks like an option stands after it, as `-` does. */
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

gboolean cli_parse_context(const cli_command_t *command, GOptionContext *context, int *argc, char ***argv,
                           int *code)
{
    g_autoptr(GOptionContext) mine = context;
    g_autoptr(GError) error = NULL;
    g_option_context_set_help_enabled(mine, FALSE); /* GLib's own help ends the process itself */
    gboolean help = FALSE;
    const GOptionEntry entries[] = {
        {.long_name = "help", .short_name = 'h', .arg_data = &help},
        {0},
    };
    g_option_context_add_main_entries(mine, entries, NULL);
    const char *flag = cli_flag_with_value(command, *argc, *argv);
    if (flag != NULL) {
        *code = cli_fail_flag(flag);
        return FALSE;
    }
    if (!g_option_context_parse(mine, argc, argv, &error)) {
        *code = cli_fail_parse(command, error);
        return FALSE;
    }
    remove_separator(argc, *argv);
    if (!help) {
        return TRUE;
    }
    g_autoptr(GString) text = g_string_new(NULL);
    cli_help(text, command);
    fputs(text->str, stdout);
    *code = APP_EXIT_OK;
    return FALSE;
}

gboolean cli_parse(const cli_command_t *command, void *values, int *argc, char ***argv, int *code)
{
    GOptionContext *context = g_option_context_new(NULL);
    cli_add_options(context, command->options(), values);
    return cli_parse_context(command, context, argc, argv, code);
}
