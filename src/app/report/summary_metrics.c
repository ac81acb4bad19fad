/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/report/summary.h"
#include "base/message_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef enum metric_type {
    COUNTER, /* monotonic: _total is appended to the name of its samples */
    GAUGE,
} metric_type_t;

static void metric(GString *text, metric_type_t type, const char *name, const char *help)
{
    g_string_append_printf(text, "# TYPE synfix_%s %s\n# HELP synfix_%s %s.\n", name,
                           type == COUNTER ? "counter" : "gauge", name, help);
}

/* Bytes of control characters, and bytes that are not UTF-8, become \xNN: two names stay two series. */
static void append_escaped(GString *text, const char *value)
{
    for (size_t left = 0; *value; value++) { /* bytes of the character */
        left = left > 0 ? left : utf8_length(value);
        if (left == 0 || (control_length(value) > 0 && *value != '\n')) {
            g_string_append_printf(text, "\\\\x%02x", (unsigned char)*value);
            continue;
        }
        left--;
        if (*value == '\n') {
            g_string_append(text, "\\n");
            continue;
        }
        if (*value == '\\' || *value == '"') {
            g_string_append_c(text, '\\');
        }
        g_string_append_c(text, *value);
    }
}

static void metrics_of_workers(const pipeline_summary_t *summary, const summary_parts_t *parts, GString *text)
{
    metric(text, COUNTER, "packets", "Packets processed, by verdict");
    for (unsigned worker = 0; worker < summary->workers; worker++) {
        for (int i = 0; i < SYNFIX_VERDICT_COUNT; i++) {
            g_string_append_printf(text, "synfix_packets_total{worker=\"%u\",verdict=\"%s\"} %" PRIu64 "\n",
                                   worker, synfix_verdict_name((synfix_verdict_t)i),
                                   parts->workers[worker].verdicts[i]);
        }
    }
#define METRIC_OF_ENGINE(field, help)                                                                        \
    metric(text, COUNTER, #field, help);                                                                     \
    for (unsigned worker = 0; worker < summary->workers; worker++)                                           \
        g_string_append_printf(text, "synfix_" #field "_total{worker=\"%u\"} %" PRIu64 "\n", worker,         \
                               parts->workers[worker].field);
    SYNFIX_ENGINE_COUNTERS(METRIC_OF_ENGINE)
#undef METRIC_OF_ENGINE
}

static void metric_of_build(GString *text)
{
    metric(text, GAUGE, "build_info", "1; the label is the version of the program");
    g_string_append_printf(text, "synfix_build_info{version=\"%s\"} 1\n", SYNFIX_VERSION);
}

static void drops_of(const pipeline_handle_t *handle, const char *where, uint64_t count, GString *text)
{
    g_string_append(text, "synfix_packets_dropped_total{interface=\"");
    append_escaped(text, handle->name);
    g_string_append_printf(text, "\",worker=\"%u\",where=\"%s\"} %" PRIu64 "\n", handle->worker, where,
                           count);
}

static void metrics_of_handles(const pipeline_summary_t *summary, const summary_parts_t *parts, GString *text)
{
    metric(text, COUNTER, "packets_dropped",
           "Packets lost before a worker read them; drops of the interface are counted at worker 0");
    for (size_t i = 0; i < parts->handle_count; i++) {
        drops_of(&parts->handles[i], "kernel", parts->handles[i].stats.dropped_kernel, text);
        drops_of(&parts->handles[i], "interface", parts->handles[i].stats.dropped_interface, text);
        drops_of(&parts->handles[i], "unread", parts->handles[i].stats.unread, text);
    }
    metric(text, COUNTER, "timestamp_samples_dropped", "Timestamp samples dropped between workers");
    g_string_append_printf(text, "synfix_timestamp_samples_dropped_total %" PRIu64 "\n",
                           summary->samples_dropped);
}

static const struct {
    metric_type_t type;
    const char *name;
    const char *help;
    size_t offset;
} sink_fields[] = {
    {COUNTER, "sink_records_before", "Observations made before the sink was added",
     offsetof(pipeline_sink_summary_t, before)},
    {COUNTER, "sink_records_queued", "Records accepted by the queue",
     offsetof(pipeline_sink_summary_t, queued)},
    {COUNTER, "sink_records_dropped", "Records dropped because the queue was full or the sink had ended",
     offsetof(pipeline_sink_summary_t, dropped)},
    {COUNTER, "sink_records_unencodable", "Records too large for a message",
     offsetof(pipeline_sink_summary_t, unencodable)},
    {COUNTER, "sink_records_delivered", "Records delivered to the file, the kernel or the broker",
     offsetof(pipeline_sink_summary_t, stats.delivered)},
    {COUNTER, "sink_records_lost", "Records lost by the sink", offsetof(pipeline_sink_summary_t, stats.lost)},
    {COUNTER, "sink_records_retransmitted", "Records sent again after a reconnection",
     offsetof(pipeline_sink_summary_t, stats.retransmitted)},
    {GAUGE, "sink_records_spooled", "Records in the spool, not sent yet",
     offsetof(pipeline_sink_summary_t, stats.spooled)},
    {GAUGE, "sink_records_pending", "Records in memory, not sent yet",
     offsetof(pipeline_sink_summary_t, stats.pending)},
    {COUNTER, "sink_records_abandoned", "Records in the spool of a removed sink",
     offsetof(pipeline_sink_summary_t, left)},
    {COUNTER, "sink_records_found", "Records found in the spool of an earlier sink or run",
     offsetof(pipeline_sink_summary_t, stats.found)},
    {COUNTER, "sink_records_unheard", "Records sent while the host of the collector refused the port",
     offsetof(pipeline_sink_summary_t, stats.unheard)},
    {COUNTER, "sink_bytes", "Bytes delivered", offsetof(pipeline_sink_summary_t, stats.bytes)},
    {COUNTER, "sink_reconnects", "Connections established again",
     offsetof(pipeline_sink_summary_t, stats.reconnects)},
    {COUNTER, "sink_errors", "Sink errors", offsetof(pipeline_sink_summary_t, stats.errors)},
};

static void metrics_of_sinks(const pipeline_summary_t *summary, GString *text)
{
    for (size_t f = 0; f < G_N_ELEMENTS(sink_fields); f++) {
        metric(text, sink_fields[f].type, sink_fields[f].name, sink_fields[f].help);
        const size_t removed = summary->removed_count > 0;
        for (size_t i = 0; i < summary->sink_count + removed; i++) {
            const pipeline_sink_summary_t *sink =
                i < summary->sink_count ? &summary->sinks[i] : &summary->removed;
            g_string_append_printf(text, "synfix_%s%s{sink=\"", sink_fields[f].name,
                                   sink_fields[f].type == COUNTER ? "_total" : "");
            append_escaped(text, i < summary->sink_count ? sink->name : "(removed)");
            g_string_append_printf(text, "\"} %" PRIu64 "\n",
                                   *(const uint64_t *)((const char *)sink + sink_fields[f].offset));
        }
    }
    metric(text, GAUGE, "sink_failed", "1 when the sink has failed and receives no more records");
    for (size_t i = 0; i < summary->sink_count; i++) {
        g_string_append(text, "synfix_sink_failed{sink=\"");
        append_escaped(text, summary->sinks[i].name);
        g_string_append_printf(text, "\"} %d\n", summary->sinks[i].failed);
    }
}

static int by_name(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

void summary_metric_queries(uint64_t answered, uint64_t refused, GString *text)
{
    metric(text, COUNTER, "queries", "Queries answered on the query socket, with any status");
    g_string_append_printf(text, "synfix_queries_total %" PRIu64 "\n", answered);
    metric(text, COUNTER, "query_connections_refused",
           "Connections to the query socket that were closed, or waited because no descriptor was free");
    g_string_append_printf(text, "synfix_query_connections_refused_total %" PRIu64 "\n", refused);
}

void summary_metric_listener(uint64_t refused, uint64_t displaced, GString *text)
{
    metric(
        text, COUNTER, "metrics_connections_refused",
        "New connections to the metrics listener that were closed at once, because no other could make room");
    g_string_append_printf(text, "synfix_metrics_connections_refused_total %" PRIu64 "\n", refused);
    metric(text, COUNTER, "metrics_connections_displaced",
           "Idle or slow connections to the metrics listener that were closed to make room for newer ones");
    g_string_append_printf(text, "synfix_metrics_connections_displaced_total %" PRIu64 "\n", displaced);
}

void summary_metric_families(GHashTable *families, GString *text)
{
    guint count = 0;
    g_autofree const char **names = (const char **)g_hash_table_get_keys_as_array(families, &count);
    qsort(names, count, sizeof *names, by_name);
    metric(text, COUNTER, "observations", "Observations of SYN and SYN+ACK by family of the label");
    for (guint i = 0; i < count; i++) {
        const uint64_t *observations = g_hash_table_lookup(families, names[i]);
        g_string_append(text, "synfix_observations_total{family=\"");
        append_escaped(text, names[i]);
        g_string_append_printf(text, "\"} %" PRIu64 "\n", *observations);
    }
}

void summary_metrics(const pipeline_summary_t *summary, const summary_parts_t *parts, GString *text)
{
    metric_of_build(text);
    metrics_of_workers(summary, parts, text);
    metrics_of_handles(summary, parts, text);
    metrics_of_sinks(summary, text);
    g_string_append(text, "# EOF\n");
}
