/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/exit_codes.h"
#include "app/common/advice.h"
#include "app/common/standard_error.h"
#include "base/secrets.h"

#include <stdarg.h>
#include <string.h>

/* Names of files may hold control characters, which a terminal would obey: the message stays one line. */
static void replace_control_characters(char *text)
{
    for (; *text != '\0'; text++) {
        *text = (unsigned char)*text < 0x20 || *text == 0x7F ? '?' : *text;
    }
}

int app_fail(int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    replace_control_characters(text);
    (void)secrets_mask_message(text);
    const char *advice = advice_for(text);
    g_autofree char *line =
        g_strconcat("synfix: ", text, advice != NULL ? "; " : "", advice != NULL ? advice : "", "\n", NULL);
    standard_error_write(line);
    return code;
}

int app_exit_of(synfix_status_t status)
{
    switch (status) {
    case SYNFIX_PERMISSION:
        return APP_EXIT_PERMISSION;
    case SYNFIX_DISCONNECTED:
        return APP_EXIT_SINK;
    case SYNFIX_IO:
    case SYNFIX_NOT_FOUND:
    case SYNFIX_TRUNCATED:
    case SYNFIX_UNSUPPORTED:
    case SYNFIX_NO_MEMORY: /* may pass, a mistake does not */
        return APP_EXIT_INPUT;
    default:
        return APP_EXIT_USAGE;
    }
}

int app_exit_of_error(synfix_status_t status, const synfix_error_t *error)
{
    switch (error->cause) {
    case SYNFIX_CAUSE_USAGE:
        return APP_EXIT_USAGE;
    case SYNFIX_CAUSE_INPUT:
        return APP_EXIT_INPUT;
    case SYNFIX_CAUSE_SINK:
        return APP_EXIT_SINK;
    case SYNFIX_CAUSE_ACCESS:
        return APP_EXIT_PERMISSION;
    case SYNFIX_CAUSE_DEVICE:
        return APP_EXIT_DEVICE;
    case SYNFIX_CAUSE_NONE:
        break;
    }
    return app_exit_of(status);
}
