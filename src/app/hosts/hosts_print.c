/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/hosts/hosts_print.h"

#include "exporter/host_report/host_json.h"
#include <stdio.h>
#include <string.h>

#define FAMILIES_MAX 12u /* lines of totals; the others are summed up */
#define BOLD         "\033[1m"
#define YELLOW       "\033[33m"
#define PLAIN        "\033[0m"
#define FLUSH_BYTES  65536u

static char *time_text(int64_t time_ns)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(time_ns / G_GINT64_CONSTANT(1000000000));
    return time != NULL ? g_date_time_format(time, "%Y-%m-%d %H:%M:%S") : g_strdup("");
}

static char *uptime_text(const host_row_t *row)
{
    const uint64_t seconds = row->uptime.seconds;
    if (row->uptime.measured_ns == 0 || seconds == 0) {
        return g_strdup("");
    }
    const char *mark = row->uptime.reliability == SYNFIX_UPTIME_ONE_LINE ? "" : "?";
    return seconds >= 86400 ? g_strdup_printf("%" G_GUINT64_FORMAT "d%s", seconds / 86400, mark)
                            : g_strdup_printf("%" G_GUINT64_FORMAT "h%s", seconds / 3600, mark);
}

static void print_totals(GString *out, const host_totals_t *totals)
{
    guint64 others = 0;
    g_string_append_printf(out, "%" G_GUINT64_FORMAT " host%s", totals->hosts, totals->hosts == 1 ? "" : "s");
    if (totals->rows != totals->hosts) {
        g_string_append_printf(out, ", %" G_GUINT64_FORMAT " rows: one for each role (client, server)",
                               totals->rows);
    }
    g_string_append(out, "\n\n");
    for (guint i = 0; i < totals->families->len; i++) {
        const family_total_t *total = &g_array_index(totals->families, family_total_t, i);
        if (i < FAMILIES_MAX) {
            g_string_append_printf(out, "%8" G_GUINT64_FORMAT "  %s\n", total->hosts, total->name);
        } else {
            others += total->hosts;
        }
    }
    if (others > 0) {
        g_string_append_printf(out, "%8" G_GUINT64_FORMAT "  other families\n", others);
    }
    g_string_append_c(out, '\n');
}

/* Appends @p text padded to @p columns characters; a longer text ends with `…`. */
static void add_padded(GString *out, const char *text, glong columns)
{
    const glong length = g_utf8_strlen(text, -1);
    if (length > columns) {
        g_autofree char *cut = g_utf8_substring(text, 0, columns - 1);
        g_string_append_printf(out, "%s…", cut);
    } else {
        g_string_append(out, text);
        g_string_append_printf(out, "%*s", (int)(columns - length), "");
    }
}

typedef struct layout {
    glong address_columns;
    glong label_columns;
    bool colour;
} layout_t;

static void add_line(GString *out, const host_row_t *row, const layout_t *layout)
{
    char address[HOST_KEY_TEXT_SIZE];
    char mtu[8] = "";
    host_key_format(&row->key, address);
    g_autofree char *system = host_system_text(row);
    g_autofree char *uptime = uptime_text(row);
    g_autofree char *last = time_text(row->last_ns);
    const bool marked = layout->colour && (row->tool || host_row_shared(row));
    if (row->link_mtu != 0) {
        g_snprintf(mtu, sizeof mtu, "%u", row->link_mtu);
    }
    g_string_append(out, marked ? YELLOW : "");
    add_padded(out, address, layout->address_columns);
    g_string_append_printf(out, " %-6s ", host_role_name(row->key.role));
    add_padded(out, system, layout->label_columns);
    g_string_append_printf(out, " %3u %4u %5s %6s %5u %8" G_GUINT64_FORMAT "  %s%s\n", row->quality,
                           row->distance, mtu, uptime, row->score, row->observations, last,
                           marked ? PLAIN : "");
}

static void add_heading(GString *out, const layout_t *layout)
{
    g_string_append(out, layout->colour ? BOLD : "");
    add_padded(out, "Address", layout->address_columns);
    g_string_append(out, " Role   ");
    add_padded(out, "System", layout->label_columns);
    g_string_append_printf(out, " %3s %4s %5s %6s %5s %8s  %s%s\n", "Qua", "Dist", "MTU", "Uptime", "Share",
                           "Seen", "Last seen (UTC)", layout->colour ? PLAIN : "");
}

