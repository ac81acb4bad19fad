/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Sections of the report that count hosts by one property. report_lists.c has those that list hosts. */
#include "exporter/host_report/report_lists.h"
#include <string.h>

typedef struct count {
    char *name;
    const char *group; /* second column, or NULL */
    uint64_t hosts;
    uint64_t quality; /* sum over all hosts */
    const report_host_t *example;
} count_t;

static void count_free(gpointer data)
{
    count_t *count = data;
    g_free(count->name);
    g_free(count);
}

typedef char *(*name_fn)(const report_host_t *host, const char **group);

static int by_hosts(gconstpointer a, gconstpointer b)
{
    const count_t *x = *(const count_t *const *)a;
    const count_t *y = *(const count_t *const *)b;
    return x->hosts != y->hosts ? (x->hosts < y->hosts ? 1 : -1) : strcmp(x->name, y->name);
}

/* Counts hosts by the name that @p name_of returns (NULL: the host does not count); the most frequent first.
 */
static GPtrArray *count_hosts(const host_report_t *report, name_fn name_of, uint64_t *total)
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *counts = g_ptr_array_new_with_free_func(count_free);
    *total = 0;
    for (guint i = 0; i < report->hosts->len; i++) {
        const report_host_t *host = &g_array_index(report->hosts, report_host_t, i);
        const char *group = NULL;
        g_autofree char *name = name_of(host, &group);
        if (name == NULL) {
            continue;
        }
        count_t *count = g_hash_table_lookup(known, name);
        if (count == NULL) {
            count = g_new0(count_t, 1);
            *count = (count_t){.name = g_steal_pointer(&name), .group = group, .example = host};
            g_hash_table_insert(known, count->name, count);
            g_ptr_array_add(counts, count);
        }
        count->hosts++;
        count->quality += host->quality;
        ++*total;
    }
    g_ptr_array_sort(counts, by_hosts);
    return counts;
}

static char *percent(uint64_t part, uint64_t whole)
{
    return g_strdup_printf("%.1f", whole > 0 ? 100.0 * (double)part / (double)whole : 0.0);
}

static char *family_name(const report_host_t *host, const char **group)
{
    *group = host->label->os_class;
    return g_strdup(host->tool ? "Tools and scanners"
                    : host->label->number == HOST_LABEL_UNKNOWN || *host->label->family == '\0'
                        ? "Unknown"
                        : host->label->family);
}

static char *version_name(const report_host_t *host, const char **group)
{
    *group = host->label->family;
    return host->label->number == HOST_LABEL_UNKNOWN ? NULL : g_strdup(host->label->text);
}

static char *distance_name(const report_host_t *host, const char **group)
{
    (void)group;
    return g_strdup_printf("%u", host->distance);
}

static char *link_name(const report_host_t *host, const char **group)
{
    (void)group;
    if (host->link_mtu == 0) {
        return NULL;
    }
    return host->link_label != NULL ? g_strdup_printf("%s (MTU %u)", host->link_label, host->link_mtu)
                                    : g_strdup_printf("MTU %u", host->link_mtu);
}

static char *encapsulation_name(const report_host_t *host, const char **group)
{
    (void)group;
    const bool vlan = host->key.vlan_id != HOST_NO_VLAN;
    if (host->key.tunnel_kind != 0) {
        return g_strdup_printf("%s %u%s", synfix_encapsulation_name(host->key.tunnel_kind),
                               host->key.tunnel_id, vlan ? " in a VLAN" : "");
    }
    if (!vlan) {
        return g_strdup("none");
    }
    return host->key.customer_vlan_id != HOST_NO_VLAN
               ? g_strdup_printf("VLAN %u.%u", host->key.vlan_id, host->key.customer_vlan_id)
               : g_strdup_printf("VLAN %u", host->key.vlan_id);
}

static report_table_t *families(const host_report_t *report)
{
    static const report_column_t columns[] = {{"family", "Family", REPORT_TEXT},
                                              {"hosts", "Hosts", REPORT_NUMBER},
                                              {"certainty", "Mean quality", REPORT_NUMBER},
                                              {"share", "Share %", REPORT_PERCENT}};
    report_table_t *table = report_table_new("families", "Operating systems by family",
                                             "A host counts once as a client and once as a server. The "
                                             "quality is the measured share of right answers "
                                             "for this kind of match.",
                                             columns, G_N_ELEMENTS(columns), "No host was observed.");
    uint64_t total;
    g_autoptr(GPtrArray) counts = count_hosts(report, family_name, &total);
    for (guint i = 0; i < counts->len; i++) {
        const count_t *count = g_ptr_array_index(counts, i);
        report_table_add(table, g_strdup(count->name), report_number(count->hosts),
                         report_number(count->quality / count->hosts), percent(count->hosts, total));
    }
    table->bars = true;
    return table;
}

