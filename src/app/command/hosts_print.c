/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/hosts_print.h"

#include "on_demand/json.h"
#include <string.h>

#define FAMILIES_MAX 12u /* lines of totals; the others are summed up */
#define BOLD         "\033[1m"
#define YELLOW       "\033[33m"
#define PLAIN        "\033[0m"

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

typedef struct family_total {
    const char *name;
    guint64 hosts;
} family_total_t;

static int most_hosts_first(gconstpointer a, gconstpointer b)
{
    const family_total_t *x = a;
    const family_total_t *y = b;
    return x->hosts != y->hosts ? (x->hosts < y->hosts ? 1 : -1) : strcmp(x->name, y->name);
}

static const char *family_of(const host_row_t *row)
{
    return row->tool                                                                   ? "Tools and scanners"
           : row->label->number == HOST_LABEL_UNKNOWN || row->label->family[0] == '\0' ? "Unknown"
                                                                                       : row->label->family;
}

static GArray *family_totals(const host_row_t *const *rows, size_t count)
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal); /* name -> index + 1 */
    GArray *totals = g_array_new(FALSE, FALSE, sizeof(family_total_t));
    for (size_t i = 0; i < count; i++) {
        const char *name = family_of(rows[i]);
        guint at = GPOINTER_TO_UINT(g_hash_table_lookup(known, name));
        if (at == 0) {
            const family_total_t total = {.name = name};
            g_array_append_val(totals, total);
            at = totals->len;
            g_hash_table_insert(known, (gpointer)(guintptr)name, GUINT_TO_POINTER(at));
        }
        g_array_index(totals, family_total_t, at - 1).hosts++;
    }
    g_array_sort(totals, most_hosts_first);
    return totals;
}

