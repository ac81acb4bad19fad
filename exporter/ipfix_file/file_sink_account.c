/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Statistics of the sink `file`, and the report of its errors. */
#include "base/clock.h"
#include "exporter/ipfix_file/file_sink_internal.h"
#include <glib.h>

void file_sink_count(_Atomic uint64_t *counter, uint64_t by)
{
    atomic_fetch_add_explicit(counter, by, memory_order_relaxed);
}

void file_sink_stats(void *instance, synfix_sink_stats_t *stats)
{
    file_sink_t *sink = instance;
    *stats = (synfix_sink_stats_t){
        .delivered = atomic_load_explicit(&sink->delivered, memory_order_relaxed),
        .lost = atomic_load_explicit(&sink->lost, memory_order_relaxed),
        .pending = atomic_load_explicit(&sink->pending, memory_order_relaxed),
        .produced = atomic_load_explicit(&sink->produced, memory_order_relaxed),
        .bytes = atomic_load_explicit(&sink->bytes, memory_order_relaxed),
        .errors = atomic_load_explicit(&sink->errors, memory_order_relaxed),
    };
}

void file_sink_settle(file_sink_t *sink)
{
    const ipfix_file_totals_t *totals = ipfix_file_totals(sink->archive);
    const uint64_t pending = sink->over ? 0 : totals->waiting;
    const uint64_t lost = totals->lost + totals->waiting - pending;
    atomic_store_explicit(&sink->delivered, totals->written, memory_order_relaxed);
    atomic_store_explicit(&sink->pending, pending, memory_order_relaxed);
    atomic_store_explicit(&sink->lost, lost + sink->refused, memory_order_relaxed);
    atomic_store_explicit(&sink->bytes, totals->bytes, memory_order_relaxed);
}

void file_sink_complete(file_sink_t *sink, int64_t now_ns)
{
    const bool recent = now_ns >= sink->recovered_ns && now_ns - sink->recovered_ns < NS_PER_S;
    if (sink->unfinished && !recent) {
        sink->unfinished = false;
        sink->recovered_ns = now_ns;
        ipfix_file_recover_all(sink->target, false, sink->context->log, sink->context->user);
    }
}

/* A full disk or a quota may prevent a rename: the file kept the suffix .part. */
static void write_again(file_sink_t *sink)
{
    g_autofree char *text = g_strdup_printf("file:%s: writing again", sink->target);
    sink->context->log(sink->context->user, 2, text);
    sink->unfinished = sink->recover && file_sink_rotates(sink);
}

synfix_status_t file_sink_conclude(file_sink_t *sink, synfix_status_t status, synfix_error_t *error)
{
    sink->over = status == SYNFIX_END || (status != SYNFIX_OK && !sink->context->live);
    file_sink_settle(sink);
    if (status == SYNFIX_OK) {
        if (ipfix_file_totals(sink->archive)->waiting == 0 && failure_note_clear(&sink->failure)) {
            write_again(sink);
        }
        return SYNFIX_OK;
    }
    file_sink_count(&sink->errors, status < 0);
    if (!sink->context->live || status == SYNFIX_END) {
        return status;
    }
    if (failure_note_set(&sink->failure, error->text)) {
        sink->context->log(sink->context->user, 0, error->text);
    }
    return SYNFIX_OK;
}
