/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/help/shell_completion.h"

#include <string.h>

/* Shell code that lists values at the time of the completion. */
#define LIST_INTERFACES "ls /sys/class/net 2>/dev/null"
#define LIST_SINKS      "synfix modules 2>/dev/null | sed -n 's/^sink *\\([^ ]*\\).*/\\1/p'"
#define LIST_ENRICHERS  "synfix modules 2>/dev/null | sed -n 's/^enricher *\\([^ ]*\\).*/\\1/p'"

#define LIST_MODULES "synfix modules 2>/dev/null | sed -n 's/^[a-z]* *\\([^ ]*\\).*/\\1/p'"

/* The shell command that lists the values of an option; NULL: the option has no such list. */
static const char *value_command(const cli_command_t *command, const cli_option_t *option)
{
    const gboolean pipeline = strcmp(command->name, "read") == 0 || strcmp(command->name, "capture") == 0;
    if (strcmp(option->name, "interface") == 0) {
        return LIST_INTERFACES;
    }
    if (pipeline && strcmp(option->name, "to") == 0) {
        return LIST_SINKS;
    }
    if (strcmp(option->name, "enrich") == 0) {
        return LIST_ENRICHERS;
    }
    return NULL;
}

static gboolean takes_path(const cli_option_t *option)
{
    return option->kind == CLI_FILE || option->kind == CLI_FILES ||
           g_strcmp0(option->argument, "DIRECTORY") == 0;
}

/* Words of the first operand, or the shell command that lists them in $(); NULL: the operand is a file. */
static char *operand_words(const cli_command_t *command, const cli_command_t *const *commands)
{
    if (strcmp(command->name, "modules") == 0) {
        return g_strdup("$(" LIST_MODULES ")");
    }
    if (strcmp(command->name, "help") != 0) {
        return g_strdup(command->words);
    }
    GString *names = g_string_new(NULL);
    for (; *commands != NULL; commands++) {
        g_string_append_printf(names, "%s%s", names->len > 0 ? " " : "", (*commands)->name);
    }
    return g_string_free(names, FALSE);
}

static void append_words(GString *out, const cli_command_t *command)
{
    for (const cli_option_t *option = command->options(); option->name != NULL; option++) {
        g_string_append_printf(out, "--%s ", option->name);
    }
    g_string_append(out, "--help");
}

static void bash_value(GString *out, const cli_command_t *command, const cli_option_t *option)
{
    const char *list = value_command(command, option);
    g_string_append_printf(out, "        %s:--%s", command->name, option->name);
    if (option->letter) {
        g_string_append_printf(out, "|%s:-%c", command->name, option->letter);
    }
    g_string_append(out, ") ");
    if (list != NULL) {
        const gboolean scheme = strcmp(option->name, "to") == 0;
        g_string_append_printf(out, "%sCOMPREPLY=($(compgen%s -W \"$(%s)\" -- \"$cur\"))",
                               scheme ? "compopt -o nospace 2>/dev/null; " : "", scheme ? " -S :" : "", list);
    } else if (option->choices != NULL) {
        g_string_append_printf(out, "COMPREPLY=($(compgen -W \"%s\" -- \"$cur\"))", option->choices);
    } else if (takes_path(option)) {
        g_string_append(out, "COMPREPLY=($(compgen -f -- \"$cur\"))");
    } else {
        g_string_append(out, "COMPREPLY=()");
    }
    g_string_append(out, "; return ;;\n");
}