static layout_t choose_layout(const hosts_print_t *print)
{
    enum { FIXED = 1 + 6 + 1 + 1 + 3 + 1 + 4 + 1 + 5 + 1 + 6 + 1 + 5 + 1 + 8 + 2 + 19, LABEL_MIN = 12 };
    glong address_columns = 7;
    glong label_columns = LABEL_MIN;
    for (size_t i = 0; i < print->count; i++) {
        char address[HOST_KEY_TEXT_SIZE];
        const listed_host_t *host = &g_array_index(print->hosts, listed_host_t, i);
        address_columns = MAX(address_columns, (glong)host_key_format(&host->key, address));
        label_columns = MAX(label_columns, (glong)host->system_columns);
    }
    const glong room = print->width == 0 ? label_columns : (glong)print->width - FIXED - address_columns;
    return (layout_t){.address_columns = address_columns,
                      .label_columns = CLAMP(room, LABEL_MIN, label_columns),
                      .colour = print->colour};
}

/* The whole text of a million hosts would take more memory than the hosts. */
static void flush(GString *out, FILE *stream, size_t limit)
{
    if (out->len > limit) {
        fwrite(out->str, 1, out->len, stream);
        g_string_truncate(out, 0);
    }
}

typedef void (*row_printer_t)(GString *out, const host_row_t *row, const layout_t *layout);

static void print_rows(GString *out, const hosts_print_t *print, row_printer_t printer,
                       const layout_t *layout)
{
    host_row_t row;
    for (size_t i = 0; i < print->count; i++) {
        if (host_model_row(print->model, g_array_index(print->hosts, listed_host_t, i).slot, &row)) {
            printer(out, &row, layout);
            flush(out, print->stream, FLUSH_BYTES);
        }
    }
    flush(out, print->stream, 0);
}

void hosts_print_table(const hosts_print_t *print)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const layout_t layout = choose_layout(print);
    print_totals(out, print->totals);
    add_heading(out, &layout);
    print_rows(out, print, add_line, &layout);
}

static void csv_text(GString *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        g_string_append(out, text);
        return;
    }
    g_string_append_c(out, '"');
    for (; *text != '\0'; text++) {
        g_string_append_c(out, *text);
        if (*text == '"') {
            g_string_append_c(out, '"');
        }
    }
    g_string_append_c(out, '"');
}

static void csv_row(GString *out, const host_row_t *row, const layout_t *layout)
{
    (void)layout;
    char address[HOST_KEY_TEXT_SIZE];
    char reasons[HOST_REASONS_TEXT_SIZE];
    char tools[HOST_TOOLS_TEXT_SIZE];
    host_key_format(&row->key, address);
    host_reasons_format(row->reasons, reasons);
    g_autofree char *first = time_text(row->first_ns);
    g_autofree char *last = time_text(row->last_ns);
    csv_text(out, address);
    g_string_append_printf(out, ",%s,", host_role_name(row->key.role));
    csv_text(out, row->label->text);
    g_string_append_c(out, ',');
    csv_text(out, row->label->family);
    g_string_append_printf(out, ",%u,%u,", row->quality, row->distance);
    if (row->link_mtu != 0) {
        g_string_append_printf(out, "%u", row->link_mtu);
    }
    g_string_append_c(out, ',');
    csv_text(out, row->link_label != NULL ? row->link_label : "");
    if (row->uptime.measured_ns != 0) {
        g_string_append_printf(out, ",%" G_GUINT64_FORMAT ",%u,", row->uptime.seconds,
                               row->uptime.reliability);
    } else {
        g_string_append(out, ",,,");
    }
    g_string_append_printf(out, "%u,%" G_GUINT64_FORMAT ",%s,%s,%s,%u,", row->uptime.restarts,
                           row->observations, first, last, row->tool ? "yes" : "no", row->score);
    csv_text(out, reasons);
    g_string_append_printf(out, ",%" G_GUINT64_FORMAT ",", row->changes_seen);
    host_tools_format(row, tools);
    csv_text(out, tools);
    g_string_append_printf(out, ",%s\r\n",
                           row->label->support != NULL && row->label->support->newest_end != NULL
                               ? row->label->support->newest_end
                               : "");
}

void hosts_print_csv(const hosts_print_t *print)
{
    g_autoptr(GString) out = g_string_new(
        "host,role,label,family,quality,distance,mtu,link,uptime_seconds,uptime_reliability,restarts,"
        "observations,first_seen,last_seen,tool,sharing_score,sharing_reasons,changes,tools,support_end\r\n");
    print_rows(out, print, csv_row, NULL);
}

static void json_row(GString *out, const host_row_t *row, const layout_t *layout)
{
    (void)layout;
    host_json(out, row);
    g_string_append_c(out, '\n');
}

void hosts_print_json(const hosts_print_t *print)
{
    g_autoptr(GString) out = g_string_new(NULL);
    print_rows(out, print, json_row, NULL);
}
