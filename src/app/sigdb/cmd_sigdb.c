/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* synfix sigdb: tools for maintainers of a signature database. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "app/common/exit_codes.h"
#include "app/run/find_sigdb.h"
#include "app/sigdb/cmd_sigdb.h"
#include "app/sigdb/sigdb_command.h"
#include "sigdb/parse.h"
#include "sigdb_tools/learn.h"
#include "values/suggestion.h"

int sigdb_command_fail(const synfix_error_t *error, synfix_status_t status)
{
    return app_fail(status == SYNFIX_INVALID ? APP_EXIT_USAGE : app_exit_of(status), "%s", error->text);
}

static gboolean is_labelled(const char *path)
{
    g_autofree char *name =
        g_str_has_suffix(path, ".gz") ? g_strndup(path, strlen(path) - 3) : g_strdup(path);
    return g_str_has_suffix(name, ".jsonl") || g_str_has_suffix(name, ".json") ||
           g_str_has_suffix(name, ".csv");
}

synfix_status_t sigdb_command_read_input(const char *path, sigdb_item_function function,
                                         sigdb_command_t *command, synfix_error_t *error)
{
    return is_labelled(path) ? sigdb_input_labelled(path, function, command, error)
                             : sigdb_input_capture(path, function, command, error);
}

int sigdb_command_read_inputs(char **paths, sigdb_item_function function, sigdb_command_t *command)
{
    synfix_error_t error;
    if (*paths == NULL) {
        return app_fail(APP_EXIT_USAGE, "sigdb: no input named; see synfix sigdb --help");
    }
    for (; *paths != NULL; paths++) {
        const synfix_status_t status = sigdb_command_read_input(*paths, function, command, &error);
        if (status < 0) {
            return app_fail(APP_EXIT_INPUT, "%s", error.text);
        }
    }
    return APP_EXIT_OK;
}

/* Reports every wrong line; loading reports only the first. */
static int lint_syntax(char *const *paths, const synfix_error_t *error)
{
    unsigned count = 0;
    for (; paths != NULL && *paths != NULL; paths++) {
        g_autofree char *text = NULL;
        gsize length = 0;
        if (g_file_get_contents(*paths, &text, &length, NULL)) {
            count += sigdb_check_text(*paths, text, length, stdout);
        }
    }
    if (count == 0) {
        return sigdb_command_fail(error, SYNFIX_INVALID);
    }
    printf("findings=%u\n", count);
    return APP_EXIT_USAGE;
}

static int run_lint(sigdb_command_t *command, char **arguments)
{
    (void)arguments; /* they are the databases */
    const unsigned count = sigdb_lint(command->sigdb, stdout);
    printf("findings=%u\n", count);
    return count == 0 ? APP_EXIT_OK : APP_EXIT_INPUT;
}

static int run_show(sigdb_command_t *command, char **arguments)
{
    (void)arguments;
    sigdb_show(command->sigdb, command->options->all, stdout);
    return APP_EXIT_OK;
}

/* An action is one entry here. */
static const struct action {
    const char *name;
    int (*run)(sigdb_command_t *command, char **arguments);
    gboolean databases; /* its arguments are databases, as those of --sigdb */
} actions[] = {
    {"lint", run_lint, TRUE},
    {"show", run_show, TRUE},
    {"test", sigdb_command_test, FALSE},
    {"calibrate", sigdb_command_calibrate, FALSE},
    {"explain", sigdb_command_explain, FALSE},
    {"learn", sigdb_command_learn, FALSE},
    {"diff", sigdb_command_diff, FALSE},
    {"convert", sigdb_command_convert, FALSE},
};

static const struct action *find_action(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(actions); i++) {
        if (strcmp(name, actions[i].name) == 0) {
            return &actions[i];
        }
    }
    return NULL;
}

static int fail_action(const char *name)
{
    const char *names[G_N_ELEMENTS(actions)];
    if (name == NULL) {
        return app_fail(APP_EXIT_USAGE, "sigdb: no action named; write synfix sigdb ACTION, one of: %s",
                        command_sigdb.words);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(actions); i++) {
        names[i] = actions[i].name;
    }
    const char *closest = suggestion_closest(name, names, G_N_ELEMENTS(names));
    if (closest != NULL) {
        return app_fail(APP_EXIT_USAGE, "%s: no such action of 'sigdb'; did you mean '%s'?", name, closest);
    }
    return app_fail(APP_EXIT_USAGE, "%s: no such action of 'sigdb'; write one of: %s", name,
                    command_sigdb.words);
}

/* --sigdb and, where the arguments are databases, those. NULL: the installed one. */
static char **database_paths(const sigdb_command_options_t *options, const struct action *action,
                             char **arguments)
{
    g_autoptr(GStrvBuilder) paths = g_strv_builder_new();
    for (char *const *path = options->sigdb; path != NULL && *path != NULL; path++) {
        g_strv_builder_add(paths, *path);
    }
    for (char *const *path = arguments; action->databases && *path != NULL; path++) {
        g_strv_builder_add(paths, *path);
    }
    char **list = g_strv_builder_end(paths);
    if (list[0] == NULL) {
        g_clear_pointer(&list, g_strfreev);
    }
    return list;
}

