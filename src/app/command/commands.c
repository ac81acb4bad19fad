/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/commands.h"
#include "app/common/exit_codes.h"
#include "app/sigdb/cmd_sigdb.h"
#include "values/suggestion.h"

#include <string.h>

/* A command is one entry here, and one file cmd_NAME.c. */
const cli_command_t *const commands[] = {
    &command_read,
    &command_capture,
    &command_hosts,
    &command_query,
    &command_report,
    &command_dump,
    &command_collect,
    &command_modules,
    &command_elements,
    &command_sigdb,
    &command_recover,
    &command_help,
    NULL,
};

const cli_command_t *commands_find(const char *name)
{
    for (const cli_command_t *const *command = commands; *command != NULL; command++) {
        if (strcmp((*command)->name, name) == 0) {
            return *command;
        }
    }
    return NULL;
}

void commands_help(GString *out)
{
    g_string_append(out, "Usage: synfix COMMAND [OPTION...]\n"
                         "       synfix FILE... [OPTION...]   the same as synfix read FILE...\n\n");
    cli_wrap(
        out,
        "synfix is a passive OS fingerprinter: it identifies the operating system behind each TCP SYN and "
        "SYN+ACK, compatibly with p0f v3, and exports the result as IPFIX, JSON or text.",
        0, 0);
    g_string_append(out, "\nCommands:\n");
    for (const cli_command_t *const *command = commands; *command != NULL; command++) {
        g_string_append_printf(out, "  %-10s %s\n", (*command)->name, (*command)->summary);
    }
    g_string_append(out, "\nExamples:\n"
                         "  synfix capture.pcap\n"
                         "      " COMMANDS_TEXT_HELP "\n"
                         "  synfix read capture.pcap --to file:records.ipfix\n"
                         "      write IPFIX records to a file\n"
                         "  synfix capture -i eth0 --to tcp://192.0.2.1:4739\n"
                         "      capture live and send the records to a collector\n\n"
                         "synfix COMMAND --help describes a command, synfix --version prints the version.\n"
                         "Manual pages: synfix(1), synfix-COMMAND(1), synfix.conf(5).\n\n"
                         "Exit status: 0 success, 1 input missing or incomplete, 2 wrong usage or\n"
                         "configuration, 3 a sink failed, 4 no permission, 5 an interface failed.\n");
}

static int fail_hint(const char *word)
{
    static const char *const hints[][2] = {
        {"-r", "write synfix read FILE"},
        {"-i", "write synfix capture -i NAME"},
        {"-w", "write synfix read FILE --to file:PATH.ipfix"},
        {"-o", "write synfix read FILE --to SCHEME:PATH"},
        {"-f", "write synfix read FILE --sigdb DATABASE"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(hints); i++) {
        if (strcmp(word, hints[i][0]) == 0) {
            return app_fail(APP_EXIT_USAGE, "%s: an option before the command; %s", word, hints[i][1]);
        }
    }
    return app_fail(APP_EXIT_USAGE,
                    "%s: an option before the command; write synfix COMMAND %s, see synfix --help", word,
                    word);
}

int commands_unknown(const char *word)
{
    if (word[0] == '-' && word[1] != '\0') {
        return fail_hint(word);
    }
    const char *names[G_N_ELEMENTS(commands)];
    size_t count = 0;
    for (; commands[count] != NULL; count++) {
        names[count] = commands[count]->name;
    }
    const char *closest = suggestion_closest(word, names, count);
    if (closest != NULL) {
        return app_fail(APP_EXIT_USAGE, "%s: no such command; did you mean '%s'?", word, closest);
    }
    if (strcmp(word, "version") == 0) {
        return app_fail(APP_EXIT_USAGE, "version: no such command; write synfix --version");
    }
    return app_fail(APP_EXIT_USAGE, "%s: no such command; see synfix --help", word);
}
