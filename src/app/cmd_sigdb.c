/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* synfix sigdb: the tools for whoever keeps a signature database. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/database.h"
#include "app/sigdb_input.h"
#include "sigdb/convert.h"
#include "sigdb/tools.h"

typedef struct tool_options {
    char **sigdb;
    char **minimums;
    char *label;
    gboolean response;
    gboolean all;
    int half; /* 0 all, 1 or 2: only sources of this half */
} tool_options_t;

typedef struct tool {
    const tool_options_t *options;
    synfix_sigdb_t *sigdb;
    synfix_sigdb_t *other;       /* of diff */
    sigdb_confusion_t confusion; /* of test and calibrate */
    GHashTable *seen;            /* of learn and diff */
    uint64_t frame;              /* of explain */
    uint64_t changed;
} tool_t;

static int fail(const synfix_error_t *error, synfix_status_t status)
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

static synfix_status_t read_input(const char *path, sigdb_item_function function, tool_t *tool,
                                  synfix_error_t *error)
{
    return is_labelled(path) ? sigdb_input_labelled(path, function, tool, error)
                             : sigdb_input_capture(path, function, tool, error);
}

static int read_inputs(char **paths, sigdb_item_function function, tool_t *tool)
{
    synfix_error_t error;
    if (!*paths)
        return app_fail(APP_EXIT_USAGE, "no input given (see synfix sigdb --help)");
    for (; *paths; paths++) {
        const synfix_status_t status = read_input(*paths, function, tool, &error);
        if (status < 0)
            return app_fail(APP_EXIT_INPUT, "%s", error.text);
    }
    return APP_EXIT_OK;
}

static int run_lint(tool_t *tool, char **arguments)
{
    (void)arguments;
    const unsigned count = sigdb_lint(tool->sigdb, stdout);
    printf("findings=%u\n", count);
    return count == 0 ? APP_EXIT_OK : APP_EXIT_INPUT;
}

static int run_show(tool_t *tool, char **arguments)
{
    (void)arguments;
    sigdb_show(tool->sigdb, tool->options->all, stdout);
    return APP_EXIT_OK;
}

/* Sources are split, not rows: rows of one source resemble each other. */
static gboolean in_half(const sigdb_item_t *item, int half)
{
    return half == 0 || !item->name || (int)(g_str_hash(item->name) % 2) + 1 == half;
}

static gboolean count_item(const sigdb_item_t *item, void *context)
{
    tool_t *tool = context;
    synfix_match_t match;
    if (!item->os || !*item->os || !in_half(item, tool->options->half))
        return TRUE;
    sigdb_input_match(tool->sigdb, item, &match);
    const gboolean exact = sigdb_is_exact(tool->sigdb, &match);
    const gboolean fine = sigdb_confusion_add(&tool->confusion, item->os, &match, exact, item->weight);
    if (tool->options->all && (!fine || !exact)) {
        char text[SYNFIX_SIGNATURE_TEXT_SIZE];
        synfix_signature_format(&item->signature, text);
        printf("%s: line %" G_GUINT64_FORMAT ": is %s, told %s (%s, quality %u): %s\n",
               item->name ? item->name : "", item->number, item->os,
               match.label ? match.label->text : "nothing", exact ? "exact" : "not exact", match.quality,
               text);
    }
    return TRUE;
}

/* `wrong` and `undecided` are bounds from above, the others from below. */
static gboolean meets(const sigdb_confusion_t *confusion, const char *minimum, int *code)
{
    g_auto(GStrv) parts = g_strsplit(minimum, "=", 2);
    const double figure = g_strv_length(parts) == 2 ? sigdb_confusion_figure(confusion, parts[0]) : -1;
    if (figure < 0) {
        *code = app_fail(APP_EXIT_USAGE, "--min %s: family_right, exact, undecided, wrong or n, =, a number",
                         minimum);
        return FALSE;
    }
    const double bound = g_ascii_strtod(parts[1], NULL);
    const gboolean at_most = strcmp(parts[0], "wrong") == 0 || strcmp(parts[0], "undecided") == 0;
    if (at_most ? figure <= bound : figure >= bound)
        return TRUE;
    *code = app_fail(APP_EXIT_INPUT, "%s is %.2f, wanted %s %s", parts[0], figure,
                     at_most ? "at most" : "at least", parts[1]);
    return FALSE;
}

static int run_test(tool_t *tool, char **arguments)
{
    int code = read_inputs(arguments, count_item, tool);
    if (code != APP_EXIT_OK)
        return code;
    sigdb_confusion_print(&tool->confusion, stdout);
    fflush(stdout);
    for (char **minimum = tool->options->minimums; minimum && *minimum; minimum++)
        meets(&tool->confusion, *minimum, &code);
    return code;
}

