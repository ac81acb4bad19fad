/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/time_report.h"
#include "base/message_text.h"

#include <inttypes.h>
#include <stdio.h>

#define WARNING    1 /* level of synfix_module_context_t.log */
#define NAME_BYTES 400

static void write_count(const pcap_format_t *format, const synfix_module_context_t *context, uint64_t *count,
                        const char *text)
{
    char line[SYNFIX_ERROR_SIZE];
    if (*count > 0 && context != NULL && context->log != NULL) {
        (void)snprintf(line, sizeof line, "%.*s: %" PRIu64 " packet%s %s", NAME_BYTES, format->input.name,
                       *count, plural(*count), text);
        context->log(context->user, WARNING, line);
    }
    *count = 0;
}

void time_report_write(pcap_format_t *format, const synfix_module_context_t *context)
{
    write_count(
        format, context, &format->times_limited,
        "with a time before 1970 or after 2262, replaced by the nearest limit; check the clock of the "
        "capturing system");
    write_count(format, context, &format->times_missing,
                "without a time, set to 1970-01-01; capture with a program that writes enhanced packet "
                "blocks");
}
