/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* synfix help: help texts, and what packaging generates from the same tables. */
#include "app/command/commands.h"
#include "app/common/exit_codes.h"
#include "app/config/settings.h"
#include "app/help/configuration_page.h"
#include "app/help/manual_page.h"
#include "app/help/shell_completion.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

typedef struct help_options {
    char *man;
    char *completion;
} help_options_t;

static const cli_option_t option_table[] = {
    {"man", 0, CLI_TEXT, offsetof(help_options_t, man), "COMMAND",
     "Print the manual page of a command in troff format; synfix.conf: the page of the configuration file",
     NULL, NULL, NULL},
    {"completion", 0, CLI_TEXT, offsetof(help_options_t, completion), "SHELL",
     "Print the completion for bash, zsh or fish", NULL, NULL, "bash zsh fish"},
    {.name = NULL},
};

static const cli_option_t *option_list(void)
{
    return option_table;
}

static int print_manual(const char *name)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const cli_command_t *command = commands_find(name);
    if (strcmp(name, "synfix.conf") == 0) {
        configuration_page(text, settings_table, SYNFIX_VERSION);
    } else if (command != NULL) {
        manual_page(text, command, SYNFIX_VERSION);
    } else {
        return commands_unknown(name);
    }
    fputs(text->str, stdout);
    return APP_EXIT_OK;
}

static int print_completion(const char *shell)
{
    g_autoptr(GString) text = g_string_new(NULL);
    if (!shell_completion(text, shell, commands)) {
        return app_fail(APP_EXIT_USAGE, "--completion: '%s' is not supported; write bash, zsh or fish",
                        shell);
    }
    fputs(text->str, stdout);
    return APP_EXIT_OK;
}

static int print_help(const char *name)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const cli_command_t *command = name != NULL ? commands_find(name) : NULL;
    if (name != NULL && command == NULL) {
        return commands_unknown(name);
    }
    if (command != NULL) {
        cli_help(text, command);
    } else {
        commands_help(text);
    }
    fputs(text->str, stdout);
    return APP_EXIT_OK;
}

static int run_help(int argc, char **argv)
{
    help_options_t options = {.man = NULL};
    int code = APP_EXIT_OK;
    if (cli_parse(&command_help, &options, &argc, &argv, &code)) {
        code = options.man != NULL          ? print_manual(options.man)
               : options.completion != NULL ? print_completion(options.completion)
                                            : print_help(argv[1]);
    }
    g_free(options.man);
    g_free(options.completion);
    return code;
}

static const cli_example_t examples[] = {
    {"synfix help read", "the same as synfix read --help"},
    {"synfix help --completion bash > /etc/bash_completion.d/synfix", "install the completion manually"},
    {"synfix help --man read | man -l -", "show a manual page that is not installed"},
    {NULL, NULL},
};

const cli_command_t command_help = {
    .name = "help",
    .summary = "describe a command; print manual pages and completions",
    .operands = "[COMMAND]",
    .description = "Print the help of a command, or the list of commands.",
    .options = option_list,
    .examples = examples,
    .run = run_help,
};
