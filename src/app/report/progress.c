/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/report/progress.h"
#include "app/common/standard_error.h"

#include <inttypes.h>
#include <unistd.h>

#define CLEAR_LINE "\r\033[K"

gboolean progress_wanted(void)
{
    return isatty(STDERR_FILENO) == 1;
}

void progress_format(const pipeline_summary_t *summary, gint64 elapsed_us, GString *text)
{
    const synfix_source_stats_t *sources = &summary->sources;
    const double seconds = (double)elapsed_us / 1e6;
    const double rate = (double)sources->received / seconds / 1e6;
    if (sources->bytes_total == 0 || sources->bytes_read == 0) {
        g_string_append_printf(text, "%" PRIu64 " packets, %.2f Mpps", sources->received, rate);
        return;
    }
    const double done = MIN((double)sources->bytes_read / (double)sources->bytes_total, 1.0);
    g_string_append_printf(text, "%.0f %%, %.2f Mpps, %.0f s left", done * 100, rate,
                           seconds / done - seconds);
}

void progress_show(const pipeline_summary_t *summary, gint64 elapsed_us)
{
    g_autoptr(GString) text = g_string_new(CLEAR_LINE);
    progress_format(summary, MAX(elapsed_us, 1), text);
    standard_error_show(text->str);
}

void progress_clear(void)
{
    standard_error_show(CLEAR_LINE);
}
