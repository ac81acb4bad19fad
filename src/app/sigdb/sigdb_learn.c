/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* sigdb learn: entries for signatures that a database lacks. */
#include <stdio.h>
#include <string.h>

#include "app/common/exit_codes.h"
#include "app/sigdb/sigdb_command.h"
#include "sigdb_tools/learn.h"

static gboolean learn_item(const sigdb_item_t *item, void *context)
{
    sigdb_command_t *command = context;
    synfix_match_t match;
    sigdb_input_match(command->sigdb, item, &match);
    if (match.kind != SYNFIX_MATCH_EXACT && match.kind != SYNFIX_MATCH_GENERIC) {
        command->no_memory =
            !signature_learner_add(command->learner, item->direction, &item->signature, item->number);
    }
    return !command->no_memory;
}

/* Checks the label in an otherwise empty database. */
static gboolean label_is_good(const char *label, const char *class_name)
{
    synfix_error_t error;
    g_autofree char *text =
        g_strdup_printf("; synfix-fp 1\nclasses = %s\n[tcp:request]\nlabel = %s\n", class_name, label);
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    const gboolean good =
        sigdb != NULL && synfix_sigdb_load_text(sigdb, "--label", text, strlen(text), &error) >= 0;
    if (sigdb == NULL) {
        app_fail(APP_EXIT_USAGE, "learn: out of memory");
    } else if (!good) {
        const char *prefix = "--label:4: "; /* not in the words of every error */
        const size_t length = g_str_has_prefix(error.text, prefix) ? strlen(prefix) : 0;
        app_fail(APP_EXIT_USAGE, "--label %s: %s; write a label, for example s:unix:Linux:4.20", label,
                 error.text + length);
    }
    synfix_sigdb_unref(sigdb);
    return good;
}

int sigdb_command_learn(sigdb_command_t *command, char **arguments)
{
    if (command->options->label == NULL) {
        return app_fail(APP_EXIT_USAGE, "learn: no label; write --label TYPE:CLASS:NAME:FLAVOR");
    }
    g_auto(GStrv) parts = g_strsplit(command->options->label, ":", 3);
    const char *class_name =
        parts[0] != NULL && parts[1] != NULL && strcmp(parts[1], "!") != 0 ? parts[1] : "other";
    if (!label_is_good(command->options->label, class_name)) {
        return APP_EXIT_USAGE;
    }
    command->learner = signature_learner_new();
    const int code =
        command->learner != NULL ? sigdb_command_read_inputs(arguments, learn_item, command) : APP_EXIT_INPUT;
    if (command->learner == NULL || command->no_memory) {
        return app_fail(APP_EXIT_INPUT, "learn: out of memory");
    }
    if (code != APP_EXIT_OK) {
        return code;
    }
    if (signature_learner_count(command->learner) == 0) {
        app_fail(APP_EXIT_OK, "learn: nothing to add, the database has an entry for every SYN and SYN+ACK");
    }
    g_autofree char *source = g_strjoinv(" ", arguments);
    printf("; synfix-fp 1\nclasses = %s\n", class_name);
    signature_learner_print(command->learner, command->options->label, source, stdout);
    return APP_EXIT_OK;
}