/* The first word: a command or a file. */
static void bash_first_word(GString *out, const cli_command_t *const *commands)
{
    g_string_append(out, "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                         "        COMPREPLY=($(compgen -W \"");
    for (const cli_command_t *const *command = commands; *command != NULL; command++) {
        g_string_append_printf(out, "%s ", (*command)->name);
    }
    g_string_append(out, "--help --version\" -- \"$cur\") $(compgen -f -- \"$cur\"))\n"
                         "        return\n    fi\n");
}

static void bash_values(GString *out, const cli_command_t *const *commands)
{
    g_string_append(out, "    case $command:$prev in\n");
    for (const cli_command_t *const *command = commands; *command != NULL; command++) {
        for (const cli_option_t *option = (*command)->options(); option->name != NULL; option++) {
            if (option->argument != NULL) {
                bash_value(out, *command, option);
            }
        }
    }
    g_string_append(out, "    esac\n");
}

/* Options and operands of each command. */
static void bash_other_words(GString *out, const cli_command_t *const *commands)
{
    g_string_append(out, "    case $command:$cur in\n");
    for (const cli_command_t *const *command = commands; *command != NULL; command++) {
        g_string_append_printf(out, "        %s:-*) COMPREPLY=($(compgen -W \"", (*command)->name);
        append_words(out, *command);
        g_string_append(out, "\" -- \"$cur\")) ;;\n");
        g_autofree char *words = operand_words(*command, commands);
        if (words != NULL) {
            g_string_append_printf(
                out,
                "        %s:*) COMPREPLY=($(compgen -W \"%s\" -- \"$cur\"))\n"
                "            [ \"$COMP_CWORD\" -eq 2 ] || COMPREPLY+=($(compgen -f -- \"$cur\")) ;;\n",
                (*command)->name, words);
        }
    }
    g_string_append(out, "        *) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n"
                         "    esac\n");
}

static void bash_completion(GString *out, const cli_command_t *const *commands)
{
    g_string_append(out, "# bash completion for synfix, generated by: synfix help --completion bash\n"
                         "_synfix()\n{\n"
                         "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
                         "    local command=${COMP_WORDS[1]}\n");
    bash_first_word(out, commands);
    bash_values(out, commands);
    bash_other_words(out, commands);
    g_string_append(out, "}\ncomplete -o filenames -F _synfix synfix\n");
}

/* Text inside single quotes; brackets and colons are special characters of zsh. */
static void zsh_text(GString *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'') {
            g_string_append(out, "'\\''");
        } else if (*text == '[' || *text == ']' || *text == ':' || *text == '\\') {
            g_string_append_printf(out, "\\%c", *text);
        } else {
            g_string_append_c(out, *text);
        }
    }
}

static void zsh_action(GString *out, const cli_command_t *command, const cli_option_t *option)
{
    const char *list = value_command(command, option);
    g_string_append_c(out, ':');
    zsh_text(out, option->argument);
    g_string_append_c(out, ':');
    if (list != NULL) {
        g_string_append_printf(out, "_synfix_%s", option->name);
    } else if (option->choices != NULL) {
        g_string_append_printf(out, "(%s)", option->choices);
    } else if (takes_path(option)) {
        g_string_append(out, "_files");
    }
}

static void zsh_option(GString *out, const cli_command_t *command, const cli_option_t *option)
{
    const gboolean repeatable = option->kind == CLI_LIST || option->kind == CLI_FILES;
    for (int form = option->letter ? 0 : 1; form < 2; form++) {
        g_string_append_printf(out, "                '%s", repeatable ? "*" : "");
        if (form == 0) {
            g_string_append_printf(out, "-%c%s[", option->letter, option->argument != NULL ? "+" : "");
        } else {
            g_string_append_printf(out, "--%s%s[", option->name, option->argument != NULL ? "=" : "");
        }
        zsh_text(out, option->help);
        g_string_append_c(out, ']');
        if (option->argument != NULL) {
            zsh_action(out, command, option);
        }
        g_string_append(out, "' \\\n");
    }
}

static void zsh_command(GString *out, const cli_command_t *command, const cli_command_t *const *commands)
{
    g_autofree char *words = operand_words(command, commands);
    g_string_append_printf(out, "        %s)\n            _arguments -s \\\n", command->name);
    for (const cli_option_t *option = command->options(); option->name != NULL; option++) {
        zsh_option(out, command, option);
    }
    if (words != NULL && *words == '$') {
        g_string_append_printf(out, "                '*:module:_synfix_%s' ;;\n", command->name);
        return;
    }
    if (words != NULL) {
        g_string_append_printf(out, "                '1:word:(%s)' \\\n", words);
    }
    g_string_append(out, "                '*:file:_files' ;;\n");
}

