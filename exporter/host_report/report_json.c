/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/host_report/report_internal.h"

void report_json_string(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (; *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            g_string_append_c(out, '\\');
            g_string_append_c(out, *text);
        } else if (c < 0x20 || c == '<' || c == 0x7F) {
            g_string_append_printf(out, "\\u%04x", c);
        } else {
            g_string_append_c(out, *text);
        }
    }
    g_string_append_c(out, '"');
}

static void add_value(GString *out, const char *text, report_kind_t kind)
{
    if (kind == REPORT_NUMBER || kind == REPORT_PERCENT) {
        g_string_append(out, *text != '\0' ? text : "null");
    } else {
        report_json_string(out, text);
    }
}

static void add_row(GString *out, const report_table_t *table, unsigned row, bool objects)
{
    g_string_append_c(out, objects ? '{' : '[');
    for (unsigned i = 0; i < table->column_count; i++) {
        if (i > 0) {
            g_string_append_c(out, ',');
        }
        if (objects) {
            report_json_string(out, table->columns[i].name);
            g_string_append_c(out, ':');
        }
        add_value(out, report_table_at(table, row, i), table->columns[i].kind);
    }
    g_string_append_c(out, objects ? '}' : ']');
}

void report_json_rows(GString *out, const report_table_t *table, bool objects)
{
    g_string_append_c(out, '[');
    for (unsigned row = 0; row < report_table_rows(table); row++) {
        g_string_append(out, row > 0 ? ",\n" : "\n");
        add_row(out, table, row, objects);
    }
    g_string_append_c(out, ']');
}

GString *report_json(const host_report_t *report, const GPtrArray *tables)
{
    g_autofree char *created = report_time(report->now_ns);
    GString *out = g_string_new("{\"report\":\"synfix hosts\",\"created\":");
    report_json_string(out, created);
    g_string_append_printf(out, ",\"host_count\":%zu,\"observation_count\":%" G_GUINT64_FORMAT,
                           host_report_count(report), report->observations);
    g_string_append(out, ",\"notes\":[");
    for (guint i = 0; i < report->notes->len; i++) {
        g_string_append(out, i > 0 ? "," : "");
        report_json_string(out, g_ptr_array_index(report->notes, i));
    }
    g_string_append_c(out, ']');
    for (unsigned i = 0; i < tables->len; i++) {
        const report_table_t *table = g_ptr_array_index(tables, i);
        g_string_append(out, ",\n");
        report_json_string(out, table->id);
        g_string_append_c(out, ':');
        report_json_rows(out, table, true);
        if (table->remark != NULL) {
            g_string_append_printf(out, ",\n\"%s_remark\":", table->id);
            report_json_string(out, table->remark);
        }
    }
    g_string_append(out, "}\n");
    return out;
}
