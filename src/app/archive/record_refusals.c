/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/archive/record_refusals.h"
#include "app/common/exit_codes.h"
#include <inttypes.h>

bool record_refusals_report(const record_converter_t *converter, const char *subject, record_advice_t advice)
{
    record_converter_stats_t stats;
    bool any = false;
    record_converter_get_stats(converter, &stats);
    for (unsigned i = 0; i < RECORD_REASON_COUNT; i++) {
        const char *element = stats.element[i];
        if (stats.refused[i] > 0) {
            any = true;
            app_fail(APP_EXIT_INPUT, "%s: %" PRIu64 " %s%s%s: left out%s%s", subject, stats.refused[i],
                     record_reason_text((record_reason_t)i),
                     element[0] != '\0' ? ", the first by element " : "", element, advice != NULL ? "; " : "",
                     advice != NULL ? advice((record_reason_t)i) : "");
        }
    }
    return any;
}
