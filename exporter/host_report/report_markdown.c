/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/host_report/report_internal.h"

/* A bar would end the cell; texts have no control characters (replace_unprintable_bytes). */
static void add_cell(GString *out, const char *text, report_kind_t kind)
{
    const bool code = (kind == REPORT_CODE || kind == REPORT_ADDRESS) && *text != '\0';
    g_string_append(out, code ? " `" : " ");
    for (; *text != '\0'; text++) {
        if (*text == '|') {
            g_string_append_c(out, '\\');
        }
        g_string_append_c(out, *text);
    }
    g_string_append(out, code ? "` |" : " |");
}

static void add_table(GString *out, const report_table_t *table)
{
    g_string_append_printf(out, "\n## %s\n\n", table->title);
    if (report_table_rows(table) == 0) {
        g_string_append_printf(out, "%s\n", table->absent);
        return;
    }
    if (*table->note != '\0') {
        g_string_append_printf(out, "%s%s%s\n\n", table->note, table->remark != NULL ? " " : "",
                               table->remark != NULL ? table->remark : "");
    }
    g_string_append_c(out, '|');
    for (unsigned i = 0; i < table->column_count; i++) {
        add_cell(out, table->columns[i].title, REPORT_TEXT);
    }
    g_string_append(out, "\n|");
    for (unsigned i = 0; i < table->column_count; i++) {
        const report_kind_t kind = table->columns[i].kind;
        g_string_append(out, kind == REPORT_NUMBER || kind == REPORT_PERCENT ? " ---: |" : " --- |");
    }
    for (unsigned row = 0; row < report_table_rows(table); row++) {
        g_string_append(out, "\n|");
        for (unsigned i = 0; i < table->column_count; i++) {
            add_cell(out, report_table_at(table, row, i), table->columns[i].kind);
        }
    }
    g_string_append_c(out, '\n');
}

GString *report_markdown(const host_report_t *report, const GPtrArray *tables)
{
    g_autofree char *created = report_time(report->now_ns);
    GString *out = g_string_new("# Hosts on the network\n\n");
    g_string_append_printf(out, "synfix, %s UTC. %zu hosts, %" G_GUINT64_FORMAT " observations.\n", created,
                           host_report_count(report), report->observations);
    for (guint i = 0; i < report->notes->len; i++) {
        g_string_append_printf(out, "\n**Note:** %s.\n", (const char *)g_ptr_array_index(report->notes, i));
    }
    for (unsigned i = 0; i < tables->len; i++) {
        const report_table_t *table = g_ptr_array_index(tables, i);
        if (report->host_count > 0 || report_table_rows(table) > 0) {
            add_table(out, table);
        }
    }
    return out;
}
