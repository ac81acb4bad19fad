/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/host_report/report_lists.h"

#include <string.h>

static void fact_free(gpointer data)
{
    g_strfreev(data);
}

static void top_free(gpointer data)
{
    report_top_free(data);
}

host_report_t *host_report_new(int64_t created_ns)
{
    host_report_t *report = g_new0(host_report_t, 1);
    report->now_ns = created_ns;
    report->hosts = report_top_new(REPORT_HOSTS_MAX, report_by_weight);
    report->unsupported = report_top_new(REPORT_LIST_MAX, report_by_age);
    report->tools = report_top_new(REPORT_LIST_MAX, report_by_tool_use);
    report->shared = report_top_new(REPORT_LIST_MAX, report_by_score);
    report->uptimes = report_top_new(REPORT_LIST_MAX, report_by_uptime);
    report->windows = g_hash_table_new_full(NULL, NULL, NULL, top_free);
    report->counts = report_counts_new();
    report->unknown = report_unknown_new();
    report->changes = g_array_new(FALSE, FALSE, sizeof(report_change_t));
    report->times = g_array_new(FALSE, FALSE, sizeof(int64_t));
    report->change_times = g_array_new(FALSE, FALSE, sizeof(int64_t));
    report->texts = g_string_chunk_new(256);
    report->notes = g_ptr_array_new_with_free_func(g_free);
    report->facts = g_ptr_array_new_with_free_func(fact_free);
    return report;
}

void host_report_free(host_report_t *report)
{
    if (report == NULL) {
        return;
    }
    report_top_free(report->hosts);
    report_top_free(report->unsupported);
    report_top_free(report->tools);
    report_top_free(report->shared);
    report_top_free(report->uptimes);
    g_hash_table_unref(report->windows);
    report_counts_free(report->counts);
    report_unknown_free(report->unknown);
    g_array_unref(report->changes);
    g_array_unref(report->times);
    g_array_unref(report->change_times);
    g_string_chunk_free(report->texts);
    g_ptr_array_unref(report->notes);
    g_ptr_array_unref(report->facts);
    g_free(report);
}

static bool is_older(const host_label_t *label, const host_label_t *than)
{
    return label->support != NULL &&
           (than->support == NULL || label->support->newest_year < than->support->newest_year);
}

/* Several labels of a shared address may be right. An uncertain label causes no alarm. */
static const host_label_t *oldest_label(const host_row_t *row, uint8_t *quality)
{
    const host_label_t *oldest = row->label;
    *quality = row->quality;
    for (size_t i = 0; host_row_shared(row) && i < row->label_count; i++) {
        const host_label_count_t *count = &row->labels[i];
        if (!count->label->tool && count->quality >= REPORT_QUALITY_MIN && is_older(count->label, oldest)) {
            oldest = count->label;
            *quality = count->quality;
        }
    }
    return oldest;
}

static const char *tools_of(host_report_t *report, const host_row_t *row)
{
    char text[HOST_TOOLS_TEXT_SIZE];
    return row->tool && host_tools_format(row, text) > 0 ? g_string_chunk_insert_const(report->texts, text)
                                                         : NULL;
}

static report_host_t host_of(host_report_t *report, const host_row_t *row)
{
    uint8_t oldest_quality = 0;
    const host_label_t *oldest = oldest_label(row, &oldest_quality);
    return (report_host_t){
        .key = row->key,
        .label = row->label,
        .oldest = oldest,
        .oldest_quality = oldest_quality,
        .tools = tools_of(report, row),
        .tool_observations = host_tool_observations(row),
        .link_label = row->link_label,
        .first_ns = row->first_ns,
        .last_ns = row->last_ns,
        .observations = row->observations,
        .uptime_seconds = row->uptime.measured_ns != 0 ? row->uptime.seconds : 0,
        .uptime_ns = row->uptime.measured_ns,
        .reasons = row->reasons,
        .restarts = row->uptime.restarts,
        .changes = (uint32_t)MIN(row->changes_seen, UINT32_MAX),
        .link_mtu = row->link_mtu,
        .quality = row->quality,
        .distance = row->distance,
        .score = row->score,
        .reliability = row->uptime.reliability,
        .tool = row->tool,
        .random_ttl = row->random_ttl,
        .unsupported = system_support_status(oldest->support, report->now_ns) == SUPPORT_ENDED,
    };
}

