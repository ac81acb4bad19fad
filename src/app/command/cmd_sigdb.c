/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* synfix sigdb: the tools for whoever keeps a signature database. */
#include <stdio.h>
#include <string.h>

#include "app/command/sigdb_tool.h"
#include "app/common/exit_codes.h"
#include "app/run/find_sigdb.h"
#include "sigdb/parse.h"
#include "sigdb_tools/learn.h"

int tool_fail(const synfix_error_t *error, synfix_status_t status)
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

synfix_status_t tool_read_input(const char *path, sigdb_item_function function, sigdb_command_t *tool,
                                synfix_error_t *error)
{
    return is_labelled(path) ? sigdb_input_labelled(path, function, tool, error)
                             : sigdb_input_capture(path, function, tool, error);
}

int tool_read_inputs(char **paths, sigdb_item_function function, sigdb_command_t *tool)
{
    synfix_error_t error;
    if (!*paths) {
        return app_fail(APP_EXIT_USAGE, "no input given (see synfix sigdb --help)");
    }
    for (; *paths; paths++) {
        const synfix_status_t status = tool_read_input(*paths, function, tool, &error);
        if (status < 0) {
            return app_fail(APP_EXIT_INPUT, "%s", error.text);
        }
    }
    return APP_EXIT_OK;
}

/* Every line that is wrong, not only the first, which loading tells. */
static int lint_syntax(char *const *paths, const synfix_error_t *error)
{
    unsigned count = 0;
    for (; paths && *paths; paths++) {
        g_autofree char *text = NULL;
        gsize length = 0;
        if (g_file_get_contents(*paths, &text, &length, NULL)) {
            count += sigdb_check_text(*paths, text, length, stdout);
        }
    }
    if (count == 0) {
        return tool_fail(error, SYNFIX_INVALID);
    }
    printf("findings=%u\n", count);
    return APP_EXIT_USAGE;
}

/* lint and show look at the database alone: a FILE behind them must not pass as looked at. */
static int refuse_argument(const char *argument)
{
    return app_fail(APP_EXIT_USAGE, "%s: not expected (a database is named by --sigdb FILE)", argument);
}

static int run_lint(sigdb_command_t *tool, char **arguments)
{
    if (*arguments) {
        return refuse_argument(*arguments);
    }
    const unsigned count = sigdb_lint(tool->sigdb, stdout);
    printf("findings=%u\n", count);
    return count == 0 ? APP_EXIT_OK : APP_EXIT_INPUT;
}

static int run_show(sigdb_command_t *tool, char **arguments)
{
    if (*arguments) {
        return refuse_argument(*arguments);
    }
    sigdb_show(tool->sigdb, tool->options->all, stdout);
    return APP_EXIT_OK;
}

/* Add yours here. */
static const struct {
    const char *name;
    int (*run)(sigdb_command_t *tool, char **arguments);
} tools[] = {
    {"lint", run_lint},        {"show", run_show},    {"test", tool_test}, {"calibrate", tool_calibrate},
    {"explain", tool_explain}, {"learn", tool_learn}, {"diff", tool_diff}, {"convert", tool_convert},
};

static int run_tool(const tool_options_t *options, char **arguments)
{
    for (size_t i = 0; *arguments && i < G_N_ELEMENTS(tools); i++) {
        if (strcmp(*arguments, tools[i].name) != 0) {
            continue;
        }
        sigdb_command_t *tool = g_new0(sigdb_command_t, 1);
        synfix_error_t error;
        tool->options = options;
        const synfix_status_t status = database_load(options->sigdb, &tool->sigdb, &error);
        int code;
        if (status >= 0) {
            code = tools[i].run(tool, arguments + 1);
        } else if (status == SYNFIX_INVALID && tools[i].run == run_lint) {
            code = lint_syntax(options->sigdb, &error);
        } else {
            code = tool_fail(&error, status);
        }
        synfix_sigdb_unref(tool->sigdb);
        synfix_sigdb_unref(tool->other);
        sigdb_lesson_free(tool->lesson);
        g_free(tool);
        return code;
    }
    if (!*arguments) {
        return app_fail(APP_EXIT_USAGE, "sigdb: no tool named (see synfix sigdb --help)");
    }
    return app_fail(APP_EXIT_USAGE, "%s: no such tool (see synfix sigdb --help)", *arguments);
}

int cmd_sigdb(int argc, char **argv)
{
    tool_options_t options = {0};
    const GOptionEntry entries[] = {
        {"sigdb", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.sigdb, "Database; repeat to merge in order",
         "FILE"},
        {"min", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.minimums, "Exit 1 unless test reaches it",
         "NAME=PERCENT"},
        {"label", 0, 0, G_OPTION_ARG_STRING, &options.label,
         "Label for what learn proposes or convert finds without one", "LABEL"},
        {"response", 0, 0, G_OPTION_ARG_NONE, &options.response, "explain, convert: of SYN+ACKs", NULL},
        {"all", 0, 0, G_OPTION_ARG_NONE, &options.all, "show: every entry; test: every miss", NULL},
        {"half", 0, 0, G_OPTION_ARG_INT, &options.half,
         "test: only half 1 or 2 of the collections; calibrate: tell of this half [2], learn from the other",
         "N"},
        {.long_name = NULL},
    };
    GOptionContext *context = g_option_context_new(
        "lint|show|test|calibrate|explain|learn|diff|convert [ARGUMENT...] - keep a signature database");
    g_option_context_set_description(
        context, "Examples:\n"
                 "  synfix sigdb lint --sigdb site.fp --sigdb synfix.fp\n"
                 "  synfix sigdb test labelled.jsonl --min family_right=97\n"
                 "  synfix sigdb explain '4:64+0:0:1460:mss*44,7:mss,sok,ts,nop,ws:df,id+:0'\n"
                 "  synfix sigdb explain capture.pcap:12\n"
                 "  synfix sigdb learn capture.pcap --label s:other:Camera:\n"
                 "  synfix sigdb diff old.fp new.fp capture.pcap\n"
                 "  synfix sigdb convert --response p0fa.fp\n      p0f v2, prads, satori's XML, MuonFP; what "
                 "does not carry over becomes a comment\n");
    g_option_context_add_main_entries(context, entries, NULL);
    int code = APP_EXIT_OK;
    if (app_parse(context, &argc, &argv, &code)) {
        code = options.half < 0 || options.half > 2 ? app_fail(APP_EXIT_USAGE, "--half is 1 or 2")
                                                    : run_tool(&options, argv + 1);
    }
    g_strfreev(options.sigdb);
    g_strfreev(options.minimums);
    g_free(options.label);
    return code;
}
