/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/command_line.h"

#include <string.h>

#define NAME_COLUMN 2u
#define HELP_COLUMN 30u

static void append_spaces(GString *out, unsigned count)
{
    g_string_append_printf(out, "%*s", (int)count, "");
}

static void wrap_words(GString *out, const char *paragraph, unsigned indent, unsigned column)
{
    g_auto(GStrv) words = g_strsplit_set(paragraph, " \n", -1);
    gboolean first = TRUE;
    for (char **word = words; *word != NULL; word++) {
        const unsigned length = (unsigned)g_utf8_strlen(*word, -1);
        if (length == 0) {
            continue;
        }
        if (!first && column + 1 + length > CLI_WIDTH) {
            g_string_append_c(out, '\n');
            append_spaces(out, indent);
            column = indent;
        } else if (!first) {
            g_string_append_c(out, ' ');
            column++;
        }
        g_string_append(out, *word);
        column += length;
        first = FALSE;
    }
}

void cli_wrap(GString *out, const char *text, unsigned indent, unsigned column)
{
    g_auto(GStrv) paragraphs = g_strsplit(text, "\n\n", -1);
    for (char **paragraph = paragraphs; *paragraph != NULL; paragraph++) {
        if (paragraph != paragraphs) {
            g_string_append_c(out, '\n');
        }
        append_spaces(out, indent > column ? indent - column : 0);
        wrap_words(out, *paragraph, indent, MAX(column, indent));
        g_string_append_c(out, '\n');
        column = 0;
    }
}

const char *cli_heading(const cli_option_t *option)
{
    return option->heading != NULL ? option->heading : "Options";
}

const char **cli_headings(const cli_option_t *options)
{
    GPtrArray *headings = g_ptr_array_new();
    for (; options->name != NULL; options++) {
        if (!g_ptr_array_find_with_equal_func(headings, cli_heading(options), g_str_equal, NULL)) {
            g_ptr_array_add(headings, (gpointer)(guintptr)cli_heading(options));
        }
    }
    g_ptr_array_add(headings, NULL);
    return (const char **)g_ptr_array_free(headings, FALSE);
}

char *cli_option_help(const cli_option_t *option)
{
    return option->fallback != NULL ? g_strdup_printf("%s [%s]", option->help, option->fallback)
                                    : g_strdup(option->help);
}

static void help_option(GString *out, const cli_option_t *option)
{
    const size_t start = out->len;
    append_spaces(out, NAME_COLUMN);
    if (option->letter) {
        g_string_append_printf(out, "-%c, ", option->letter);
    } else {
        append_spaces(out, 4);
    }
    g_string_append_printf(out, "--%s%s%s", option->name, option->argument != NULL ? "=" : "",
                           option->argument != NULL ? option->argument : "");
    unsigned column = (unsigned)(out->len - start);
    if (column + 2 > HELP_COLUMN) {
        g_string_append_c(out, '\n');
        column = 0;
    }
    g_autofree char *help = cli_option_help(option);
    cli_wrap(out, help, HELP_COLUMN, column);
}

static void help_options(GString *out, const cli_option_t *options)
{
    static const cli_option_t help = {
        .name = "help", .letter = 'h', .help = "Print this help", .heading = NULL};
    g_autofree const char **headings = cli_headings(options);
    const char *last = "Options";
    for (const char **heading = headings; *heading != NULL; heading++) {
        g_string_append_printf(out, "\n%s:\n", *heading);
        for (const cli_option_t *option = options; option->name != NULL; option++) {
            if (strcmp(cli_heading(option), *heading) == 0) {
                help_option(out, option);
            }
        }
        last = *heading;
    }
    if (strcmp(last, "Options") != 0 && strcmp(last, "General") != 0) {
        g_string_append(out, "\nGeneral:\n");
    } else if (headings[0] == NULL) {
        g_string_append(out, "\nOptions:\n");
    }
    help_option(out, &help);
}

static void help_examples(GString *out, const cli_example_t *examples)
{
    g_string_append(out, "\nExamples:\n");
    for (; examples->line != NULL; examples++) {
        g_string_append_printf(out, "  %s\n", examples->line);
        if (examples->text != NULL) {
            cli_wrap(out, examples->text, 6, 0);
        }
    }
}

void cli_help(GString *out, const cli_command_t *command)
{
    g_string_append_printf(out, "Usage: synfix %s%s%s [OPTION...]\n\n", command->name,
                           command->operands != NULL ? " " : "",
                           command->operands != NULL ? command->operands : "");
    cli_wrap(out, command->description, 0, 0);
    help_options(out, command->options());
    if (command->notes != NULL) {
        g_string_append_c(out, '\n');
        cli_wrap(out, command->notes, 0, 0);
    }
    if (command->examples != NULL) {
        help_examples(out, command->examples);
    }
    if (command->exit_status != NULL) {
        g_string_append_c(out, '\n');
        g_autofree char *text = g_strconcat("Exit status: ", command->exit_status, NULL);
        cli_wrap(out, text, 0, 0);
    }
}
