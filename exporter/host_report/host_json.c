/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/host_report/host_json.h"
#include "exporter/host_report/report_internal.h"

#include <string.h>

static void add_name(GString *out, const char *name)
{
    const char last = out->len > 0 ? out->str[out->len - 1] : '\0';
    g_string_append(out, last == '{' ? "" : ",");
    report_json_string(out, name);
    g_string_append_c(out, ':');
}

static void add_text(GString *out, const char *name, const char *text)
{
    add_name(out, name);
    report_json_string(out, text);
}

static void add_number(GString *out, const char *name, uint64_t value)
{
    add_name(out, name);
    g_string_append_printf(out, "%" G_GUINT64_FORMAT, value);
}

static void add_time(GString *out, const char *name, int64_t time_ns)
{
    g_autofree char *text = report_time(time_ns);
    add_text(out, name, text);
}

static void add_key(GString *out, const host_key_t *key)
{
    char address[SYNFIX_ADDRESS_TEXT_SIZE];
    synfix_address_format(&key->address, key->ip_version, address);
    add_text(out, "address", address);
    add_text(out, "role", host_role_name(key->role));
    if (key->vlan_id != HOST_NO_VLAN) {
        add_number(out, "vlan", key->vlan_id);
    }
    if (key->customer_vlan_id != HOST_NO_VLAN) {
        add_number(out, "customer_vlan", key->customer_vlan_id);
    }
    if (key->tunnel_kind != 0) {
        add_text(out, "tunnel", synfix_encapsulation_name(key->tunnel_kind));
        add_number(out, "tunnel_id", key->tunnel_id);
    }
}

static void add_labels(GString *out, const host_row_t *row)
{
    add_name(out, "labels");
    g_string_append_c(out, '{');
    for (size_t i = 0; i < row->label_count; i++) {
        add_number(out, row->labels[i].label->text, row->labels[i].count);
    }
    g_string_append_c(out, '}');
}

static void add_signatures(GString *out, const host_row_t *row)
{
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];
    add_name(out, "signatures");
    g_string_append_c(out, '[');
    for (size_t i = 0; i < row->signature_count; i++) {
        const host_signature_count_t *signature = &row->signatures[i];
        g_string_append(out, i > 0 ? ",{" : "{");
        synfix_signature_format(&signature->signature, text);
        add_text(out, "signature", text);
        add_text(out, "label", signature->label->text);
        add_number(out, "observations", signature->count);
        add_time(out, "last_seen", signature->last_ns);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void add_changes(GString *out, const host_row_t *row)
{
    char reasons[HOST_REASONS_TEXT_SIZE];
    add_name(out, "recent_changes");
    g_string_append_c(out, '[');
    for (size_t i = 0; i < row->change_count; i++) {
        const host_change_t *change = &row->changes[i];
        g_string_append(out, i > 0 ? ",{" : "{");
        host_reasons_format(change->reasons, reasons);
        add_time(out, "time", change->time_ns);
        add_text(out, "reasons", reasons);
        add_text(out, "before", change->before->text);
        add_text(out, "after", change->after->text);
        add_number(out, "sharing_score", change->score);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void add_link(GString *out, const host_row_t *row)
{
    if (row->link_mtu != 0) {
        add_number(out, "mtu", row->link_mtu);
    }
    if (row->link_label != NULL) {
        add_text(out, "link", row->link_label);
    }
}

static void add_uptime(GString *out, const host_uptime_t *uptime)
{
    if (uptime->measured_ns != 0) {
        add_number(out, "uptime", uptime->seconds);
        add_number(out, "uptime_reliability", uptime->reliability);
        add_time(out, "uptime_measured", uptime->measured_ns);
    }
    add_number(out, "restarts", uptime->restarts);
}

/* Facts that follow from several connections, as far as known. */
static void add_habits(GString *out, const host_habits_t *habits)
{
    const struct {
        const char *name;
        const char *text;
    } members[] = {
        {"ip_ids", ip_id_habit_name(habits->ip_id)},
        {"clock_rate", clock_rate_name(habits->rate)},
        {"clock_offset", clock_offset_name(habits->offset)},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
        if (members[i].text != NULL) {
            add_text(out, members[i].name, members[i].text);
        }
    }
}

static void add_system(GString *out, const host_row_t *row)
{
    add_text(out, "label", row->label->text);
    add_text(out, "family", row->label->family);
    add_number(out, "quality", row->quality);
    if (row->version_quality != 0) {
        add_number(out, "version_quality", row->version_quality);
    }
    add_habits(out, &row->habits);
    add_labels(out, row);
}

static void add_tools(GString *out, const host_row_t *row)
{
    char tools[HOST_TOOLS_TEXT_SIZE];
    add_name(out, "tool");
    g_string_append(out, row->tool ? "true" : "false");
    if (row->tool) {
        host_tools_format(row, tools);
        add_text(out, "tools", tools);
    }
}

static void add_support(GString *out, const host_row_t *row)
{
    if (row->label->support != NULL && row->label->support->newest_end != NULL) {
        add_text(out, "support_end", row->label->support->newest_end);
    }
}

static void add_sharing(GString *out, const host_row_t *row)
{
    char reasons[HOST_REASONS_TEXT_SIZE];
    host_reasons_format(row->reasons, reasons);
    add_number(out, "sharing_score", row->score);
    add_text(out, "sharing_reasons", reasons);
}

void host_json(GString *out, const host_row_t *row)
{
    g_string_append_c(out, '{');
    add_key(out, &row->key);
    add_system(out, row);
    add_number(out, "distance", row->distance);
    add_link(out, row);
    add_uptime(out, &row->uptime);
    add_number(out, "observations", row->observations);
    add_time(out, "first_seen", row->first_ns);
    add_time(out, "last_seen", row->last_ns);
    add_tools(out, row);
    add_support(out, row);
    add_sharing(out, row);
    add_number(out, "changes", row->changes_seen);
    add_changes(out, row);
    add_signatures(out, row);
    g_string_append_c(out, '}');
}
