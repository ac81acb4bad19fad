/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/host_report/report_lists.h"

#include <string.h>

char *report_reasons(uint32_t reasons)
{
    GString *out = g_string_new(NULL);
    for (unsigned bit = 0; bit < 32; bit++) {
        const uint32_t reason = reasons & 1u << bit;
        if (reason != 0) {
            g_string_append_printf(out, "%s%s", out->len > 0 ? "; " : "", host_reason_text(reason));
        }
    }
    return g_string_free(out, FALSE);
}

static char *uptime_text(uint64_t seconds)
{
    return seconds >= 86400 ? g_strdup_printf("%" G_GUINT64_FORMAT " d %" G_GUINT64_FORMAT " h",
                                              seconds / 86400, seconds / 3600 % 24)
                            : g_strdup_printf("%" G_GUINT64_FORMAT " h %" G_GUINT64_FORMAT " min",
                                              seconds / 3600, seconds / 60 % 60);
}

static char **host_row(const report_table_t *table, unsigned row)
{
    const host_report_t *report = table->context;
    const report_host_t *host = report_top_at(table->source, row);
    return report_row_new(
        table->column_count, report_key(&host->key), g_strdup(host_role_name(host->key.role)),
        g_strdup(report_label(host->label)), report_number(host->quality),
        report_support(report, host->label), report_number(host->distance),
        host->link_mtu != 0 ? report_number(host->link_mtu) : NULL, report_number(host->observations),
        report_number(host->score), report_number(host->changes), report_time(host->first_ns),
        report_time(host->last_ns));
}

static char *hosts_remark(const report_top_t *hosts)
{
    return hosts->seen > hosts->rows->len
               ? g_strdup_printf("%u of %" G_GUINT64_FORMAT
                                 " rows: those with a finding, then those with most observations; the counts "
                                 "of other sections cover all. synfix hosts --format csv lists all rows.",
                                 hosts->rows->len, hosts->seen)
               : NULL;
}

report_table_t *report_list_hosts(const host_report_t *report)
{
    static const report_column_t columns[] = {{"address", "Address", REPORT_CODE},
                                              {"role", "Role", REPORT_TEXT},
                                              {"label", "System", REPORT_TEXT},
                                              {"quality", "Quality", REPORT_NUMBER},
                                              {"support", "Security support", REPORT_TEXT},
                                              {"distance", "Distance", REPORT_NUMBER},
                                              {"mtu", "MTU", REPORT_NUMBER},
                                              {"observations", "Observations", REPORT_NUMBER},
                                              {"sharing", "Sharing score", REPORT_NUMBER},
                                              {"changes", "Changes", REPORT_NUMBER},
                                              {"first_seen", "First seen", REPORT_TEXT},
                                              {"last_seen", "Last seen", REPORT_TEXT}};
    report_table_t *table =
        report_table_new("hosts", "Hosts",
                         "One row for each address and role: a host that is client and server has two rows. "
                         "Times are UTC.",
                         columns, G_N_ELEMENTS(columns), "No host was observed.");
    report_table_set_source(table, host_row, report->hosts, report, report->hosts->rows->len);
    table->remark = hosts_remark(report->hosts);
    return table;
}

report_table_t *report_list_shared(const host_report_t *report)
{
    static const report_column_t columns[] = {{"address", "Address", REPORT_ADDRESS},
                                              {"role", "Role", REPORT_TEXT},
                                              {"score", "Score", REPORT_NUMBER},
                                              {"reasons", "Reasons", REPORT_TEXT},
                                              {"label", "Most frequent system", REPORT_TEXT}};
    report_table_t *table = report_table_new(
        "shared", "Shared addresses", "Several hosts probably share these addresses (NAT, proxies).", columns,
        G_N_ELEMENTS(columns), "No address is shared, as far as observed.");
    table->remark = report_top_remark(report->shared);
    for (guint i = 0; i < report->shared->rows->len; i++) {
        const report_host_t *host = report_top_at(report->shared, i);
        report_table_add(table, report_key(&host->key), g_strdup(host_role_name(host->key.role)),
                         report_number(host->score),
                         report_reasons(host->reasons & SYNFIX_HOST_SHARING_REASONS),
                         g_strdup(report_label(host->label)));
    }
    return table;
}

