/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Inline SVG without scripts and style attributes: the page forbids both. Classes are in assets/report.css.
 */
#include "exporter/host_report/report_internal.h"

#define BAR_ROWS    12u /* the tail stands in the table */
#define BAR_HEIGHT  22u
#define LABEL_WIDTH 190u
#define BAR_WIDTH   190u
#define WIDTH       480u
#define PLOT_HEIGHT 120u

static void add_text(GString *out, const char *text)
{
    g_autofree char *safe = g_markup_escape_text(text, -1);
    g_string_append(out, safe);
}

/* Cuts at a character, so that a long label does not run into its bar. */
static char *shortened(const char *text)
{
    const glong limit = 28;
    if (g_utf8_strlen(text, -1) <= limit) {
        return g_strdup(text);
    }
    g_autofree char *cut = g_utf8_substring(text, 0, limit - 1);
    return g_strconcat(cut, "…", NULL);
}

void report_svg_bars(GString *out, const report_table_t *table)
{
    const unsigned rows = MIN(report_table_rows(table), BAR_ROWS);
    g_string_append_printf(out, "<svg role=\"img\" viewBox=\"0 0 %u %u\" aria-label=\"", WIDTH,
                           rows * BAR_HEIGHT + 4);
    add_text(out, table->title);
    g_string_append(out, "\">");
    for (unsigned i = 0; i < rows; i++) {
        const char *share = report_table_at(table, i, table->column_count - 1);
        const double width = g_ascii_strtod(share, NULL) / 100.0 * BAR_WIDTH;
        const unsigned y = i * BAR_HEIGHT + 4;
        g_autofree char *name = shortened(report_table_at(table, i, 0));
        g_string_append_printf(out, "<text class=\"name\" x=\"%u\" y=\"%u\" text-anchor=\"end\">",
                               LABEL_WIDTH - 8, y + 13);
        add_text(out, name);
        g_string_append_printf(out,
                               "</text><rect x=\"%u\" y=\"%u\" width=\"%.1f\" height=\"16\" rx=\"2\"/>"
                               "<text class=\"value\" x=\"%.1f\" y=\"%u\">%s (%s %%)</text>",
                               LABEL_WIDTH, y, MAX(width, 1.0), LABEL_WIDTH + MAX(width, 1.0) + 6, y + 13,
                               report_table_at(table, i, 1), share);
    }
    g_string_append(out, "</svg>");
}

static uint64_t cell(const report_table_t *table, unsigned row, unsigned column)
{
    return g_ascii_strtoull(report_table_at(table, row, column), NULL, 10);
}

void report_svg_columns(GString *out, const report_table_t *table)
{
    const unsigned rows = report_table_rows(table);
    uint64_t greatest = 1;
    for (unsigned i = 0; i < rows; i++) {
        greatest = MAX(greatest, cell(table, i, 1));
    }
    g_string_append_printf(out, "<svg role=\"img\" viewBox=\"0 0 %u %u\" aria-label=\"", WIDTH,
                           PLOT_HEIGHT + 40);
    add_text(out, table->title);
    g_string_append(out, "\">");
    const double step = (double)WIDTH / rows;
    for (unsigned i = 0; i < rows; i++) {
        const double height = (double)cell(table, i, 1) / (double)greatest * PLOT_HEIGHT;
        g_string_append_printf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>",
                               i * step + 1, PLOT_HEIGHT + 16 - height, MAX(step - 2, 1.0), height);
        add_text(out, report_table_at(table, i, 0));
        g_string_append_printf(out, ": %s</title></rect>", report_table_at(table, i, 1));
    }
    g_string_append_printf(out, "<text class=\"value\" x=\"0\" y=\"12\">%" G_GUINT64_FORMAT "</text>",
                           greatest);
    g_string_append_printf(out, "<text class=\"value\" x=\"0\" y=\"%u\">", PLOT_HEIGHT + 34);
    add_text(out, report_table_at(table, 0, 0));
    g_string_append_printf(out, "</text><text class=\"value\" x=\"%u\" y=\"%u\" text-anchor=\"end\">", WIDTH,
                           PLOT_HEIGHT + 34);
    add_text(out, report_table_at(table, rows - 1, 0));
    g_string_append(out, "</text></svg>");
}
