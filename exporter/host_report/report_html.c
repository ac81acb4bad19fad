/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* One page without external requests. The content security policy permits exactly our style and our script,
 * by their hashes. All content is readable without the script, which adds sorting, searching, and the rows of
 * long tables. */
#include "exporter/host_report/report_time_range.h"
#include <string.h>

#define STATIC_ROWS 500u /* rows in the markup; the script adds the others from the data block */

static void add_text(GString *out, const char *text)
{
    g_autofree char *safe = g_markup_escape_text(text, -1);
    g_string_append(out, safe);
}

/* SHA-256 of an inline element, as a CSP source expression (CSP Level 3, section 2.3.1). */
static char *csp_hash(const char *text)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)text, -1);
    guint8 digest[32];
    gsize length = sizeof digest;
    g_checksum_get_digest(sum, digest, &length);
    g_autofree char *encoded = g_base64_encode(digest, length);
    return g_strconcat("'sha256-", encoded, "'", NULL);
}

static void add_head(GString *out)
{
    g_autofree char *style = csp_hash(report_css);
    g_autofree char *script = csp_hash(report_js);
    g_string_append_printf(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src %s; script-src "
        "%s; "
        "base-uri 'none'; form-action 'none'\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        "<meta name=\"color-scheme\" content=\"light dark\"><title>Hosts on the network</title><style>",
        style, script);
    g_string_append(out, report_css);
    g_string_append(out, "</style></head>\n");
}

static void add_cell(GString *out, const char *text, report_kind_t kind)
{
    static const char *const open[] = {[REPORT_TEXT] = "<td>",
                                       [REPORT_CODE] = "<td><code>",
                                       [REPORT_ADDRESS] = "<td><code>",
                                       [REPORT_NUMBER] = "<td class=\"number\">",
                                       [REPORT_PERCENT] = "<td class=\"number\">"};
    g_string_append(out, open[kind]);
    add_text(out, text);
    g_string_append(out, kind == REPORT_CODE || kind == REPORT_ADDRESS ? "</code></td>" : "</td>");
}

static void add_link(GString *out, const char *text, const char *section)
{
    g_string_append_printf(out, "<td><a href=\"#%s\">", section);
    add_text(out, text);
    g_string_append(out, "</a></td>");
}

static void add_rows(GString *out, const report_table_t *table)
{
    for (unsigned row = 0; row < MIN(report_table_rows(table), STATIC_ROWS); row++) {
        g_string_append(out, "<tr>");
        for (unsigned i = 0; i < table->column_count; i++) {
            const char *const link = i == 0 ? report_table_link_at(table, row) : NULL;
            if (link != NULL) {
                add_link(out, report_table_at(table, row, i), link);
            } else {
                add_cell(out, report_table_at(table, row, i), table->columns[i].kind);
            }
        }
        g_string_append(out, "</tr>\n");
    }
}

/* Kinds of the columns for the script: a address, c code, n number, t text. */
static void add_kinds(GString *out, const report_table_t *table)
{
    static const char letters[] = {[REPORT_TEXT] = 't',
                                   [REPORT_CODE] = 'c',
                                   [REPORT_ADDRESS] = 'a',
                                   [REPORT_NUMBER] = 'n',
                                   [REPORT_PERCENT] = 'n'};
    for (unsigned i = 0; i < table->column_count; i++) {
        g_string_append_c(out, letters[table->columns[i].kind]);
    }
}

static void add_data(GString *out, const report_table_t *table)
{
    if (report_table_rows(table) <= STATIC_ROWS) {
        return;
    }
    g_string_append_printf(
        out, "<p class=\"noscript\">The first %u of %u rows; the script of this page shows all.</p>",
        STATIC_ROWS, report_table_rows(table));
    g_string_append_printf(out, "<script type=\"application/json\" id=\"data-%s\">", table->id);
    report_json_rows(out, table, false);
    g_string_append(out, "</script>\n");
}

