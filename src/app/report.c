/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/report.h"
#include "app/app.h"
#include "app/summary.h"

#include <stdio.h>

static pipeline_summary_t *take(const pipeline_t *pipeline)
{
    pipeline_summary_t *summary = g_new0(pipeline_summary_t, 1);
    pipeline_summary(pipeline, summary);
    return summary;
}

static void print(const pipeline_summary_t *summary)
{
    g_autoptr(GString) text = g_string_new(NULL);
    summary_format(summary, text);
    fputs(text->str, stderr);
}

void report_print(const pipeline_t *pipeline)
{
    g_autofree pipeline_summary_t *summary = take(pipeline);
    print(summary);
}

void report_metrics(const pipeline_t *pipeline, GString *text)
{
    g_autofree pipeline_summary_t *summary = take(pipeline);
    g_autofree synfix_engine_counters_t *workers = g_new0(synfix_engine_counters_t, summary->workers);
    for (unsigned i = 0; i < summary->workers; i++)
        pipeline_worker_counters(pipeline, i, &workers[i]);
    summary_metrics(summary, workers, text);
}

int report_conclude(const pipeline_t *pipeline, gboolean quiet, synfix_status_t status,
                    const synfix_error_t *error, int input_code)
{
    g_autofree pipeline_summary_t *summary = take(pipeline);
    if (!quiet)
        print(summary);
    int code = APP_EXIT_OK;
    for (size_t i = 0; i < summary->sink_count; i++) {
        const pipeline_sink_summary_t *sink = &summary->sinks[i];
        const uint64_t lost = sink->stats.given_up + sink->dropped + sink->unencodable;
        if (sink->failed)
            code = app_fail(APP_EXIT_SINK, "%s: %s", sink->name, sink->reason);
        else if (lost > 0)
            code = app_fail(APP_EXIT_SINK, "%s: %" G_GUINT64_FORMAT " records were lost", sink->name, lost);
    }
    if (status < 0)
        code = app_fail(input_code, "%s", error->text);
    return code;
}
