/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/hosts/hosts_print.h"
#include "app/hosts/hosts_print_internal.h"

#include "exporter/host_report/host_json.h"
#include <stdio.h>
#include <string.h>

#define FLUSH_BYTES 65536u

char *hosts_time_text(int64_t time_ns)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(time_ns / G_GINT64_CONSTANT(1000000000));
    return time != NULL ? g_date_time_format(time, "%Y-%m-%d %H:%M:%S") : g_strdup("");
}

/* Writes the text when it exceeds @p limit: the text of a million hosts would need more memory than the
 * hosts. */
static void flush(GString *out, FILE *stream, size_t limit)
{
    if (out->len > limit) {
        fwrite(out->str, 1, out->len, stream);
        g_string_truncate(out, 0);
    }
}

void hosts_print_rows(GString *out, const hosts_print_t *print, hosts_row_printer_t printer, const void *user)
{
    host_row_t row;
    for (size_t i = 0; i < print->count; i++) {
        if (host_model_row(print->model, g_array_index(print->hosts, listed_host_t, i).slot, &row)) {
            printer(out, &row, user);
            flush(out, print->stream, FLUSH_BYTES);
        }
    }
    flush(out, print->stream, 0);
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

/* Label, family, qualities, MTU and link. */
static void csv_system(GString *out, const host_row_t *row)
{
    csv_text(out, row->label->text);
    g_string_append_c(out, ',');
    csv_text(out, row->label->family);
    g_string_append_printf(out, ",%u,%u,", row->quality, row->distance);
    if (row->link_mtu != 0) {
        g_string_append_printf(out, "%u", row->link_mtu);
    }
    g_string_append_c(out, ',');
    csv_text(out, row->link_label != NULL ? row->link_label : "");
}

static void csv_uptime(GString *out, const host_row_t *row)
{
    if (row->uptime.measured_ns != 0) {
        g_string_append_printf(out, ",%" G_GUINT64_FORMAT ",%u,", row->uptime.seconds,
                               row->uptime.reliability);
    } else {
        g_string_append(out, ",,,");
    }
    g_string_append_printf(out, "%u", row->uptime.restarts);
}

static void csv_row(GString *out, const host_row_t *row, const void *user)
{
    (void)user;
    char address[HOST_KEY_TEXT_SIZE];
    char reasons[HOST_REASONS_TEXT_SIZE];
    char tools[HOST_TOOLS_TEXT_SIZE];
    const system_support_t *support = row->label->support;
    g_autofree char *first = hosts_time_text(row->first_ns);
    g_autofree char *last = hosts_time_text(row->last_ns);
    host_key_format(&row->key, address);
    host_reasons_format(row->reasons, reasons);
    host_tools_format(row, tools);
    csv_text(out, address);
    g_string_append_printf(out, ",%s,", host_role_name(row->key.role));
    csv_system(out, row);
    csv_uptime(out, row);
    g_string_append_printf(out, ",%" G_GUINT64_FORMAT ",%s,%s,%s,%u,", row->observations, first, last,
                           row->tool ? "yes" : "no", row->score);
    csv_text(out, reasons);
    g_string_append_printf(out, ",%" G_GUINT64_FORMAT ",", row->changes_seen);
    csv_text(out, tools);
    g_string_append_printf(out, ",%s\r\n",
                           support != NULL && support->newest_end != NULL ? support->newest_end : "");
}

void hosts_print_csv(const hosts_print_t *print)
{
    g_autoptr(GString) out = g_string_new(
        "host,role,label,family,quality,distance,mtu,link,uptime_seconds,uptime_reliability,restarts,"
        "observations,first_seen,last_seen,tool,sharing_score,sharing_reasons,changes,tools,support_end\r\n");
    hosts_print_rows(out, print, csv_row, NULL);
}

static void json_row(GString *out, const host_row_t *row, const void *user)
{
    (void)user;
    host_json(out, row);
    g_string_append_c(out, '\n');
}

void hosts_print_json(const hosts_print_t *print)
{
    g_autoptr(GString) out = g_string_new(NULL);
    hosts_print_rows(out, print, json_row, NULL);
}
