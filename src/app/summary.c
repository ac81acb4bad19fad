/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/summary.h"

#include <inttypes.h>

static void line(GString *text, uint64_t count, const char *what)
{
    if (count > 0)
        g_string_append_printf(text, "  %12" PRIu64 "  %s\n", count, what);
}

static void format_sink(const pipeline_sink_summary_t *sink, GString *text)
{
    const synfix_sink_stats_t *stats = &sink->stats;
    g_string_append_printf(text, "%s: %" PRIu64 " records handed over", sink->name, stats->handed_over);
    if (stats->spooled > 0)
        g_string_append_printf(text, ", %" PRIu64 " spooled", stats->spooled);
    if (stats->pending > 0)
        g_string_append_printf(text, ", %" PRIu64 " pending", stats->pending);
    if (stats->given_up > 0)
        g_string_append_printf(text, ", %" PRIu64 " given up", stats->given_up);
    if (sink->dropped > 0)
        g_string_append_printf(text, ", %" PRIu64 " dropped", sink->dropped);
    if (sink->unencodable > 0)
        g_string_append_printf(text, ", %" PRIu64 " too large to encode", sink->unencodable);
    if (stats->sent_again > 0)
        g_string_append_printf(text, ", %" PRIu64 " sent again after a break", stats->sent_again);
    g_string_append_printf(text, ", %" PRIu64 " octets", stats->octets);
    if (sink->failed)
        g_string_append_printf(text, "; FAILED: %s", sink->reason);
    g_string_append_c(text, '\n');
}

void summary_format(const pipeline_summary_t *summary, GString *text)
{
    const synfix_engine_counters_t *engine = &summary->engine;
    const synfix_source_stats_t *sources = &summary->sources;
    g_string_append_printf(text, "%" PRIu64 " packets, %" PRIu64 " octets", engine->packets_received,
                           engine->octets_received);
    if (summary->last_ns > summary->first_ns)
        g_string_append_printf(text, ", %.3f s of traffic",
                               (double)(summary->last_ns - summary->first_ns) / 1e9);
    g_string_append(text, "\n");
    for (int i = 0; i < SYNFIX_VERDICT_COUNT; i++) {
        g_autofree char *what = i > SYNFIX_VERDICT_SYN_ACK
                                    ? g_strconcat("ignored: ", synfix_verdict_text((synfix_verdict_t)i), NULL)
                                    : g_strdup(synfix_verdict_text((synfix_verdict_t)i));
        line(text, engine->verdicts[i], what);
    }
    line(text, sources->dropped_kernel, "dropped: no room in the kernel's buffer");
    line(text, sources->dropped_interface, "dropped: by the interface");
    const uint64_t observed = engine->verdicts[SYNFIX_VERDICT_SYN] + engine->verdicts[SYNFIX_VERDICT_SYN_ACK];
    g_string_append_printf(text,
                           "%" PRIu64 " observations: %" PRIu64 " with a label, %" PRIu64
                           " repeated, %" PRIu64 " whose SYN was not seen; %" PRIu64 " uptimes\n",
                           observed, engine->matched, engine->retransmissions, engine->syn_not_seen,
                           engine->uptime_observations);
    for (size_t i = 0; i < summary->sink_count; i++)
        format_sink(&summary->sinks[i], text);
}

static void metric(GString *text, const char *name, const char *help)
{
    g_string_append_printf(text, "# TYPE synfix_%s counter\n# HELP synfix_%s %s.\n", name, name, help);
}

static void append_escaped(GString *text, const char *value)
{
    for (; *value; value++) {
        if (*value == '\\' || *value == '"')
            g_string_append_c(text, '\\');
        g_string_append_c(text, *value == '\n' ? ' ' : *value);
    }
}

static void metrics_of_sinks(const pipeline_summary_t *summary, GString *text)
{
    static const struct {
        const char *name;
        const char *help;
        size_t offset;
    } fields[] = {
        {"sink_records_handed_over", "Records handed to the file, kernel or broker",
         offsetof(pipeline_sink_summary_t, stats.handed_over)},
        {"sink_records_spooled", "Records on disk, not sent yet",
         offsetof(pipeline_sink_summary_t, stats.spooled)},
        {"sink_records_given_up", "Records lost by the sink",
         offsetof(pipeline_sink_summary_t, stats.given_up)},
        {"sink_records_dropped", "Records that the queue had no room for",
         offsetof(pipeline_sink_summary_t, dropped)},
        {"sink_records_sent_again", "Records repeated after a break",
         offsetof(pipeline_sink_summary_t, stats.sent_again)},
        {"sink_octets", "Octets handed over", offsetof(pipeline_sink_summary_t, stats.octets)},
        {"sink_reconnects", "Connections made anew", offsetof(pipeline_sink_summary_t, stats.reconnects)},
        {"sink_errors", "Errors", offsetof(pipeline_sink_summary_t, stats.errors)},
    };
    for (size_t f = 0; f < G_N_ELEMENTS(fields); f++) {
        metric(text, fields[f].name, fields[f].help);
        for (size_t i = 0; i < summary->sink_count; i++) {
            const pipeline_sink_summary_t *sink = &summary->sinks[i];
            g_string_append_printf(text, "synfix_%s_total{sink=\"", fields[f].name);
            append_escaped(text, sink->name);
            g_string_append_printf(text, "\"} %" PRIu64 "\n",
                                   *(const uint64_t *)((const char *)sink + fields[f].offset));
        }
    }
}

void summary_metrics(const pipeline_summary_t *summary, const synfix_engine_counters_t *workers,
                     GString *text)
{
    metric(text, "packets", "Packets by what became of them");
    for (unsigned worker = 0; worker < summary->workers; worker++)
        for (int i = 0; i < SYNFIX_VERDICT_COUNT; i++)
            g_string_append_printf(text, "synfix_packets_total{worker=\"%u\",verdict=\"%s\"} %" PRIu64 "\n",
                                   worker, synfix_verdict_name((synfix_verdict_t)i),
                                   workers[worker].verdicts[i]);
#define METRIC_OF_ENGINE(field, help)                                                                        \
    metric(text, #field, help);                                                                              \
    for (unsigned worker = 0; worker < summary->workers; worker++)                                           \
        g_string_append_printf(text, "synfix_" #field "_total{worker=\"%u\"} %" PRIu64 "\n", worker,         \
                               workers[worker].field);
    SYNFIX_ENGINE_COUNTERS(METRIC_OF_ENGINE)
#undef METRIC_OF_ENGINE
    metric(text, "packets_dropped", "Packets lost before a worker saw them");
    g_string_append_printf(text,
                           "synfix_packets_dropped_total{where=\"kernel\"} %" PRIu64
                           "\nsynfix_packets_dropped_total{where=\"interface\"} %" PRIu64 "\n",
                           summary->sources.dropped_kernel, summary->sources.dropped_interface);
    metrics_of_sinks(summary, text);
    g_string_append(text, "# EOF\n");
}
