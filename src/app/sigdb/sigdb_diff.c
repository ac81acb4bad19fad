/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* sigdb explain and diff: the reasons of an answer, and the answers that change. */
#include <stdio.h>
#include <string.h>

#include "app/common/exit_codes.h"
#include "app/run/find_sigdb.h"
#include "app/sigdb/sigdb_command.h"

static gboolean explain_item(const sigdb_item_t *item, void *context)
{
    sigdb_command_t *command = context;
    if (item->number != command->frame) {
        return TRUE;
    }
    command->changed++;
    sigdb_explain(command->sigdb, item->direction, &item->signature, item->offers, stdout);
    return FALSE;
}

static int explain_frame(sigdb_command_t *command, const char *argument)
{
    const char *colon = strrchr(argument, ':');
    synfix_error_t error;
    g_autofree char *path = g_strndup(argument, (size_t)(colon - argument));
    command->frame = g_ascii_strtoull(colon + 1, NULL, 10);
    const synfix_status_t status = sigdb_command_read_input(path, explain_item, command, &error);
    if (status < 0) {
        return app_fail(APP_EXIT_INPUT, "%s", error.text);
    }
    if (command->changed == 0) {
        return app_fail(
            APP_EXIT_INPUT,
            "%s: frame %s does not exist, or is no SYN or SYN+ACK with complete options; name another frame",
            path, colon + 1);
    }
    return APP_EXIT_OK;
}

int sigdb_command_explain(sigdb_command_t *command, char **arguments)
{
    synfix_signature_t signature;
    synfix_error_t error;
    if (*arguments == NULL) {
        return app_fail(APP_EXIT_USAGE,
                        "explain: no signature named; write synfix sigdb explain SIGNATURE or CAPTURE:FRAME");
    }
    const synfix_status_t status = synfix_signature_parse(*arguments, strlen(*arguments), &signature, &error);
    if (status == SYNFIX_OK) {
        sigdb_explain(command->sigdb,
                      command->options->response ? SYNFIX_DIRECTION_RESPONSE : SYNFIX_DIRECTION_REQUEST,
                      &signature, 0, stdout);
        return APP_EXIT_OK;
    }
    const char *colon = strrchr(*arguments, ':');
    g_autofree char *path = colon != NULL ? g_strndup(*arguments, (size_t)(colon - *arguments)) : NULL;
    /* A text with one colon is CAPTURE:FRAME, even if the file is missing: signatures have more colons. */
    if (path != NULL && (g_file_test(path, G_FILE_TEST_EXISTS) || strchr(path, ':') == NULL)) {
        return explain_frame(command, *arguments);
    }
    return app_fail(APP_EXIT_USAGE,
                    "%s: %s; write a signature as in the lines Sig: of 'synfix read', or "
                    "CAPTURE:FRAME",
                    *arguments, error.text);
}

static gboolean diff_item(const sigdb_item_t *item, void *context)
{
    sigdb_command_t *command = context;
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];
    synfix_match_t old;
    synfix_match_t new;
    sigdb_input_match(command->sigdb, item, &old);
    sigdb_input_match(command->other, item, &new);
    if ((old.label != NULL ? old.label->id : 0) == (new.label != NULL ? new.label->id : 0) &&
        old.kind == new.kind) {
        return TRUE;
    }
    synfix_signature_format(&item->signature, text);
    printf("%" G_GUINT64_FORMAT ": %s (quality %u) -> %s (quality %u): %s\n", item->number,
           old.label != NULL ? old.label->text : "???", old.quality,
           new.label != NULL ? new.label->text : "???", new.quality, text);
    command->changed++;
    return TRUE;
}

int sigdb_command_diff(sigdb_command_t *command, char **arguments)
{
    synfix_error_t error;
    if (g_strv_length(arguments) < 3) {
        return app_fail(
            APP_EXIT_USAGE,
            "diff: databases and captures are missing; write synfix sigdb diff OLD NEW CAPTURE...");
    }
    char *const old[] = {arguments[0], NULL};
    char *const new[] = {arguments[1], NULL};
    synfix_sigdb_unref(command->sigdb);
    command->sigdb = NULL;
    synfix_status_t status = database_load(old, 0, &command->sigdb, &error);
    if (status >= 0) {
        status = database_load(new, 0, &command->other, &error);
    }
    if (status < 0) {
        return sigdb_command_fail(&error, status);
    }
    const int code = sigdb_command_read_inputs(arguments + 2, diff_item, command);
    printf("changed=%" G_GUINT64_FORMAT "\n", command->changed);
    return code;
}
