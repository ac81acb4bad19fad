/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* sigdb test and calibrate: labelled observations against the answers of a database. */
#include <stdio.h>
#include <string.h>

#include "app/common/exit_codes.h"
#include "app/sigdb/sigdb_command.h"

/* Collections are split, not rows: rows of one collection resemble each other. A source's collection is what
 * stands before the first slash of its name. */
static gboolean in_half(const sigdb_item_t *item, int half)
{
    g_autofree char *collection = item->name != NULL ? g_strndup(item->name, strcspn(item->name, "/")) : NULL;
    return half == 0 || collection == NULL || (int)(g_str_hash(collection) % 2) + 1 == half;
}

static gboolean count_item(const sigdb_item_t *item, void *context)
{
    sigdb_command_t *tool = context;
    synfix_match_t match;
    if (item->os == NULL || !in_half(item, (int)tool->options->half)) {
        return TRUE;
    }
    tool->labelled++;
    sigdb_input_match(tool->sigdb, item, &match);
    const gboolean exact = sigdb_is_exact(tool->sigdb, &match);
    const gboolean fine = sigdb_confusion_add(&tool->confusion, item->os, &match, exact, item->weight);
    if (tool->options->all && (!fine || !exact)) {
        char text[SYNFIX_SIGNATURE_TEXT_SIZE];
        synfix_signature_format(&item->signature, text);
        printf("%s: line %" G_GUINT64_FORMAT ": is %s, answer %s (%s, quality %u): %s\n",
               item->name != NULL ? item->name : "", item->number, item->os,
               match.label != NULL ? match.label->text : "nothing", exact ? "exact" : "not exact",
               match.quality, text);
    }
    return TRUE;
}

static gboolean meets(const sigdb_confusion_t *confusion, const char *minimum, int *code)
{
    g_auto(GStrv) parts = g_strsplit(minimum, "=", 2);
    const double figure = g_strv_length(parts) == 2 ? sigdb_confusion_figure(confusion, parts[0]) : -1;
    if (figure < 0) {
        *code = app_fail(
            APP_EXIT_USAGE,
            "--min %s: family_right, right, exact, undecided, wrong, sure_wrong, desktop or n, =, a number",
            minimum);
        return FALSE;
    }
    const double bound = g_ascii_strtod(parts[1], NULL);
    const char *const bounds_from_above[] = {"wrong", "undecided", "sure_wrong", "desktop", NULL};
    const gboolean at_most = g_strv_contains(bounds_from_above, parts[0]);
    if (at_most ? figure <= bound : figure >= bound) {
        return TRUE;
    }
    *code = app_fail(APP_EXIT_INPUT, "%s is %.2f, wanted %s %s", parts[0], figure,
                     at_most ? "at most" : "at least", parts[1]);
    return FALSE;
}

/* Figures of nothing would look like an answer. */
static int read_labelled(sigdb_command_t *tool, char **arguments, sigdb_item_function function)
{
    const int code = sigdb_command_read_inputs(arguments, function, tool);
    if (code != APP_EXIT_OK || tool->labelled > 0) {
        return code;
    }
    if (tool->options->half != 0) {
        return app_fail(APP_EXIT_INPUT,
                        "no labelled observation in half %d; use more data, or the other half",
                        (int)tool->options->half);
    }
    return app_fail(
        APP_EXIT_INPUT,
        "no observation has a label; name a list (JSON lines or CSV) whose rows have os or label, not "
        "a capture");
}

int sigdb_command_test(sigdb_command_t *tool, char **arguments)
{
    int code = read_labelled(tool, arguments, count_item);
    if (code != APP_EXIT_OK) {
        return code;
    }
    sigdb_confusion_print(&tool->confusion, stdout);
    fflush(stdout);
    for (char **minimum = tool->options->minimums; minimum != NULL && *minimum != NULL; minimum++) {
        meets(&tool->confusion, *minimum, &code);
    }
    return code;
}

/* An observation without a source is a collection of its own kind: all of them are one. */
static gboolean calibrate_item(const sigdb_item_t *item, void *context)
{
    sigdb_command_t *tool = context;
    synfix_match_t match;
    if (item->os == NULL || !in_half(item, (int)tool->options->half)) {
        return TRUE;
    }
    g_autofree char *collection =
        item->name != NULL ? g_strndup(item->name, strcspn(item->name, "/")) : g_strdup("");
    tool->labelled++;
    sigdb_input_match(tool->sigdb, item, &match);
    const sigdb_observed_t observed = {
        .collection = collection, .direction = item->direction, .name = item->os, .weight = item->weight};
    tool->no_memory = !sigdb_calibration_add(&tool->calibration, tool->sigdb, &observed, &match);
    return !tool->no_memory;
}

int sigdb_command_calibrate(sigdb_command_t *tool, char **arguments)
{
    int code = read_labelled(tool, arguments, calibrate_item);
    if (code == APP_EXIT_OK &&
        (tool->no_memory || !sigdb_calibration_print(&tool->calibration, tool->sigdb, stdout))) {
        code = app_fail(APP_EXIT_INPUT, "out of memory");
    }
    sigdb_calibration_free(&tool->calibration);
    return code;
}
