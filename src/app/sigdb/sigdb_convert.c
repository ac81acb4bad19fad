/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* sigdb convert: files of other programs. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/common/exit_codes.h"
#include "app/sigdb/sigdb_command.h"
#include "sigdb_tools/convert.h"

static gboolean convert_file(const char *path, sigdb_converter_t *converter)
{
    g_autofree char *text = NULL;
    gsize length = 0;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, &text, &length, &error)) {
        app_fail(APP_EXIT_INPUT, "%s", error->message);
        return FALSE;
    }
    if (memchr(text, '\0', length) != NULL) {
        app_fail(APP_EXIT_INPUT, "%s: has a NUL byte; name a text file of signatures", path);
        return FALSE;
    }
    sigdb_converter_next_file(converter);
    const char *start =
        g_str_has_prefix(text, "\xEF\xBB\xBF") ? text + 3 : text; /* UTF-8's byte order mark */
    g_auto(GStrv) lines = g_strsplit(start, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        sigdb_converter_line(converter, g_strstrip(*line));
    }
    return TRUE;
}

int sigdb_command_convert(sigdb_command_t *command, char **arguments)
{
    const char *label = command->options->label != NULL ? command->options->label : "s:other:Unnamed:";
    if (*arguments == NULL) {
        return app_fail(APP_EXIT_USAGE, "convert: no file named; write synfix sigdb convert FILE");
    }
    sigdb_converter_t *converter = sigdb_converter_new(command->sigdb, label,
                                                       command->options->response ? SYNFIX_DIRECTION_RESPONSE
                                                                                  : SYNFIX_DIRECTION_REQUEST);
    if (converter == NULL) {
        return app_fail(APP_EXIT_INPUT, "convert: out of memory");
    }
    gboolean good = TRUE;
    while (good && *arguments != NULL) {
        good = convert_file(*arguments++, converter);
    }
    sigdb_converter_finish(converter, stdout);
    return good ? APP_EXIT_OK : APP_EXIT_INPUT;
}
