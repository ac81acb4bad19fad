/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/archive/record_refusals.h"
#include "app/common/exit_codes.h"
#include "base/message_text.h"
#include <glib.h>
#include <inttypes.h>

/* "27 records skipped: they lack ...": the first missing element stands for the profile. */
static char *refusal_text(const record_converter_stats_t *stats, record_reason_t reason)
{
    const uint64_t count = stats->refused[reason];
    const char *element = stats->element[reason];
    if (reason == RECORD_INCOMPLETE) {
        return g_strdup_printf("%" PRIu64 " record%s skipped: %s %s (profile compact or iana)", count,
                               plural(count), count == 1 ? "it lacks" : "they lack", element);
    }
    return g_strdup_printf("%" PRIu64 " %s%s%s: skipped", count, record_reason_text(reason),
                           element[0] != '\0' ? ", the first by element " : "", element);
}

bool record_refusals_report(const record_converter_t *converter, const char *subject, record_advice_t advice)
{
    record_converter_stats_t stats;
    bool any = false;
    record_converter_get_stats(converter, &stats);
    for (unsigned i = 0; i < RECORD_REASON_COUNT; i++) {
        if (stats.refused[i] > 0) {
            any = true;
            g_autofree char *text = refusal_text(&stats, (record_reason_t)i);
            app_fail(APP_EXIT_INPUT, "%s: %s%s%s", subject, text, advice != NULL ? "; " : "",
                     advice != NULL ? advice((record_reason_t)i) : "");
        }
    }
    return any;
}