static void zsh_completion(GString *out, const cli_command_t *const *commands)
{
    g_string_append(out, "#compdef synfix\n"
                         "# zsh completion for synfix, generated by: synfix help --completion zsh\n"
                         "_synfix_interface() { compadd -- $(" LIST_INTERFACES ") }\n"
                         "_synfix_to() { compadd -S : -- $(" LIST_SINKS ") }\n"
                         "_synfix_modules() { compadd -- $(" LIST_MODULES ") }\n"
                         "_synfix_enrich() { compadd -- $(" LIST_ENRICHERS ") }\n"
                         "_synfix() {\n"
                         "    local -a commands=(\n");
    for (const cli_command_t *const *command = commands; *command != NULL; command++) {
        g_string_append_printf(out, "        '%s:", (*command)->name);
        zsh_text(out, (*command)->summary);
        g_string_append(out, "'\n");
    }
    g_string_append(out, "    )\n"
                         "    if (( CURRENT == 2 )); then\n"
                         "        _describe command commands\n        _files\n        return\n    fi\n"
                         "    local command=$words[2]\n"
                         "    shift words\n    (( CURRENT-- ))\n"
                         "    case $command in\n");
    for (const cli_command_t *const *command = commands; *command != NULL; command++) {
        zsh_command(out, *command, commands);
    }
    g_string_append(out, "    esac\n}\n_synfix \"$@\"\n");
}

static void fish_text(GString *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\') {
            g_string_append_c(out, '\\');
        }
        g_string_append_c(out, *text);
    }
}

static void fish_option(GString *out, const cli_command_t *command, const cli_option_t *option)
{
    const char *list = value_command(command, option);
    g_string_append_printf(out, "complete -c synfix -n '__fish_seen_subcommand_from %s' -l %s", command->name,
                           option->name);
    if (option->letter) {
        g_string_append_printf(out, " -s %c", option->letter);
    }
    if (option->argument != NULL) {
        g_string_append(out, takes_path(option) ? " -r -F" : " -x");
    }
    if (list != NULL) {
        g_string_append(out, " -a '(");
        fish_text(out, list);
        /* fish appends no space to a word that ends with a colon */
        fish_text(out, strcmp(option->name, "to") == 0 ? " | sed 's/$/:/'" : "");
        g_string_append(out, ")'");
    } else if (option->choices != NULL) {
        g_string_append_printf(out, " -a '%s'", option->choices);
    }
    g_string_append(out, " -d '");
    fish_text(out, option->help);
    g_string_append(out, "'\n");
}

static void fish_operand(GString *out, const cli_command_t *command, const cli_command_t *const *commands)
{
    g_autofree char *words = operand_words(command, commands);
    if (words == NULL) {
        return;
    }
    g_string_append_printf(out, "complete -c synfix -n '__fish_seen_subcommand_from %s%s' -f -a '",
                           command->name, *words == '$' ? "" : "; and test (count (commandline -opc)) -eq 2");
    fish_text(out, *words == '$' ? words + 1 : words); /* fish before 3.4 has no $() */
    g_string_append(out, "'\n");
}

static void fish_completion(GString *out, const cli_command_t *const *commands)
{
    g_string_append(out, "# fish completion for synfix, generated by: synfix help --completion fish\n");
    for (const cli_command_t *const *command = commands; *command != NULL; command++) {
        g_string_append_printf(out, "complete -c synfix -n __fish_use_subcommand -a %s -d '",
                               (*command)->name);
        fish_text(out, (*command)->summary);
        g_string_append(out, "'\n");
        fish_operand(out, *command, commands);
        for (const cli_option_t *option = (*command)->options(); option->name != NULL; option++) {
            fish_option(out, *command, option);
        }
    }
}

gboolean shell_completion(GString *out, const char *shell, const cli_command_t *const *commands)
{
    static const struct {
        const char *shell;
        void (*append)(GString *out, const cli_command_t *const *commands);
    } shells[] = {{"bash", bash_completion}, {"zsh", zsh_completion}, {"fish", fish_completion}};
    for (size_t i = 0; i < G_N_ELEMENTS(shells); i++) {
        if (strcmp(shell, shells[i].shell) != 0) {
            continue;
        }
        shells[i].append(out, commands);
        return TRUE;
    }
    return FALSE;
}