report_table_t *report_list_tools(const host_report_t *report)
{
    static const report_column_t columns[] = {{"address", "Address", REPORT_ADDRESS},
                                              {"tool", "Tool", REPORT_TEXT},
                                              {"packets", "Packets of the tool", REPORT_NUMBER},
                                              {"label", "System of the host", REPORT_TEXT},
                                              {"first_seen", "First seen", REPORT_TEXT},
                                              {"last_seen", "Last seen", REPORT_TEXT}};
    report_table_t *table =
        report_table_new("tools", "Scanners and tools", "These hosts sent packets of a scanner.", columns,
                         G_N_ELEMENTS(columns), "No scanner was observed.");
    table->remark = report_top_remark(report->tools);
    for (guint i = 0; i < report->tools->rows->len; i++) {
        const report_host_t *host = report_top_at(report->tools, i);
        report_table_add(table, report_key(&host->key), g_strdup(host->tools),
                         report_number(host->tool_observations),
                         g_strdup(host->label->tool ? "Unknown" : report_label(host->label)),
                         report_time(host->first_ns), report_time(host->last_ns));
    }
    return table;
}

report_table_t *report_list_changes(const host_report_t *report)
{
    static const report_column_t columns[] = {
        {"time", "Time", REPORT_TEXT},      {"address", "Address", REPORT_ADDRESS},
        {"reasons", "Change", REPORT_TEXT}, {"before", "Before", REPORT_TEXT},
        {"after", "After", REPORT_TEXT},    {"score", "Sharing score", REPORT_NUMBER}};
    report_table_t *table = report_table_new(
        "changes", "Changes",
        "Restarts, updates, new links; the newest first. Times ahead of the report come last.", columns,
        G_N_ELEMENTS(columns), "No host changed.");
    for (guint i = 0; i < report->changes->len; i++) {
        const report_change_t *item = &g_array_index(report->changes, report_change_t, i);
        report_table_add(table, report_time(item->change.time_ns), report_key(&item->key),
                         report_reasons(item->change.reasons), g_strdup(report_label(item->change.before)),
                         g_strdup(report_label(item->change.after)), report_number(item->change.score));
    }
    if (report->changes_seen > report->changes->len) {
        table->remark = g_strdup_printf("The first %u of %" G_GUINT64_FORMAT " changes.",
                                        report->changes->len, report->changes_seen);
    }
    return table;
}

report_table_t *report_list_uptimes(const host_report_t *report)
{
    static const report_column_t columns[] = {
        {"address", "Address", REPORT_ADDRESS}, {"uptime", "Uptime", REPORT_TEXT},
        {"seconds", "Seconds", REPORT_NUMBER},  {"measured", "Measured", REPORT_TEXT},
        {"evidence", "Evidence", REPORT_TEXT},  {"restarts", "Restarts", REPORT_NUMBER},
        {"label", "System", REPORT_TEXT}};
    report_table_t *table = report_table_new("uptimes", "Uptimes and restarts",
                                             "An uptime from one connection is a hint only: many systems "
                                             "start the clock of each connection at a random "
                                             "value.",
                                             columns, G_N_ELEMENTS(columns), "No uptime is known.");
    table->remark = report_top_remark(report->uptimes);
    for (guint i = 0; i < report->uptimes->rows->len; i++) {
        const report_host_t *host = report_top_at(report->uptimes, i);
        const bool known = host->uptime_seconds > 0;
        report_table_add(
            table, report_key(&host->key), known ? uptime_text(host->uptime_seconds) : NULL,
            known ? report_number(host->uptime_seconds) : NULL, known ? report_time(host->uptime_ns) : NULL,
            g_strdup(host->reliability == SYNFIX_UPTIME_ONE_LINE ? "several connections" : "one connection"),
            report_number(host->restarts), g_strdup(report_label(host->label)));
    }
    return table;
}
