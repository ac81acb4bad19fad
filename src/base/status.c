/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/message_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <synfix/status.h>

const char *synfix_status_text(synfix_status_t status)
{
    switch (status) {
    case SYNFIX_OK:
        return "success";
    case SYNFIX_END:
        return "end of data";
    case SYNFIX_AGAIN:
        return "try again";
    case SYNFIX_INVALID:
        return "invalid";
    case SYNFIX_NO_MEMORY:
        return "out of memory";
    case SYNFIX_IO:
        return "input/output error";
    case SYNFIX_NOT_FOUND:
        return "not found";
    case SYNFIX_UNSUPPORTED:
        return "not supported";
    case SYNFIX_TRUNCATED:
        return "truncated";
    case SYNFIX_PERMISSION:
        return "permission denied";
    case SYNFIX_DISCONNECTED:
        return "not connected";
    }
    return "unknown status";
}

synfix_status_t synfix_fail(synfix_error_t *error, synfix_status_t status, const char *format, ...)
{
    if (error != NULL) {
        va_list arguments;
        va_start(arguments, format);
        (void)vsnprintf(error->text, sizeof error->text, format, arguments);
        va_end(arguments);
        replace_unprintable_bytes(error->text);
        error->cause = SYNFIX_CAUSE_NONE;
    }
    return status;
}
