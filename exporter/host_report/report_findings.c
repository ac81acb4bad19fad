/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What a reader looks for first: the oldest Windows, systems without security support, scanners, shared
 * addresses, changes. */
#include "exporter/host_report/report_lists.h"

#include <string.h>

static bool is_unsupported(const host_report_t *report, const report_host_t *host)
{
    return system_support_status(host->oldest->support, report->now_ns) == SUPPORT_ENDED;
}

static bool is_dated_windows(const host_report_t *report, const report_host_t *host)
{
    (void)report;
    return host->oldest->support != NULL && strcmp(host->oldest->family, "Windows") == 0 &&
           host->oldest_quality >= REPORT_QUALITY_MIN;
}

/* Equally old systems: the most certain one first. */
static int oldest_first(gconstpointer a, gconstpointer b)
{
    const report_host_t *x = *(const report_host_t *const *)a;
    const report_host_t *y = *(const report_host_t *const *)b;
    const int years = x->oldest->support->newest_year - y->oldest->support->newest_year;
    if (years != 0) {
        return years;
    }
    return x->oldest_quality != y->oldest_quality ? y->oldest_quality - x->oldest_quality
                                                  : report_by_key(x, y);
}

report_table_t *report_list_unsupported(const host_report_t *report)
{
    static const report_column_t columns[] = {{"address", "Address", REPORT_CODE},
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
    g_autoptr(GPtrArray) hosts = report_select(report, is_unsupported, oldest_first);
    for (guint i = 0; i < hosts->len; i++) {
        const report_host_t *host = g_ptr_array_index(hosts, i);
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
                           host->tool_observations == 1 ? "" : "s");
}

static char *shared_detail(const host_report_t *report, const report_host_t *host)
{
    (void)report;
    g_autofree char *reasons = report_reasons(host->reasons & SYNFIX_HOST_SHARING_REASONS);
    return g_strdup_printf("score %u: %s", host->score, reasons);
}

/* One kind of finding: the first host in an order stands for all of them. */
static const struct finding {
    const char *name;
    report_select_fn is_selected;
    GCompareFunc order;
    char *(*detail)(const host_report_t *report, const report_host_t *host);
    bool same_system; /* counts only hosts of the system of the first one */
} findings[] = {
    {"Oldest Windows", is_dated_windows, oldest_first, system_detail, true},
    {"Systems without security support", is_unsupported, oldest_first, system_detail, false},
    {"Scanners and tools", report_is_tool, report_by_tool_use, tool_detail, false},
    {"Shared addresses", report_is_shared, report_by_score, shared_detail, false},
};

static guint count_of(const struct finding *finding, const GPtrArray *hosts)
{
    const report_host_t *first = g_ptr_array_index(hosts, 0);
    guint count = 0;
    while (count < hosts->len &&
           (!finding->same_system ||
            ((const report_host_t *)g_ptr_array_index(hosts, count))->oldest == first->oldest)) {
        count++;
    }
    return count;
}

static int by_time(gconstpointer a, gconstpointer b)
{
    const report_change_t *x = a;
    const report_change_t *y = b;
    return x->change.time_ns < y->change.time_ns ? -1 : x->change.time_ns > y->change.time_ns ? 1 : 0;
}

static void add_changes(const host_report_t *report, report_table_t *table)
{
    const report_change_t *newest = NULL;
    for (guint i = 0; i < report->changes->len; i++) {
        const report_change_t *change = &g_array_index(report->changes, report_change_t, i);
        newest = newest == NULL || by_time(newest, change) < 0 ? change : newest;
    }
    if (newest == NULL) {
        return;
    }
    g_autofree char *reasons = report_reasons(newest->change.reasons);
    g_autofree char *time = report_time(newest->change.time_ns);
    report_table_add(table, g_strdup("Changes"), report_key(&newest->key),
                     g_strdup_printf("%s: %s", time, reasons), report_number(report->changes->len));
}

report_table_t *report_findings(const host_report_t *report)
{
    static const report_column_t columns[] = {{"finding", "Finding", REPORT_TEXT},
                                              {"address", "First address", REPORT_CODE},
                                              {"detail", "Detail", REPORT_TEXT},
                                              {"count", "Count", REPORT_NUMBER}};
    report_table_t *table = report_table_new("findings", "At a glance",
                                             "The first host of each kind; the sections below list all.",
                                             columns, G_N_ELEMENTS(columns), "Nothing stands out.");
    for (size_t i = 0; report->hosts->len > 0 && i < G_N_ELEMENTS(findings); i++) {
        const struct finding *finding = &findings[i];
        g_autoptr(GPtrArray) hosts = report_select(report, finding->is_selected, finding->order);
        if (hosts->len > 0) {
            const report_host_t *first = g_ptr_array_index(hosts, 0);
            report_table_add(table, g_strdup(finding->name), report_key(&first->key),
                             finding->detail(report, first), report_number(count_of(finding, hosts)));
        } else {
            report_table_add(table, g_strdup(finding->name), NULL, g_strdup("none observed"), g_strdup("0"));
        }
    }
    add_changes(report, table);
    return table;
}
