/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/report/summary.h"
#include "app/common/printable.h"
#include "base/clock.h"

#include <inttypes.h>

static void line(GString *text, uint64_t count, const char *what)
{
    if (count > 0) {
        g_string_append_printf(text, "  %12" PRIu64 "  %s\n", count, what);
    }
}

typedef struct sink_part {
    size_t offset; /* of a uint64_t in pipeline_sink_summary_t */
    const char *text;
} sink_part_t;

/* Counts of a sink that are not printed while they are 0. */
static const sink_part_t sink_parts[] = {
    {offsetof(pipeline_sink_summary_t, stats.spooled), "spooled"},
    {offsetof(pipeline_sink_summary_t, left), "left on disk"},
    {offsetof(pipeline_sink_summary_t, stats.pending), "pending"},
    {offsetof(pipeline_sink_summary_t, stats.lost), "lost"},
    {offsetof(pipeline_sink_summary_t, dropped), "dropped"},
    {offsetof(pipeline_sink_summary_t, unencodable), "too large to encode"},
    {offsetof(pipeline_sink_summary_t, stats.retransmitted), "sent again after a break"},
};

static void format_sink(const char *name, const pipeline_sink_summary_t *sink, GString *text)
{
    const synfix_sink_stats_t *stats = &sink->stats;
    g_autofree char *shown = printable_copy(name);
    g_string_append_printf(text, "%s: %" PRIu64 " record%s delivered", shown, stats->delivered,
                           plural(stats->delivered));
    for (size_t i = 0; i < G_N_ELEMENTS(sink_parts); i++) {
        const uint64_t count = *(const uint64_t *)((const char *)sink + sink_parts[i].offset);
        if (count > 0) {
            g_string_append_printf(text, ", %" PRIu64 " %s", count, sink_parts[i].text);
        }
    }
    g_string_append_printf(text, ", %" PRIu64 " byte%s", stats->bytes, plural(stats->bytes));
    if (stats->found > 0) {
        g_string_append_printf(text, "; %" PRIu64 " of them found on disk", stats->found);
    }
    if (stats->unheard > 0) {
        g_string_append_printf(text, "; %" PRIu64 " of them sent while no process listened", stats->unheard);
    }
    if (sink->before > 0) {
        g_string_append_printf(text, "; %" PRIu64 " observation%s before the sink was added", sink->before,
                               plural(sink->before));
    }
    if (sink->enough) {
        g_string_append(text, "; the reader has closed the output");
    }
    if (sink->failed) {
        g_string_append_printf(text, "; FAILED: %s", sink->reason);
    }
    g_string_append_c(text, '\n');
}

/* `17.492 s` or `3 d 4 h`: long spans are shown in days and hours. */
static void append_span(GString *text, int64_t span_ns)
{
    const int64_t minutes = span_ns / (60 * NS_PER_S);
    if (minutes < 60) {
        g_string_append_printf(text, "%.3f s", (double)span_ns / 1e9);
    } else if (minutes < 24 * 60) {
        g_string_append_printf(text, "%" PRId64 " h %" PRId64 " min", minutes / 60, minutes % 60);
    } else {
        g_string_append_printf(text, "%" PRId64 " d %" PRId64 " h", minutes / (24 * 60), minutes / 60 % 24);
    }
}

static void format_received(const pipeline_summary_t *summary, GString *text)
{
    const synfix_engine_counters_t *engine = &summary->engine;
    g_string_append_printf(text, "%" PRIu64 " packet%s, %" PRIu64 " byte%s", engine->packets_received,
                           plural(engine->packets_received), engine->octets_received,
                           plural(engine->octets_received));
    if (summary->last_ns > summary->first_ns) {
        g_string_append(text, ", ");
        append_span(text, summary->last_ns - summary->first_ns);
        g_string_append(text, " from the first to the last packet");
    }
    g_string_append(text, "\n");
}

/* Each packet once: observed, ignored by reason, dropped by reason. */
static void format_packets(const pipeline_summary_t *summary, GString *text)
{
    const synfix_source_stats_t *sources = &summary->sources;
    for (int i = 0; i < SYNFIX_VERDICT_COUNT; i++) {
        const char *kind = i > SYNFIX_VERDICT_SYN_ACK ? "ignored: " : "";
        g_autofree char *what = g_strconcat(kind, synfix_verdict_text((synfix_verdict_t)i), NULL);
        line(text, summary->engine.verdicts[i], what);
    }
    line(text, sources->dropped_kernel, "dropped: no room in the kernel's buffer");
    line(text, sources->dropped_interface, "dropped: by the interface");
    line(text, sources->unread, "left in the kernel: the second signal ended the program at once");
    line(text, summary->enrichers_failed, "enrichers disabled: they failed");
    line(text, summary->samples_dropped, "time stamps of hosts dropped: no room between workers");
}

static void format_observations(const synfix_engine_counters_t *engine, GString *text)
{
    const uint64_t observed = engine->verdicts[SYNFIX_VERDICT_SYN] + engine->verdicts[SYNFIX_VERDICT_SYN_ACK];
    g_string_append_printf(text,
                           "%" PRIu64 " observation%s: %" PRIu64 " with a label, %" PRIu64
                           " repeated, %" PRIu64 " whose SYN was not seen; %" PRIu64 " uptime%s\n",
                           observed, plural(observed), engine->matched, engine->retransmissions,
                           engine->syn_not_seen, engine->uptime_observations,
                           plural(engine->uptime_observations));
    line(text, engine->handshakes_evicted, "open handshakes evicted early (raise --handshakes)");
    line(text, engine->hosts_evicted, "hosts evicted early (raise --hosts)");
}

void summary_format(const pipeline_summary_t *summary, GString *text)
{
    format_received(summary, text);
    format_packets(summary, text);
    format_observations(&summary->engine, text);
    for (size_t i = 0; i < summary->sink_count; i++) {
        format_sink(summary->sinks[i].name, &summary->sinks[i], text);
    }
    if (summary->removed_count > 0) {
        g_autofree char *name = g_strdup_printf("%zu removed while running", summary->removed_count);
        format_sink(name, &summary->removed, text);
    }
}

static uint64_t kernel_drops(const summary_parts_t *parts, unsigned worker)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < parts->handle_count; i++) {
        sum += parts->handles[i].worker == worker ? parts->handles[i].stats.dropped_kernel : 0;
    }
    return sum;
}

void summary_format_workers(const pipeline_summary_t *summary, const summary_parts_t *parts, GString *text)
{
    for (unsigned i = 0; i < summary->workers; i++) {
        const synfix_engine_counters_t *counters = &parts->workers[i];
        g_string_append_printf(
            text,
            "worker %u: %" PRIu64 " packets, %" PRIu64 " observations, %" PRIu64 " dropped by the kernel\n",
            i, counters->packets_received,
            counters->verdicts[SYNFIX_VERDICT_SYN] + counters->verdicts[SYNFIX_VERDICT_SYN_ACK],
            kernel_drops(parts, i));
    }
}
