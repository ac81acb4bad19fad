/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/host_report/report_lists.h"

#include <string.h>

#define UNKNOWN_MAX 50u /* signatures in the list; the tail is noise */
#define CHANGES_MAX 1000u

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

int report_by_key(gconstpointer a, gconstpointer b)
{
    const report_host_t *x = a;
    const report_host_t *y = b;
    if (x->key.ip_version != y->key.ip_version) {
        return x->key.ip_version < y->key.ip_version ? -1 : 1;
    }
    const int addresses = memcmp(x->key.address.bytes, y->key.address.bytes, sizeof x->key.address.bytes);
    return addresses != 0 ? addresses : memcmp(&x->key, &y->key, sizeof x->key);
}

report_table_t *report_list_hosts(host_report_t *report)
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
        report_table_new("hosts", "Hosts", "One row for each address and role. Times are UTC.", columns,
                         G_N_ELEMENTS(columns), "No host was observed.");
    g_array_sort(report->hosts, report_by_key);
    for (guint i = 0; i < report->hosts->len; i++) {
        const report_host_t *host = &g_array_index(report->hosts, report_host_t, i);
        report_table_add(table, report_key(&host->key), g_strdup(host_role_name(host->key.role)),
                         g_strdup(report_label(host->label)), report_number(host->quality),
                         report_support(report, host->label), report_number(host->distance),
                         host->link_mtu != 0 ? report_number(host->link_mtu) : g_strdup(""),
                         report_number(host->observations), report_number(host->score),
                         report_number(host->changes), report_time(host->first_ns),
                         report_time(host->last_ns));
    }
    return table;
}

GPtrArray *report_select(const host_report_t *report, report_select_fn is_selected, GCompareFunc compare)
{
    GPtrArray *selected = g_ptr_array_new();
    for (guint i = 0; i < report->hosts->len; i++) {
        report_host_t *host = &g_array_index(report->hosts, report_host_t, i);
        if (is_selected(report, host)) {
            g_ptr_array_add(selected, host);
        }
    }
    g_ptr_array_sort(selected, compare);
    return selected;
}

int report_by_score(gconstpointer a, gconstpointer b)
{
    const report_host_t *x = *(const report_host_t *const *)a;
    const report_host_t *y = *(const report_host_t *const *)b;
    return x->score != y->score ? y->score - x->score : report_by_key(x, y);
}

int report_by_tool_use(gconstpointer a, gconstpointer b)
{
    const report_host_t *x = *(const report_host_t *const *)a;
    const report_host_t *y = *(const report_host_t *const *)b;
    return x->tool_observations != y->tool_observations
               ? (x->tool_observations < y->tool_observations ? 1 : -1)
               : report_by_key(x, y);
}

static int by_uptime(gconstpointer a, gconstpointer b)
{
    const report_host_t *x = *(const report_host_t *const *)a;
    const report_host_t *y = *(const report_host_t *const *)b;
    return x->uptime_seconds != y->uptime_seconds ? (x->uptime_seconds < y->uptime_seconds ? 1 : -1)
                                                  : report_by_key(x, y);
}

bool report_is_shared(const host_report_t *report, const report_host_t *host)
{
    (void)report;
    return host->score >= SYNFIX_HOST_SHARED_SCORE;
}

bool report_is_tool(const host_report_t *report, const report_host_t *host)
{
    (void)report;
    return host->tool;
}

static bool has_uptime(const host_report_t *report, const report_host_t *host)
{
    (void)report;
    return host->uptime_seconds > 0 || host->restarts > 0;
}

report_table_t *report_list_shared(const host_report_t *report)
{
    static const report_column_t columns[] = {{"address", "Address", REPORT_CODE},
                                              {"role", "Role", REPORT_TEXT},
                                              {"score", "Score", REPORT_NUMBER},
                                              {"reasons", "Reasons", REPORT_TEXT},
                                              {"label", "Most frequent system", REPORT_TEXT}};
    report_table_t *table = report_table_new(
        "shared", "Shared addresses", "Several hosts probably share these addresses (NAT, proxies).", columns,
        G_N_ELEMENTS(columns), "No address is shared, as far as observed.");
    g_autoptr(GPtrArray) hosts = report_select(report, report_is_shared, report_by_score);
    for (guint i = 0; i < hosts->len; i++) {
        const report_host_t *host = g_ptr_array_index(hosts, i);
        report_table_add(table, report_key(&host->key), g_strdup(host_role_name(host->key.role)),
                         report_number(host->score),
                         report_reasons(host->reasons & SYNFIX_HOST_SHARING_REASONS),
                         g_strdup(report_label(host->label)));
    }
    return table;
}

report_table_t *report_list_tools(const host_report_t *report)
{
    static const report_column_t columns[] = {{"address", "Address", REPORT_CODE},
                                              {"tool", "Tool", REPORT_TEXT},
                                              {"packets", "Packets of the tool", REPORT_NUMBER},
                                              {"label", "System of the host", REPORT_TEXT},
                                              {"first_seen", "First seen", REPORT_TEXT},
                                              {"last_seen", "Last seen", REPORT_TEXT}};
    report_table_t *table =
        report_table_new("tools", "Scanners and tools", "These hosts sent packets of a scanner.", columns,
                         G_N_ELEMENTS(columns), "No scanner was observed.");
    g_autoptr(GPtrArray) hosts = report_select(report, report_is_tool, report_by_tool_use);
    for (guint i = 0; i < hosts->len; i++) {
        const report_host_t *host = g_ptr_array_index(hosts, i);
        report_table_add(table, report_key(&host->key), g_strdup(host->tools),
                         report_number(host->tool_observations),
                         g_strdup(host->label->tool ? "Unknown" : report_label(host->label)),
                         report_time(host->first_ns), report_time(host->last_ns));
    }
    return table;
}

