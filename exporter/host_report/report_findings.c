/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The findings at the top: the oldest Windows, systems without security support, scanners, shared addresses,
 * changes. */
#include "base/message_text.h"
#include "exporter/host_report/report_lists.h"

report_table_t *report_list_unsupported(const host_report_t *report)
{
    static const report_column_t columns[] = {{"address", "Address", REPORT_ADDRESS},
                                              {"label", "System", REPORT_TEXT},
                                              {"support", "Security support", REPORT_TEXT},
                                              {"quality", "Quality", REPORT_NUMBER},
                                              {"role", "Role", REPORT_TEXT},
                                              {"last_seen", "Last seen", REPORT_TEXT}};
    report_table_t *table = report_table_new(
        "unsupported", "Systems without security support",
        "The oldest first. Regular support of the newest version that the label covers has ended; paid "
        "extensions are not counted. Behind a shared address, the oldest certain system is listed.",
        columns, G_N_ELEMENTS(columns), "No system is known to be without security support.");
    table->remark = report_top_remark(report->unsupported);
    for (guint i = 0; i < report->unsupported->rows->len; i++) {
        const report_host_t *host = report_top_at(report->unsupported, i);
        report_table_add(table, report_key(&host->key), g_strdup(host->oldest->text),
                         report_support(report, host->oldest), report_number(host->oldest_quality),
                         g_strdup(host_role_name(host->key.role)), report_time(host->last_ns));
    }
    return table;
}

/* `Windows XP or Server 2003 (quality 85), security support ended 2015-07` */
static char *system_detail(const host_report_t *report, const report_host_t *host)
{
    g_autofree char *support = report_support(report, host->oldest);
    return g_strdup_printf("%s (quality %u)%s%s", host->oldest->text, host->oldest_quality,
                           *support != '\0' ? ", security support " : "", support);
}

static char *tool_detail(const host_report_t *report, const report_host_t *host)
{
    (void)report;
    return g_strdup_printf("%s (%" G_GUINT64_FORMAT " packet%s)", host->tools, host->tool_observations,
                           plural(host->tool_observations));
}

static char *shared_detail(const host_report_t *report, const report_host_t *host)
{
    (void)report;
    const uint32_t reasons = host->reasons & SYNFIX_HOST_SHARING_REASONS;
    uint32_t shown = 0;
    unsigned more = 0;
    for (uint32_t left = reasons; left != 0; left &= left - 1) {
        if (left == reasons || (shown & (shown - 1)) == 0) {
            shown |= left & -left;
        } else {
            more++;
        }
    }
    g_autofree char *text = report_reasons(shown);
    return more > 0 ? g_strdup_printf("score %u: %s; and %u more reasons", host->score, text, more)
                    : g_strdup_printf("score %u: %s", host->score, text);
}

/* The text of a finding uses the first host of the list. */
static void add_finding(const host_report_t *report, report_table_t *table, const char *name,
                        const char *section, const report_top_t *top,
                        char *(*detail)(const host_report_t *report, const report_host_t *host))
{
    if (top == NULL || top->seen == 0) {
        report_table_add(table, g_strdup(name), NULL, g_strdup("none observed"), g_strdup("0"));
        return;
    }
    const report_host_t *first = report_top_at(top, 0);
    report_table_add(table, g_strdup(name), report_key(&first->key), detail(report, first),
                     report_number(top->hosts));
    report_table_link(table, section);
}

static void add_changes(const host_report_t *report, report_table_t *table)
{
    if (report->changes->len == 0) {
        return;
    }
    const report_change_t *newest = &g_array_index(report->changes, report_change_t, 0);
    g_autofree char *reasons = report_reasons(newest->change.reasons);
    g_autofree char *time = report_time(newest->change.time_ns);
    report_table_add(table, g_strdup("Changes"), report_key(&newest->key),
                     g_strdup_printf("%s: %s", time, reasons), report_number(report->changes_seen));
    report_table_link(table, "changes");
}

report_table_t *report_findings(const host_report_t *report)
{
    static const report_column_t columns[] = {{"finding", "Finding", REPORT_TEXT},
                                              {"address", "First address", REPORT_ADDRESS},
                                              {"detail", "Detail", REPORT_TEXT},
                                              {"count", "Count", REPORT_NUMBER}};
    report_table_t *table =
        report_table_new("findings", "At a glance", "The first host of each kind. The lists follow below.",
                         columns, G_N_ELEMENTS(columns), "Nothing stands out.");
    if (report->hosts->seen > 0) {
        const report_top_t *const windows = report_oldest_windows(report);
        const bool listed = windows != NULL && report_top_at(windows, 0)->unsupported;
        add_finding(report, table, "Oldest Windows", listed ? "unsupported" : "hosts", windows,
                    system_detail);
        add_finding(report, table, "Systems without security support", "unsupported", report->unsupported,
                    system_detail);
        add_finding(report, table, "Scanners and tools", "tools", report->tools, tool_detail);
        add_finding(report, table, "Shared addresses", "shared", report->shared, shared_detail);
    }
    add_changes(report, table);
    return table;
}