static void add_table(GString *out, const report_table_t *table)
{
    g_string_append_printf(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"h-%s\"><table "
        "data-id=\"%s\" data-kinds=\"",
        table->id, table->id);
    add_kinds(out, table);
    g_string_append(out, table->links->len > 0 ? "\" data-links=\"yes" : "");
    g_string_append_printf(out, "\" aria-labelledby=\"h-%s\"><thead><tr>", table->id);
    for (unsigned i = 0; i < table->column_count; i++) {
        const report_kind_t kind = table->columns[i].kind;
        g_string_append(out, kind == REPORT_NUMBER || kind == REPORT_PERCENT
                                 ? "<th scope=\"col\" class=\"number\">"
                                 : "<th scope=\"col\">");
        add_text(out, table->columns[i].title);
        g_string_append(out, "</th>");
    }
    g_string_append(out, "</tr></thead><tbody>\n");
    add_rows(out, table);
    g_string_append(out, "</tbody></table></div>\n");
    add_data(out, table);
}

static void add_section(GString *out, const report_table_t *table)
{
    g_string_append_printf(out, "<section id=\"%s\"><h2 id=\"h-%s\">", table->id, table->id);
    add_text(out, table->title);
    if (report_table_rows(table) > 0) {
        g_string_append_printf(out, " <span class=\"count\">%u</span>", report_table_rows(table));
    }
    g_string_append(out, "</h2>\n<p>");
    add_text(out, report_table_rows(table) > 0 ? table->note : table->absent);
    if (table->remark != NULL) {
        g_string_append_c(out, ' ');
        add_text(out, table->remark);
    }
    g_string_append(out, "</p>\n");
    if (report_table_rows(table) > 0) {
        if (table->bars) {
            report_svg_bars(out, table);
        }
        if (table->time_series) {
            report_svg_columns(out, table);
        }
        add_table(out, table);
    }
    g_string_append(out, "</section>\n");
}

static void add_notes(GString *out, const host_report_t *report)
{
    for (guint i = 0; i < report->notes->len; i++) {
        g_string_append(out, "<p class=\"note\" role=\"note\">");
        add_text(out, g_ptr_array_index(report->notes, i));
        g_string_append(out, ".</p>");
    }
}

static void add_header(GString *out, const host_report_t *report)
{
    g_autofree char *created = report_time(report->now_ns);
    g_string_append_printf(
        out, "<body><header><h1>Hosts on the network</h1><p>Created by synfix on %s UTC.</p>", created);
    if (report->host_count > 0) {
        const report_time_range_t range = report_time_range(report);
        g_autofree char *first = report_time(range.first_ns);
        g_autofree char *last = report_time(range.last_ns);
        g_string_append_printf(
            out,
            "<dl><div><dt>Hosts</dt><dd>%zu</dd></div><div><dt>Observations</dt><dd>%" G_GUINT64_FORMAT
            "</dd></div><div><dt>From</dt><dd>%s</dd></div><div><dt>To</dt><dd>%s</dd></div></dl>",
            host_report_count(report), report->observations, first, last);
    }
    add_notes(out, report);
    g_string_append(out, "</header>\n");
}

/* After the findings: on a phone the list of sections would fill the first screen. */
static void add_navigation(GString *out, const host_report_t *report, const GPtrArray *tables)
{
    g_string_append(out, "<nav aria-label=\"Sections\"><ul>");
    for (unsigned i = 0; i < tables->len; i++) {
        const report_table_t *table = g_ptr_array_index(tables, i);
        if (report->host_count == 0 && report_table_rows(table) == 0) {
            continue;
        }
        g_string_append_printf(out, "<li><a href=\"#%s\">", table->id);
        add_text(out, table->title);
        g_string_append_printf(out, "</a> <span class=\"count\">%u</span></li>", report_table_rows(table));
    }
    g_string_append(out, "</ul></nav>\n");
}

GString *report_html(const host_report_t *report, const GPtrArray *tables)
{
    GString *out = g_string_new(NULL);
    add_head(out);
    add_header(out, report);
    g_string_append(out, "<main>\n");
    for (unsigned i = 0; i < tables->len; i++) {
        const report_table_t *table = g_ptr_array_index(tables, i);
        if (report->host_count > 0 || report_table_rows(table) > 0) {
            add_section(out, table);
        }
        if (i == 0) {
            add_navigation(out, report, tables);
        }
    }
    g_string_append(out, "</main>\n<script>");
    g_string_append(out, report_js);
    g_string_append(out, "</script></body></html>\n");
    return out;
}