static int run_calibrate(tool_t *tool, char **arguments)
{
    const int code = read_inputs(arguments, count_item, tool);
    if (code == APP_EXIT_OK)
        sigdb_confusion_print_bands(&tool->confusion, stdout);
    return code;
}

static gboolean explain_item(const sigdb_item_t *item, void *context)
{
    tool_t *tool = context;
    if (item->number != tool->frame)
        return TRUE;
    tool->changed++;
    sigdb_explain(tool->sigdb, item->direction, &item->signature, stdout);
    return FALSE;
}

static int explain_frame(tool_t *tool, const char *argument)
{
    const char *colon = strrchr(argument, ':');
    synfix_error_t error;
    g_autofree char *path = g_strndup(argument, (size_t)(colon - argument));
    tool->frame = g_ascii_strtoull(colon + 1, NULL, 10);
    const synfix_status_t status = read_input(path, explain_item, tool, &error);
    if (status < 0)
        return app_fail(APP_EXIT_INPUT, "%s", error.text);
    if (tool->changed == 0)
        return app_fail(APP_EXIT_INPUT, "%s: frame %s is no SYN or SYN+ACK with whole options", path,
                        colon + 1);
    return APP_EXIT_OK;
}

static int run_explain(tool_t *tool, char **arguments)
{
    synfix_signature_t signature;
    synfix_error_t error;
    if (!*arguments)
        return app_fail(APP_EXIT_USAGE, "explain takes a SIGNATURE or CAPTURE:FRAME");
    const synfix_status_t status = synfix_signature_parse(*arguments, strlen(*arguments), &signature, &error);
    if (status == SYNFIX_OK) {
        sigdb_explain(tool->sigdb,
                      tool->options->response ? SYNFIX_DIRECTION_RESPONSE : SYNFIX_DIRECTION_REQUEST,
                      &signature, stdout);
        return APP_EXIT_OK;
    }
    const char *colon = strrchr(*arguments, ':');
    g_autofree char *path = colon ? g_strndup(*arguments, (size_t)(colon - *arguments)) : NULL;
    if (path && g_file_test(path, G_FILE_TEST_EXISTS))
        return explain_frame(tool, *arguments);
    return app_fail(APP_EXIT_USAGE, "%s: %s", *arguments, error.text);
}

static gboolean learn_item(const sigdb_item_t *item, void *context)
{
    tool_t *tool = context;
    synfix_match_t match;
    char text[SIGDB_PROPOSAL_SIZE];
    synfix_sigdb_match(tool->sigdb, item->direction, &item->signature, &match);
    if (match.kind == SYNFIX_MATCH_EXACT || match.kind == SYNFIX_MATCH_GENERIC)
        return TRUE;
    sigdb_propose(&item->signature, text);
    char *key = g_strdup_printf("%c%s", item->direction == SYNFIX_DIRECTION_REQUEST ? 'q' : 'r', text);
    GArray *frames = g_hash_table_lookup(tool->seen, key);
    if (!frames) {
        frames = g_array_new(FALSE, FALSE, sizeof(uint64_t));
        g_hash_table_insert(tool->seen, key, frames);
    } else {
        g_free(key);
    }
    g_array_append_val(frames, item->number);
    return TRUE;
}

static void print_learnt(tool_t *tool, char kind, const char *section, const char *source)
{
    GHashTableIter iterator;
    gpointer key;
    gpointer value;
    gboolean begun = FALSE;
    g_hash_table_iter_init(&iterator, tool->seen);
    while (g_hash_table_iter_next(&iterator, &key, &value)) {
        const GArray *frames = value;
        if (*(const char *)key != kind)
            continue;
        if (!begun)
            printf("[%s]\n", section);
        begun = TRUE;
        printf("label = %s\nevidence = %s frame %" G_GUINT64_FORMAT ", %u packets\nsig = %s\n",
               tool->options->label, source, g_array_index(frames, uint64_t, 0), frames->len,
               (const char *)key + 1);
    }
}

static void free_frames(gpointer frames)
{
    g_array_unref(frames);
}