/* Both roles are known: the host counts. */
static void count_pending(host_report_t *report)
{
    const report_host_t *host = &report->pending;
    if (host->key.ip_version != 0) {
        report_counts_add(report->counts, host);
        g_array_append_val(report->times, host->first_ns);
        g_array_append_val(report->times, host->last_ns);
        report->host_count++;
        report->pending = (report_host_t){.key = {.ip_version = 0}};
    }
}

/* The role that stands for the host, with the times of both and the link of either. */
static void merge_roles(report_host_t *pending, const report_host_t *host)
{
    const report_host_t first = *pending;
    const bool second = host_role_stands(first.tool, first.quality, host->tool, host->quality);
    const report_host_t *other = second ? &first : host;
    *pending = second ? *host : first;
    pending->first_ns = MIN(first.first_ns, host->first_ns);
    pending->last_ns = MAX(first.last_ns, host->last_ns);
    if (pending->link_mtu == 0) {
        pending->link_mtu = other->link_mtu;
        pending->link_label = other->link_label;
    }
}

static void add_to_totals(host_report_t *report, const report_host_t *host)
{
    if (report->pending.key.ip_version != 0 && host_key_same_host(&report->pending.key, &host->key)) {
        merge_roles(&report->pending, host);
    } else {
        count_pending(report);
        report->pending = *host;
    }
}

static void add_changes(host_report_t *report, const host_row_t *row)
{
    for (size_t i = 0; i < row->change_count; i++) {
        const report_change_t change = {.key = row->key, .change = row->changes[i]};
        g_array_append_val(report->changes, change);
        g_array_append_val(report->change_times, change.change.time_ns);
        report->changes_seen++;
    }
    if (report->changes->len >= 2 * REPORT_CHANGES_MAX) {
        report_sort_changes(report);
    }
}

void host_report_add(host_report_t *report, const host_row_t *row)
{
    const report_host_t host = host_of(report, row);
    add_to_totals(report, &host);
    report_lists_add(report, &host);
    add_changes(report, row);
    report_unknown_add(report->unknown, row);
    report->observations += row->observations;
}

void host_report_conclude(host_report_t *report)
{
    count_pending(report);
    report_lists_conclude(report);
    report_sort_changes(report);
}

void host_report_add_fact(host_report_t *report, const char *name, const char *value)
{
    char **fact = g_new0(char *, 3);
    fact[0] = g_strdup(name);
    fact[1] = g_strdup(value);
    g_ptr_array_add(report->facts, fact);
}

void host_report_add_note(host_report_t *report, const char *sentence)
{
    g_ptr_array_add(report->notes, g_strdup(sentence));
}

size_t host_report_count(const host_report_t *report)
{
    return (size_t)(report->host_count + (report->pending.key.ip_version != 0 ? 1 : 0));
}

bool host_report_format_of(const char *name, host_report_format_t *format)
{
    static const char *const names[] = {
        [HOST_REPORT_HTML] = "html", [HOST_REPORT_MARKDOWN] = "md", [HOST_REPORT_JSON] = "json"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            *format = (host_report_format_t)i;
            return true;
        }
    }
    return false;
}

GString *host_report_print(host_report_t *report, host_report_format_t format)
{
    host_report_conclude(report);
    g_autoptr(GPtrArray) tables = report_tables_new(report);
    switch (format) {
    case HOST_REPORT_MARKDOWN:
        return report_markdown(report, tables);
    case HOST_REPORT_JSON:
        return report_json(report, tables);
    case HOST_REPORT_HTML:
        break;
    }
    return report_html(report, tables);
}