static void print_totals(GString *out, const host_row_t *const *rows, size_t count)
{
    g_autoptr(GArray) totals = family_totals(rows, count);
    guint64 others = 0;
    for (guint i = 0; i < totals->len; i++) {
        const family_total_t *total = &g_array_index(totals, family_total_t, i);
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

static void add_line(GString *out, const host_row_t *row, glong address_columns, glong label_columns,
                     bool colour)
{
    char address[HOST_KEY_TEXT_SIZE];
    host_key_format(&row->key, address);
    g_autofree char *uptime = uptime_text(row);
    g_autofree char *last = time_text(row->last_ns);
    const bool marked = colour && (row->tool || host_row_shared(row));
    g_string_append(out, marked ? YELLOW : "");
    add_padded(out, address, address_columns);
    g_string_append_printf(out, " %-6s ", host_role_name(row->key.role));
    add_padded(out, row->label->text, label_columns);
    g_string_append_printf(out, " %3u %4u %5u %6s %5u %8" G_GUINT64_FORMAT "  %s%s\n", row->quality,
                           row->distance, row->link_mtu, uptime, row->score, row->observations, last,
                           marked ? PLAIN : "");
}

void hosts_print_table(GString *out, const host_row_t *const *rows, size_t count, unsigned width, bool colour)
{
    enum {
        FIXED = 1 + 6 + 1 + 1 + 3 + 1 + 4 + 1 + 5 + 1 + 6 + 1 + 5 + 1 + 8 + 2 + 19,
        LABEL = 28,
        LABEL_MIN = 12
    };
    glong address_columns = 7;
    for (size_t i = 0; i < count; i++) {
        char address[HOST_KEY_TEXT_SIZE];
        address_columns = MAX(address_columns, (glong)host_key_format(&rows[i]->key, address));
    }
    const glong room = width == 0 ? LABEL : (glong)width - FIXED - address_columns;
    const glong label_columns = CLAMP(room, LABEL_MIN, 48);
    print_totals(out, rows, count);
    g_string_append(out, colour ? BOLD : "");
    add_padded(out, "Address", address_columns);
    g_string_append(out, " Role   ");
    add_padded(out, "System", label_columns);
    g_string_append_printf(out, " %3s %4s %5s %6s %5s %8s  %s%s\n", "Qua", "Dist", "MTU", "Uptime", "Share",
                           "Seen", "Last seen (UTC)", colour ? PLAIN : "");
    for (size_t i = 0; i < count; i++) {
        add_line(out, rows[i], address_columns, label_columns, colour);
    }
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

void hosts_print_csv(GString *out, const host_row_t *const *rows, size_t count)
{
    g_string_append(
        out, "host,role,label,family,quality,distance,mtu,link,uptime_seconds,uptime_reliability,restarts,"
             "observations,first_seen,last_seen,tool,sharing_score,sharing_reasons,changes\r\n");
    for (size_t i = 0; i < count; i++) {
        const host_row_t *row = rows[i];
        char address[HOST_KEY_TEXT_SIZE];
        char reasons[HOST_REASONS_TEXT_SIZE];
        host_key_format(&row->key, address);
        host_reasons_format(row->reasons, reasons);
        g_autofree char *first = time_text(row->first_ns);
        g_autofree char *last = time_text(row->last_ns);
        csv_text(out, address);
        g_string_append_printf(out, ",%s,", host_role_name(row->key.role));
        csv_text(out, row->label->text);
        g_string_append_c(out, ',');
        csv_text(out, row->label->family);
        g_string_append_printf(out, ",%u,%u,%u,", row->quality, row->distance, row->link_mtu);
        csv_text(out, row->link_label != NULL ? row->link_label : "");
        g_string_append_printf(out, ",%" G_GUINT64_FORMAT ",%u,%u,%" G_GUINT64_FORMAT ",%s,%s,%s,%u,",
                               row->uptime.seconds, row->uptime.reliability, row->uptime.restarts,
                               row->observations, first, last, row->tool ? "yes" : "no", row->score);
        csv_text(out, reasons);
        g_string_append_printf(out, ",%" G_GUINT64_FORMAT "\r\n", row->changes_seen);
    }
}

static void json_text(JsonBuilder *builder, const char *name, const char *text)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_string_value(builder, text);
}

static void json_number(JsonBuilder *builder, const char *name, uint64_t value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_int_value(builder, (gint64)value);
}

static void json_labels(JsonBuilder *builder, const host_row_t *row)
{
    json_builder_set_member_name(builder, "labels");
    json_builder_begin_object(builder);
    for (size_t i = 0; i < row->label_count; i++) {
        json_number(builder, row->labels[i].label->text, row->labels[i].count);
    }
    json_builder_end_object(builder);
}

static void json_row(JsonBuilder *builder, const host_row_t *row)
{
    char address[SYNFIX_ADDRESS_TEXT_SIZE];
    char reasons[HOST_REASONS_TEXT_SIZE];
    synfix_address_format(&row->key.address, row->key.ip_version, address);
    host_reasons_format(row->reasons, reasons);
    g_autofree char *first = time_text(row->first_ns);
    g_autofree char *last = time_text(row->last_ns);
    json_builder_begin_object(builder);
    json_text(builder, "address", address);
    json_text(builder, "role", host_role_name(row->key.role));
    if (row->key.vlan_id != HOST_NO_VLAN) {
        json_number(builder, "vlan", row->key.vlan_id);
    }
    if (row->key.customer_vlan_id != HOST_NO_VLAN) {
        json_number(builder, "customer_vlan", row->key.customer_vlan_id);
    }
    if (row->key.tunnel_kind != 0) {
        json_text(builder, "tunnel", synfix_encapsulation_name(row->key.tunnel_kind));
        json_number(builder, "tunnel_id", row->key.tunnel_id);
    }
    json_text(builder, "label", row->label->text);
    json_text(builder, "family", row->label->family);
    json_number(builder, "quality", row->quality);
    json_labels(builder, row);
    json_number(builder, "distance", row->distance);
    json_number(builder, "mtu", row->link_mtu);
    json_text(builder, "link", row->link_label != NULL ? row->link_label : "");
    json_number(builder, "uptime", row->uptime.seconds);
    json_number(builder, "uptime_reliability", row->uptime.reliability);
    json_number(builder, "restarts", row->uptime.restarts);
    json_number(builder, "observations", row->observations);
    json_text(builder, "first_seen", first);
    json_text(builder, "last_seen", last);
    json_builder_set_member_name(builder, "tool");
    json_builder_add_boolean_value(builder, row->tool);
    json_number(builder, "sharing_score", row->score);
    json_text(builder, "sharing_reasons", reasons);
    json_number(builder, "changes", row->changes_seen);
    json_builder_end_object(builder);
}

void hosts_print_json(GString *out, const host_row_t *const *rows, size_t count)
{
    g_autoptr(JsonGenerator) generator = json_generator_new();
    for (size_t i = 0; i < count; i++) {
        g_autoptr(JsonBuilder) builder = json_builder_new();
        json_row(builder, rows[i]);
        JsonNode *root = json_builder_get_root(builder);
        json_generator_set_root(generator, root);
        json_generator_to_gstring(generator, out);
        json_node_unref(root);
        g_string_append_c(out, '\n');
    }
}
