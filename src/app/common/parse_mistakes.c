/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/parse_mistakes.h"
#include "app/common/exit_codes.h"
#include "app/common/habits.h"
#include "values/suggestion.h"

#include <string.h>

static int fail_unknown(const cli_command_t *command, const char *word)
{
    const char *advice = habit_advice(word, command->name);
    if (advice != NULL) {
        return app_fail(APP_EXIT_USAGE, "%s: no such option of '%s'; %s", word, command->name, advice);
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const cli_option_t *option = command->options(); option->name != NULL; option++) {
        g_ptr_array_add(names, (gpointer)(guintptr)option->name);
    }
    const size_t length = strcspn(word, "=");
    g_autofree char *name = g_strndup(word + strspn(word, "-"), length - MIN(strspn(word, "-"), length));
    const char *closest = g_str_has_prefix(word, "--")
                              ? suggestion_closest(name, (const char *const *)names->pdata, names->len)
                              : NULL;
    if (closest != NULL) {
        return app_fail(APP_EXIT_USAGE, "%s: no such option of '%s'; did you mean --%s?", word, command->name,
                        closest);
    }
    return app_fail(APP_EXIT_USAGE, "%s: no such option of '%s'; see synfix %s --help", word, command->name,
                    command->name);
}

int cli_fail_parse(const cli_command_t *command, const GError *error)
{
    static const char unknown[] = "Unknown option ";
    static const char missing[] = "Missing argument for ";
    if (g_str_has_prefix(error->message, unknown)) {
        return fail_unknown(command, error->message + strlen(unknown));
    }
    if (g_str_has_prefix(error->message, missing)) {
        return app_fail(APP_EXIT_USAGE, "%s: needs a value; see synfix %s --help",
                        error->message + strlen(missing), command->name);
    }
    if (strstr(error->message, "; ") != NULL) {
        return app_fail(APP_EXIT_USAGE, "%s", error->message);
    }
    const char *name = strstr(error->message, " for --");
    if (name != NULL) { /* of GLib: a value that is no number, or too large */
        return app_fail(APP_EXIT_USAGE, "%s: not a number; write a number, see synfix %s --help",
                        name + strlen(" for "), command->name);
    }
    g_autofree char *text = g_strdup(error->message);
    text[0] = g_ascii_tolower(text[0]);
    return app_fail(APP_EXIT_USAGE, "%s; see synfix %s --help", text, command->name);
}

static gboolean is_flag_with_value(const cli_command_t *command, const char *word)
{
    const char *equals = strchr(word, '=');
    if (!g_str_has_prefix(word, "--") || equals == NULL) {
        return FALSE;
    }
    const size_t length = (size_t)(equals - word) - 2;
    for (const cli_option_t *option = command->options(); option->name != NULL; option++) {
        if (option->argument == NULL && strlen(option->name) == length &&
            strncmp(option->name, word + 2, length) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

const char *cli_flag_with_value(const cli_command_t *command, int argc, char *const *argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (is_flag_with_value(command, argv[i])) {
            return argv[i];
        }
        const cli_option_t *letter = argv[i][0] == '-' && argv[i][1] != '-' && argv[i][1] != '\0'
                                         ? cli_find_letter(command, argv[i][strlen(argv[i]) - 1])
                                         : NULL;
        if (cli_takes_next_word(command, argv[i]) || (letter != NULL && letter->argument != NULL)) {
            i++;
        }
    }
    return NULL;
}

int cli_fail_flag(const char *word)
{
    const int length = (int)strcspn(word, "=");
    return app_fail(APP_EXIT_USAGE, "%s: this option has no value; write %.*s, or omit the option", word,
                    length, word);
}
