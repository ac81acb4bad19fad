/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/hosts/hosts_notes.h"

#include "app/common/exit_codes.h"
#include "base/message_text.h"

#define FEWER "select fewer hosts (--net) or less time (--since, --until)"

static void note(GPtrArray *notes, const char *loss, uint64_t count, const char *advice)
{
    if (count > 0) {
        g_ptr_array_add(notes, g_strdup_printf("%s: %" G_GUINT64_FORMAT "; %s", loss, count, advice));
    }
}

GPtrArray *hosts_notes_losses(const hosts_input_t *input, bool *rows_missing)
{
    GPtrArray *notes = g_ptr_array_new_with_free_func(g_free);
    host_model_stats_t stats;
    host_model_stats(input->model, &stats);
    g_autofree char *evicted = g_strdup_printf(
        "hosts evicted, because the list holds %" G_GUINT64_FORMAT " rows (those seen last)", stats.limit);
    note(notes, "observations omitted, because memory for their hosts was short", stats.lost, FEWER);
    note(notes, evicted, stats.evicted, "raise --host-table, or " FEWER);
    note(notes, "labels omitted, because their table or memory was full: their hosts count as Unknown",
         host_labels_refused(host_model_labels(input->model)), FEWER);
    note(notes, "signatures and changes of hosts omitted, because memory was short", stats.details_lost,
         FEWER);
    note(notes,
         "evidence of shared addresses evicted: sharing scores may be too low, and changes may be missing",
         stats.evidence_lost, "raise --host-table, or " FEWER);
    note(notes, "clocks of hosts evicted: uptimes and restarts may be missing", input->counters.hosts_evicted,
         FEWER);
    note(notes, "open handshakes evicted: labels of answers may be less certain",
         input->counters.handshakes_evicted, FEWER);
    *rows_missing = stats.lost > 0 || stats.evicted > 0;
    return notes;
}

char *hosts_notes_empty(const hosts_input_t *input)
{
    const host_filter_t *filter = &input->filter;
    host_model_stats_t stats;
    host_model_stats(input->model, &stats);
    if (stats.hosts > 0) {
        return g_strdup_printf("no host: none of %" G_GUINT64_FORMAT
                               " row%s (hosts by role) passes the filters",
                               stats.hosts, plural(stats.hosts));
    }
    return g_strdup(filter->since_ns != 0 || filter->until_ns != 0 || filter->net_count > 0
                        ? "no host: no SYN and no SYN+ACK passed the filters of time and address"
                        : "no host: no SYN and no SYN+ACK in the input");
}

int hosts_notes_print(const hosts_input_t *input, int code)
{
    bool rows_missing;
    g_autoptr(GPtrArray) notes = hosts_notes_losses(input, &rows_missing);
    for (guint i = 0; i < notes->len; i++) {
        app_note("%s", (const char *)g_ptr_array_index(notes, i));
    }
    return code == APP_EXIT_OK && rows_missing ? APP_EXIT_INPUT : code;
}