static int newest_first(gconstpointer a, gconstpointer b)
{
    const report_change_t *x = a;
    const report_change_t *y = b;
    return x->change.time_ns < y->change.time_ns ? 1 : x->change.time_ns > y->change.time_ns ? -1 : 0;
}

report_table_t *report_list_changes(const host_report_t *report)
{
    static const report_column_t columns[] = {
        {"time", "Time", REPORT_TEXT},      {"address", "Address", REPORT_CODE},
        {"reasons", "Change", REPORT_TEXT}, {"before", "Before", REPORT_TEXT},
        {"after", "After", REPORT_TEXT},    {"score", "Sharing score", REPORT_NUMBER}};
    report_table_t *table = report_table_new("changes", "Changes",
                                             "Restarts, updates, new links; the newest first, 1000 at most.",
                                             columns, G_N_ELEMENTS(columns), "No host changed.");
    g_array_sort(report->changes, newest_first);
    for (guint i = 0; i < MIN(report->changes->len, CHANGES_MAX); i++) {
        const report_change_t *item = &g_array_index(report->changes, report_change_t, i);
        report_table_add(table, report_time(item->change.time_ns), report_key(&item->key),
                         report_reasons(item->change.reasons), g_strdup(report_label(item->change.before)),
                         g_strdup(report_label(item->change.after)), report_number(item->change.score));
    }
    return table;
}

report_table_t *report_list_uptimes(const host_report_t *report)
{
    static const report_column_t columns[] = {
        {"address", "Address", REPORT_CODE},   {"uptime", "Uptime", REPORT_TEXT},
        {"seconds", "Seconds", REPORT_NUMBER}, {"measured", "Measured", REPORT_TEXT},
        {"evidence", "Evidence", REPORT_TEXT}, {"restarts", "Restarts", REPORT_NUMBER},
        {"label", "System", REPORT_TEXT}};
    report_table_t *table = report_table_new("uptimes", "Uptimes and restarts",
                                             "An uptime from one connection is a hint only: many systems "
                                             "start the clock of each connection at a random "
                                             "value.",
                                             columns, G_N_ELEMENTS(columns), "No uptime is known.");
    g_autoptr(GPtrArray) hosts = report_select(report, has_uptime, by_uptime);
    for (guint i = 0; i < hosts->len; i++) {
        const report_host_t *host = g_ptr_array_index(hosts, i);
        const bool known = host->uptime_seconds > 0;
        report_table_add(
            table, report_key(&host->key), known ? uptime_text(host->uptime_seconds) : NULL,
            known ? report_number(host->uptime_seconds) : NULL, known ? report_time(host->uptime_ns) : NULL,
            g_strdup(host->reliability == SYNFIX_UPTIME_ONE_LINE ? "several connections" : "one connection"),
            report_number(host->restarts), g_strdup(report_label(host->label)));
    }
    return table;
}

static int most_hosts_first(gconstpointer a, gconstpointer b)
{
    const report_unknown_t *x = *(const report_unknown_t *const *)a;
    const report_unknown_t *y = *(const report_unknown_t *const *)b;
    return x->hosts != y->hosts                 ? (x->hosts < y->hosts ? 1 : -1)
           : x->observations != y->observations ? (x->observations < y->observations ? 1 : -1)
                                                : strcmp(x->text, y->text);
}

/* As sigdb learn writes an entry: any version, the initial TTL instead of TTL and distance. */
static char *proposed_entry(const char *signature)
{
    g_auto(GStrv) fields = g_strsplit(signature, ":", 3);
    if (g_strv_length(fields) < 3) {
        return g_strdup("");
    }
    const uint8_t ttl = synfix_initial_ttl_guess((uint8_t)g_ascii_strtoull(fields[1], NULL, 10));
    return g_strdup_printf("sig = *:%u:%s", ttl, fields[2]);
}

report_table_t *report_list_unknown(const host_report_t *report)
{
    static const report_column_t columns[] = {
        {"signature", "Signature", REPORT_CODE}, {"role", "Role", REPORT_TEXT},
        {"hosts", "Hosts", REPORT_NUMBER},       {"observations", "Observations", REPORT_NUMBER},
        {"example", "Example", REPORT_CODE},     {"entry", "Entry for a database", REPORT_CODE}};
    report_table_t *table = report_table_new(
        "unknown", "Unknown signatures",
        "Signatures without a label, the most frequent first. The entry belongs below a label of your own.",
        columns, G_N_ELEMENTS(columns), "All signatures have a label.");
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    GHashTableIter iterator;
    gpointer unknown_of;
    g_hash_table_iter_init(&iterator, report->unknown);
    while (g_hash_table_iter_next(&iterator, NULL, &unknown_of)) {
        g_ptr_array_add(all, unknown_of);
    }
    g_ptr_array_sort(all, most_hosts_first);
    for (guint i = 0; i < MIN(all->len, UNKNOWN_MAX); i++) {
        const report_unknown_t *unknown = g_ptr_array_index(all, i);
        report_table_add(table, g_strdup(unknown->text), g_strdup(host_role_name(unknown->role)),
                         report_number(unknown->hosts), report_number(unknown->observations),
                         report_key(&unknown->example), proposed_entry(unknown->text));
    }
    return table;
}
