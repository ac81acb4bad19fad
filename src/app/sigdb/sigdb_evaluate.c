/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* sigdb test and calibrate: labelled observations against the answers of a database. */
#include <stdio.h>
#include <string.h>

#include "app/common/exit_codes.h"
#include "app/sigdb/sigdb_command.h"

/* The collection of a source: the part of its name before the first slash. All observations without a source
 * form one collection with an empty name. */
static char *collection_of(const sigdb_item_t *item)
{
    return item->name != NULL ? g_strndup(item->name, strcspn(item->name, "/")) : g_strdup("");
}

/* Collections are split, not rows, because rows of one collection resemble each other. Observations without a
 * source are in both halves. */
static gboolean in_half(const sigdb_item_t *item, int half)
{
    g_autofree char *collection = collection_of(item);
    return half == 0 || item->name == NULL || (int)(g_str_hash(collection) % 2) + 1 == half;
}

static gboolean add_to_calibration(sigdb_command_t *command, const sigdb_item_t *item,
                                   const synfix_match_t *match)
{
    g_autofree char *collection = collection_of(item);
    const sigdb_observed_t observed = {
        .collection = collection, .direction = item->direction, .name = item->os, .weight = item->weight};
    command->no_memory = !sigdb_calibration_add(&command->calibration, command->sigdb, &observed, match);
    return !command->no_memory;
}

/* Matches an observation that has a label and is in the chosen half. FALSE: it is another one. */
static gboolean match_labelled(sigdb_command_t *command, const sigdb_item_t *item, synfix_match_t *match)
{
    if (item->os == NULL || !in_half(item, (int)command->options->half)) {
        return FALSE;
    }
    command->labelled++;
    sigdb_input_match(command->sigdb, item, match);
    return TRUE;
}

static gboolean count_item(const sigdb_item_t *item, void *context)
{
    sigdb_command_t *command = context;
    synfix_match_t match;
    if (!match_labelled(command, item, &match)) {
        return TRUE;
    }
    const gboolean exact = sigdb_is_exact(command->sigdb, &match);
    const gboolean fine = sigdb_confusion_add(&command->confusion, item->os, &match, exact, item->weight);
    if (command->options->all && (!fine || !exact)) {
        char text[SYNFIX_SIGNATURE_TEXT_SIZE];
        synfix_signature_format(&item->signature, text);
        printf("%s: line %" G_GUINT64_FORMAT ": is %s, answer %s (%s, quality %u): %s\n",
               item->name != NULL ? item->name : "", item->number, item->os,
               match.label != NULL ? match.label->text : "nothing", exact ? "exact" : "not exact",
               match.quality, text);
    }
    return add_to_calibration(command, item, &match);
}

static const char calibration_figure[] = "calibration";

/* Figures for which lower is better: their bound is a maximum. That of all others is a minimum. */
static gboolean lower_is_better(const char *name)
{
    const char *const names[] = {"wrong", "undecided", "sure_wrong", "desktop", calibration_figure, NULL};
    return g_strv_contains(names, name);
}

static int meets(const char *name, double figure, const char *wanted)
{
    const double bound = g_ascii_strtod(wanted, NULL);
    const gboolean at_most = lower_is_better(name);
    if (at_most ? figure <= bound : figure >= bound) {
        return APP_EXIT_OK;
    }
    return app_fail(APP_EXIT_INPUT, "%s is %.2f, wanted %s %s", name, figure,
                    at_most ? "at most" : "at least", wanted);
}

static int fail_memory(void)
{
    return app_fail(APP_EXIT_INPUT, "out of memory");
}

/* A list that is too small for the figure fails: without a band there is no deviation. */
static int calibration_meets(const sigdb_command_t *command, gboolean left_out, const char *wanted)
{
    double points;
    if (!sigdb_calibration_deviation(&command->calibration, left_out, &points)) {
        return fail_memory();
    }
    if (points < 0) {
        return app_fail(APP_EXIT_INPUT,
                        "calibration: no band of qualities has %d observations; use more data",
                        SIGDB_BAND_LEAST);
    }
    return meets(calibration_figure, points, wanted);
}

/* One --min of test. */
static int test_meets(const sigdb_command_t *command, const char *minimum)
{
    g_auto(GStrv) parts = g_strsplit(minimum, "=", 2);
    const gboolean pair = g_strv_length(parts) == 2;
    if (pair && strcmp(parts[0], calibration_figure) == 0) {
        return calibration_meets(command, FALSE, parts[1]);
    }
    const double figure = pair ? sigdb_confusion_figure(&command->confusion, parts[0]) : -1;
    if (figure < 0) {
        return app_fail(APP_EXIT_USAGE,
                        "--min %s: family_right, right, exact, undecided, wrong, sure_wrong, desktop, "
                        "calibration or n, =, a number",
                        minimum);
    }
    return meets(parts[0], figure, parts[1]);
}

/* One --min of calibrate. */
static int calibrate_meets(const sigdb_command_t *command, const char *minimum)
{
    const char *wanted = strchr(minimum, '=');
    if (wanted == NULL || !g_str_has_prefix(minimum, "calibration=")) {
        return app_fail(APP_EXIT_USAGE, "--min %s: write calibration=POINTS for calibrate", minimum);
    }
    return calibration_meets(command, TRUE, wanted + 1);
}

/* Prints each figure that misses its bound. */
static int all_meet(const sigdb_command_t *command,
                    int (*check)(const sigdb_command_t *command, const char *minimum))
{
    int code = APP_EXIT_OK;
    for (char **minimum = command->options->minimums; minimum != NULL && *minimum != NULL; minimum++) {
        const int found = check(command, *minimum);
        code = found != APP_EXIT_OK ? found : code;
    }
    return code;
}

/* Fails if no observation has a label, because figures of an empty list would look like a result. */
static int read_labelled(sigdb_command_t *command, char **arguments, sigdb_item_function function)
{
    const int code = sigdb_command_read_inputs(arguments, function, command);
    if (code != APP_EXIT_OK || command->labelled > 0) {
        return code;
    }
    if (command->options->half != 0) {
        return app_fail(APP_EXIT_INPUT,
                        "no labelled observation in half %d; use more data, or the other half",
                        (int)command->options->half);
    }
    return app_fail(
        APP_EXIT_INPUT,
        "no observation has a label; name a list (JSON lines or CSV) whose rows have os or label, not "
        "a capture");
}

int sigdb_command_test(sigdb_command_t *command, char **arguments)
{
    int code = read_labelled(command, arguments, count_item);
    if (code == APP_EXIT_OK && command->no_memory) {
        code = fail_memory();
    }
    if (code == APP_EXIT_OK) {
        sigdb_confusion_print(&command->confusion, stdout);
        fflush(stdout);
        code = all_meet(command, test_meets);
    }
    sigdb_calibration_free(&command->calibration);
    return code;
}

static gboolean calibrate_item(const sigdb_item_t *item, void *context)
{
    sigdb_command_t *command = context;
    synfix_match_t match;
    return !match_labelled(command, item, &match) || add_to_calibration(command, item, &match);
}

int sigdb_command_calibrate(sigdb_command_t *command, char **arguments)
{
    int code = read_labelled(command, arguments, calibrate_item);
    if (code == APP_EXIT_OK &&
        (command->no_memory || !sigdb_calibration_print(&command->calibration, command->sigdb, stdout))) {
        code = fail_memory();
    }
    if (code == APP_EXIT_OK) {
        fflush(stdout);
        code = all_meet(command, calibrate_meets);
    }
    sigdb_calibration_free(&command->calibration);
    return code;
}
