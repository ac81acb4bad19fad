/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/exit_codes.h"
#include "app/common/advice.h"
#include "app/common/standard_error.h"
#include "base/message_text.h"
#include "base/secrets.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

static void write_message(const char *format, va_list arguments, bool advised)
{
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    replace_unprintable_bytes(text);
    (void)secrets_mask_message(text);
    const char *const advice = advised ? advice_for(text) : NULL;
    g_autofree char *line =
        g_strconcat("synfix: ", text, advice != NULL ? "; " : "", advice != NULL ? advice : "", "\n", NULL);
    standard_error_write(line);
}

int app_fail(int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_message(format, arguments, true);
    va_end(arguments);
    return code;
}

void app_note(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_message(format, arguments, false);
    va_end(arguments);
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