static int run_action(const sigdb_command_options_t *options, const struct action *action, char **arguments)
{
    g_autofree sigdb_command_t *command = g_new0(sigdb_command_t, 1);
    g_auto(GStrv) paths = database_paths(options, action, arguments);
    synfix_error_t error;
    command->options = options;
    const synfix_status_t status =
        database_load(paths, (unsigned)options->min_quality, &command->sigdb, &error);
    int code;
    if (status >= 0) {
        code = action->run(command, arguments);
    } else if (status == SYNFIX_INVALID && action->run == run_lint) {
        code = lint_syntax(paths, &error);
    } else {
        code = sigdb_command_fail(&error, status);
    }
    synfix_sigdb_unref(command->sigdb);
    synfix_sigdb_unref(command->other);
    signature_learner_free(command->learner);
    return code;
}

static int run_tool(const sigdb_command_options_t *options, char **arguments)
{
    const struct action *action = *arguments != NULL ? find_action(*arguments) : NULL;
    return action != NULL ? run_action(options, action, arguments + 1) : fail_action(*arguments);
}

static const cli_option_t option_table[] = {
    {"sigdb", 'd', CLI_FILES, offsetof(sigdb_command_options_t, sigdb), "FILE",
     "Database (repeatable; the first match wins)", NULL, NULL, NULL},
    {"min", 0, CLI_LIST, offsetof(sigdb_command_options_t, minimums), "NAME=PERCENT",
     "test, calibrate: exit with 1 unless the result reaches PERCENT (repeatable)", NULL, NULL, NULL},
    {"min-quality", 0, CLI_NUMBER, offsetof(sigdb_command_options_t, min_quality), "N",
     "State only the part of a label that has at least quality N (0 to 100)", NULL, NULL, NULL},
    {"label", 0, CLI_TEXT, offsetof(sigdb_command_options_t, label), "LABEL",
     "learn, convert: label for entries that have none", NULL, NULL, NULL},
    {"response", 0, CLI_FLAG, offsetof(sigdb_command_options_t, response), NULL,
     "explain, convert: signatures are of SYN+ACK", NULL, NULL, NULL},
    {"all", 0, CLI_FLAG, offsetof(sigdb_command_options_t, all), NULL, "show: every entry; test: every miss",
     NULL, NULL, NULL},
    {"half", 0, CLI_NUMBER, offsetof(sigdb_command_options_t, half), "N",
     "test, calibrate: use only half 1 or 2 of the collections", NULL, NULL, "1 2"},
    {.name = NULL},
};

static const cli_option_t *option_list(void)
{
    return option_table;
}

static const cli_example_t examples[] = {
    {"synfix sigdb lint site.fp synfix.fp", "check databases"},
    {"synfix sigdb test labelled.jsonl --min family_right=97", "measure against labelled observations"},
    {"synfix sigdb explain '4:64+0:0:1460:mss*44,7:mss,sok,ts,nop,ws:df,id+:0'",
     "explain why a signature matches its entry"},
    {"synfix sigdb explain capture.pcap:12", "the same for a packet of a capture"},
    {"synfix sigdb learn capture.pcap --label s:other:Camera:", "propose entries"},
    {"synfix sigdb diff old.fp new.fp capture.pcap", "compare two databases"},
    {"synfix sigdb convert --response p0fa.fp",
     "convert databases of p0f v2, prads, satori (XML), "
     "MuonFP and nDPI; parts that cannot be converted become comments"},
    {NULL, NULL},
};

static int run_sigdb(int argc, char **argv)
{
    sigdb_command_options_t options = {0};
    int code = APP_EXIT_OK;
    if (cli_parse(&command_sigdb, &options, &argc, &argv, &code)) {
        code = options.half < 0 || options.half > 2
                   ? app_fail(APP_EXIT_USAGE, "--half: not a half of the data set; write 1 or 2")
                   : run_tool(&options, argv + 1);
    }
    g_strfreev(options.sigdb);
    g_strfreev(options.minimums);
    g_free(options.label);
    return code;
}

const cli_command_t command_sigdb = {
    .name = "sigdb",
    .summary = "check, test and extend signature databases",
    .operands = "ACTION [ARGUMENT...]",
    .words = "lint show test calibrate explain learn diff convert",
    .description =
        "Maintain a signature database. Actions: lint and show check and print it; explain shows why a "
        "signature or packet matches; learn proposes entries from captures; test and calibrate measure it "
        "against labelled observations (JSON lines or CSV, also gzipped); diff compares two databases; "
        "convert reads the databases of other programs. Without --sigdb, the installed database is used.",
    .options = option_list,
    .examples = examples,
    .exit_status =
        "0 success; 1 findings, a missed --min, or an unreadable input; 2 wrong usage or an invalid "
        "database; 4 no permission.",
    .run = run_sigdb,
};