static report_table_t *versions(const host_report_t *report)
{
    static const report_column_t columns[] = {{"label", "Label", REPORT_TEXT},
                                              {"hosts", "Hosts", REPORT_NUMBER},
                                              {"support", "Security support", REPORT_TEXT},
                                              {"certainty", "Mean quality", REPORT_NUMBER},
                                              {"share", "Share %", REPORT_PERCENT},
                                              {"family", "Family", REPORT_TEXT},
                                              {"example", "Example", REPORT_CODE}};
    report_table_t *table =
        report_table_new("versions", "Versions",
                         "Ended in part: the oldest of the versions that the label covers have no support.",
                         columns, G_N_ELEMENTS(columns), "No host has a label.");
    uint64_t total;
    g_autoptr(GPtrArray) counts = count_hosts(report, version_name, &total);
    for (guint i = 0; i < counts->len; i++) {
        const count_t *count = g_ptr_array_index(counts, i);
        report_table_add(table, g_strdup(count->name), report_number(count->hosts),
                         report_support(report, count->example->label),
                         report_number(count->quality / count->hosts), percent(count->hosts, total),
                         g_strdup(count->group), report_key(&count->example->key));
    }
    return table;
}

/* A section of three columns: name, hosts, share. */
static report_table_t *simple(const host_report_t *report, const char *id, const char *title,
                              const char *note, const report_column_t *columns, name_fn name_of,
                              const char *absent)
{
    report_table_t *table = report_table_new(id, title, note, columns, 3, absent);
    uint64_t total;
    g_autoptr(GPtrArray) counts = count_hosts(report, name_of, &total);
    for (guint i = 0; i < counts->len; i++) {
        const count_t *count = g_ptr_array_index(counts, i);
        report_table_add(table, g_strdup(count->name), report_number(count->hosts),
                         percent(count->hosts, total));
    }
    table->bars = true;
    return table;
}

static report_table_t *facts(const host_report_t *report)
{
    static const report_column_t columns[] = {{"fact", "Fact", REPORT_TEXT}, {"value", "Value", REPORT_TEXT}};
    report_table_t *table = report_table_new("input", "Input", "", columns, G_N_ELEMENTS(columns),
                                             "Nothing is known about the input.");
    for (guint i = 0; i < report->facts->len; i++) {
        char *const *fact = g_ptr_array_index(report->facts, i);
        report_table_add(table, g_strdup(fact[0]), g_strdup(fact[1]));
    }
    return table;
}

GPtrArray *report_tables_new(host_report_t *report)
{
    static const report_column_t distance_columns[] = {{"distance", "Distance (routers)", REPORT_NUMBER},
                                                       {"hosts", "Hosts", REPORT_NUMBER},
                                                       {"share", "Share %", REPORT_PERCENT}};
    static const report_column_t link_columns[] = {{"link", "Link", REPORT_TEXT},
                                                   {"hosts", "Hosts", REPORT_NUMBER},
                                                   {"share", "Share %", REPORT_PERCENT}};
    static const report_column_t encapsulation_columns[] = {{"encapsulation", "Encapsulation", REPORT_TEXT},
                                                            {"hosts", "Hosts", REPORT_NUMBER},
                                                            {"share", "Share %", REPORT_PERCENT}};
    GPtrArray *tables = g_ptr_array_new_with_free_func((GDestroyNotify)report_table_free);
    g_ptr_array_add(tables, report_findings(report));
    g_ptr_array_add(tables, families(report));
    g_ptr_array_add(tables, versions(report));
    g_ptr_array_add(tables, report_list_unsupported(report));
    g_ptr_array_add(tables, report_list_tools(report));
    g_ptr_array_add(tables, report_list_shared(report));
    g_ptr_array_add(tables, report_list_changes(report));
    g_ptr_array_add(tables, report_timeline(report));
    g_ptr_array_add(tables, report_list_hosts(report));
    g_ptr_array_add(tables, report_list_uptimes(report));
    g_ptr_array_add(tables, simple(report, "distances", "Distances",
                                   "Routers between the host and the capture point, derived from the TTL.",
                                   distance_columns, distance_name, "No host was observed."));
    g_ptr_array_add(tables,
                    simple(report, "links", "Links", "The MTU shows the kind of access; tunnels reduce it.",
                           link_columns, link_name, "No host announced an MSS."));
    g_ptr_array_add(tables, simple(report, "encapsulations", "Encapsulations", "", encapsulation_columns,
                                   encapsulation_name, "No host was observed."));
    g_ptr_array_add(tables, report_list_unknown(report));
    g_ptr_array_add(tables, facts(report));
    return tables;
}