static int run_learn(tool_t *tool, char **arguments)
{
    if (!tool->options->label)
        return app_fail(APP_EXIT_USAGE, "learn needs --label TYPE:CLASS:NAME:FLAVOR");
    tool->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_frames);
    const int code = read_inputs(arguments, learn_item, tool);
    if (code != APP_EXIT_OK)
        return code;
    g_auto(GStrv) parts = g_strsplit(tool->options->label, ":", 3);
    printf("; synfix-fp 1\nclasses = %s\n", parts[0] && parts[1] ? parts[1] : "other");
    print_learnt(tool, 'q', "tcp:request", *arguments);
    print_learnt(tool, 'r', "tcp:response", *arguments);
    return APP_EXIT_OK;
}

static gboolean diff_item(const sigdb_item_t *item, void *context)
{
    tool_t *tool = context;
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];
    synfix_match_t old;
    synfix_match_t new;
    sigdb_input_match(tool->sigdb, item, &old);
    sigdb_input_match(tool->other, item, &new);
    if ((old.label ? old.label->id : 0) == (new.label ? new.label->id : 0) && old.kind == new.kind)
        return TRUE;
    synfix_signature_format(&item->signature, text);
    printf("%" G_GUINT64_FORMAT ": %s (quality %u) -> %s (quality %u): %s\n", item->number,
           old.label ? old.label->text : "???", old.quality, new.label ? new.label->text : "???", new.quality,
           text);
    tool->changed++;
    return TRUE;
}

static int run_diff(tool_t *tool, char **arguments)
{
    synfix_error_t error;
    if (g_strv_length(arguments) < 3)
        return app_fail(APP_EXIT_USAGE, "diff takes OLD NEW CAPTURE...");
    char *const old[] = {arguments[0], NULL};
    char *const new[] = {arguments[1], NULL};
    synfix_sigdb_unref(tool->sigdb);
    tool->sigdb = NULL;
    synfix_status_t status = database_load(old, &tool->sigdb, &error);
    if (status >= 0)
        status = database_load(new, &tool->other, &error);
    if (status < 0)
        return fail(&error, status);
    const int code = read_inputs(arguments + 2, diff_item, tool);
    printf("changed=%" G_GUINT64_FORMAT "\n", tool->changed);
    return code;
}

static void convert_stream(FILE *in, const char *label, sigdb_converted_t *counts)
{
    char line[4096];
    while (fgets(line, sizeof line, in))
        sigdb_convert_line(g_strstrip(line), label, stdout, counts);
}

static int run_convert(tool_t *tool, char **arguments)
{
    const char *label = tool->options->label ? tool->options->label : "s:other:Unnamed:";
    sigdb_converted_t counts = {0};
    printf("; synfix-fp 1\nclasses = win,unix,other\n[tcp:%s]\n",
           tool->options->response ? "response" : "request");
    for (; *arguments; arguments++) {
        FILE *in = fopen(*arguments, "re");
        if (!in)
            return app_fail(APP_EXIT_INPUT, "%s: %s", *arguments, g_strerror(errno));
        convert_stream(in, label, &counts);
        (void)fclose(in);
    }
    printf("; converted=%u refused=%u\n", counts.converted, counts.refused);
    return APP_EXIT_OK;
}

/* Add yours here. */
static const struct {
    const char *name;
    int (*run)(tool_t *tool, char **arguments);
} tools[] = {
    {"lint", run_lint},       {"show", run_show},   {"test", run_test}, {"calibrate", run_calibrate},
    {"explain", run_explain}, {"learn", run_learn}, {"diff", run_diff}, {"convert", run_convert},
};

static int run_tool(const tool_options_t *options, char **arguments)
{
    for (size_t i = 0; *arguments && i < G_N_ELEMENTS(tools); i++) {
        if (strcmp(*arguments, tools[i].name) != 0)
            continue;
        tool_t *tool = g_new0(tool_t, 1);
        synfix_error_t error;
        tool->options = options;
        const synfix_status_t status = database_load(options->sigdb, &tool->sigdb, &error);
        const int code = status < 0 ? fail(&error, status) : tools[i].run(tool, arguments + 1);
        synfix_sigdb_unref(tool->sigdb);
        synfix_sigdb_unref(tool->other);
        g_clear_pointer(&tool->seen, g_hash_table_unref);
        g_free(tool);
        return code;
    }
    if (!*arguments)
        return app_fail(APP_EXIT_USAGE, "sigdb: no tool named (see synfix sigdb --help)");
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
        {"half", 0, 0, G_OPTION_ARG_INT, &options.half, "test, calibrate: only half 1 or 2 of the sources",
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
    if (app_parse(context, &argc, &argv, &code))
        code = run_tool(&options, argv + 1);
    g_strfreev(options.sigdb);
    g_strfreev(options.minimums);
    g_free(options.label);
    return code;
}
