/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/report/report.h"
#include "app/common/exit_codes.h"
#include "app/common/standard_error.h"
#include "app/report/summary.h"

#include <unistd.h>

static pipeline_summary_t *take(const pipeline_t *pipeline)
{
    pipeline_summary_t *summary = g_new0(pipeline_summary_t, 1);
    pipeline_summary(pipeline, summary);
    return summary;
}

/* Counters of workers and handles, valid as long as the pipeline. */
typedef struct details {
    GArray *workers;
    GArray *handles;
    summary_parts_t parts;
} details_t;

static void details_clear(details_t *details)
{
    g_array_unref(details->workers);
    g_array_unref(details->handles);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(details_t, details_clear)

static details_t take_details(const pipeline_t *pipeline)
{
    details_t details = {
        .workers = g_array_new(FALSE, TRUE, sizeof(synfix_engine_counters_t)),
        .handles = g_array_new(FALSE, TRUE, sizeof(pipeline_handle_t)),
    };
    for (unsigned i = 0; i < pipeline_workers(pipeline); i++) {
        synfix_engine_counters_t counters;
        pipeline_worker_counters(pipeline, i, &counters);
        g_array_append_val(details.workers, counters);
    }
    pipeline_handle_t handle;
    for (size_t i = 0; pipeline_handle(pipeline, i, &handle); i++) {
        g_array_append_val(details.handles, handle);
    }
    details.parts = (summary_parts_t){
        .workers = (const synfix_engine_counters_t *)(const void *)details.workers->data,
        .handles = (const pipeline_handle_t *)(const void *)details.handles->data,
        .handle_count = details.handles->len,
    };
    return details;
}

static void print(const pipeline_t *pipeline, const pipeline_summary_t *summary)
{
    g_autoptr(GString) text = g_string_new(NULL);
    summary_format(summary, text);
    if (summary->live && summary->workers > 1) {
        g_auto(details_t) details = take_details(pipeline);
        summary_format_workers(summary, &details.parts, text);
    }
    standard_error_write(text->str);
}

void report_print(const pipeline_t *pipeline)
{
    g_autofree pipeline_summary_t *summary = take(pipeline);
    print(pipeline, summary);
}

void report_status(const pipeline_t *pipeline, GString *text)
{
    g_autofree pipeline_summary_t *summary = take(pipeline);
    const synfix_engine_counters_t *engine = &summary->engine;
    uint64_t lost = summary->removed.lost;
    for (size_t i = 0; i < summary->sink_count; i++) {
        lost += summary->sinks[i].lost;
    }
    g_string_append_printf(
        text,
        "%" G_GUINT64_FORMAT " packets, %" G_GUINT64_FORMAT " observations; dropped: %" G_GUINT64_FORMAT
        " packets, %" G_GUINT64_FORMAT " records",
        engine->packets_received,
        engine->verdicts[SYNFIX_VERDICT_SYN] + engine->verdicts[SYNFIX_VERDICT_SYN_ACK],
        summary->sources.dropped_kernel + summary->sources.dropped_interface + summary->sources.unread, lost);
}

static void add_family(void *user, const char *family, uint64_t observations)
{
    GHashTable *families = user;
    uint64_t *sum = g_hash_table_lookup(families, family);
    if (sum == NULL) {
        sum = g_new0(uint64_t, 1);
        g_hash_table_insert(families, g_strdup(family), sum);
    }
    *sum += observations;
}

void report_metrics(const pipeline_t *pipeline, GString *text)
{
    g_autofree pipeline_summary_t *summary = take(pipeline);
    g_auto(details_t) details = take_details(pipeline);
    g_autoptr(GHashTable) families = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    pipeline_families(pipeline, add_family, families);
    summary_metric_families(families, text);
    summary_metrics(summary, &details.parts, text);
}

int report_conclude(const pipeline_t *pipeline, gboolean quiet, synfix_status_t status,
                    const synfix_error_t *error, int input_code)
{
    g_autofree pipeline_summary_t *summary = take(pipeline);
    if (!quiet) {
        print(pipeline, summary);
    }
    int code = APP_EXIT_OK;
    for (size_t i = 0; i < summary->sink_count; i++) {
        const pipeline_sink_summary_t *sink = &summary->sinks[i];
        if (sink->failed) {
            code = app_fail(APP_EXIT_SINK, "%s: %s", sink->name, sink->reason);
        } else if (sink->lost > 0) {
            code = app_fail(APP_EXIT_SINK, "%s: %" G_GUINT64_FORMAT " records were lost", sink->name,
                            sink->lost);
        }
    }
    if (summary->removed.lost > 0) {
        code = app_fail(APP_EXIT_SINK, "sinks removed while running: %" G_GUINT64_FORMAT " records were lost",
                        summary->removed.lost);
    }
    if (status < 0) {
        code = app_fail(input_code, "%s", error->text);
    }
    if (pipeline_abandoned(pipeline)) {
        _exit(code);
    }
    return code;
}
