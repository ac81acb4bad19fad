/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Sections of the report that count hosts by one property. report_lists.c has those that list hosts. */
#include "exporter/host_report/report_lists.h"
#include <string.h>

static char *percent(uint64_t part, uint64_t whole)
{
    return g_strdup_printf("%.1f", whole > 0 ? 100.0 * (double)part / (double)whole : 0.0);
}

static report_table_t *families(const host_report_t *report)
{
    static const report_column_t columns[] = {{"family", "Family", REPORT_TEXT},
                                              {"hosts", "Hosts", REPORT_NUMBER},
                                              {"certainty", "Mean quality", REPORT_NUMBER},
                                              {"share", "Share %", REPORT_PERCENT}};
    report_table_t *table =
        report_table_new("families", "Operating systems by family",
                         "Each host counts once: a host that is client and server counts in the role of "
                         "higher quality. The quality is the measured share of right answers "
                         "for this kind of match.",
                         columns, G_N_ELEMENTS(columns), "No host was observed.");
    const report_count_t *hosts = &report->counts[REPORT_FAMILY];
    g_autoptr(GPtrArray) values = report_count_sorted(hosts);
    for (guint i = 0; i < values->len; i++) {
        const report_value_t *value = g_ptr_array_index(values, i);
        report_table_add(table, g_strdup(value->name), report_number(value->hosts),
                         report_number(value->quality / value->hosts), percent(value->hosts, hosts->hosts));
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
                                              {"example", "Example", REPORT_ADDRESS}};
    report_table_t *table = report_table_new("versions", "Versions",
                                             "Each host counts once, as above. Ended in part: the oldest of "
                                             "the versions that the label covers have no support.",
                                             columns, G_N_ELEMENTS(columns), "No host has a label.");
    const report_count_t *hosts = &report->counts[REPORT_VERSION];
    g_autoptr(GPtrArray) values = report_count_sorted(hosts);
    for (guint i = 0; i < values->len; i++) {
        const report_value_t *value = g_ptr_array_index(values, i);
        report_table_add(table, g_strdup(value->name), report_number(value->hosts),
                         report_support(report, value->label), report_number(value->quality / value->hosts),
                         percent(value->hosts, hosts->hosts), g_strdup(value->group),
                         report_key(&value->example));
    }
    return table;
}

/* A section of three columns: name, hosts, share. */
static report_table_t *simple(const host_report_t *report, const char *id, const char *title,
                              const char *note, const report_column_t *columns, report_property_t property,
                              const char *absent)
{
    report_table_t *table = report_table_new(id, title, note, columns, 3, absent);
    const report_count_t *hosts = &report->counts[property];
    g_autoptr(GPtrArray) values = report_count_sorted(hosts);
    for (guint i = 0; i < values->len; i++) {
        const report_value_t *value = g_ptr_array_index(values, i);
        report_table_add(table, g_strdup(value->name), report_number(value->hosts),
                         percent(value->hosts, hosts->hosts));
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

GPtrArray *report_tables_new(const host_report_t *report)
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
                                   distance_columns, REPORT_DISTANCE, "No host was observed."));
    g_ptr_array_add(
        tables,
        simple(report, "links", "Links",
               "The MTU shows the kind of access; tunnels reduce it. Unknown: the host announced no MSS.",
               link_columns, REPORT_LINK, "No host was observed."));
    g_ptr_array_add(tables, simple(report, "encapsulations", "Encapsulations", "", encapsulation_columns,
                                   REPORT_ENCAPSULATION, "No host was observed."));
    g_ptr_array_add(tables, report_list_unknown(report->unknown));
    g_ptr_array_add(tables, facts(report));
    return tables;
}
