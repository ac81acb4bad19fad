/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/host_report/report_internal.h"

#include <string.h>

static void unknown_free(gpointer data)
{
    report_unknown_t *unknown = data;
    g_free(unknown->text);
    g_free(unknown);
}

static void fact_free(gpointer data)
{
    g_strfreev(data);
}

host_report_t *host_report_new(void)
{
    host_report_t *report = g_new0(host_report_t, 1);
    report->hosts = g_array_new(FALSE, FALSE, sizeof(report_host_t));
    report->changes = g_array_new(FALSE, FALSE, sizeof(report_change_t));
    report->unknown = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unknown_free);
    report->facts = g_ptr_array_new_with_free_func(fact_free);
    return report;
}

void host_report_free(host_report_t *report)
{
    if (report != NULL) {
        for (guint i = 0; i < report->hosts->len; i++) {
            g_free(g_array_index(report->hosts, report_host_t, i).tools);
        }
        g_array_unref(report->hosts);
        g_array_unref(report->changes);
        g_hash_table_unref(report->unknown);
        g_ptr_array_unref(report->facts);
        g_free(report);
    }
}

static void add_unknown(host_report_t *report, const host_row_t *row, const host_signature_count_t *signature)
{
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];
    synfix_signature_format(&signature->signature, text);
    g_autofree char *key = g_strdup_printf("%u %s", row->key.role, text);
    report_unknown_t *unknown = g_hash_table_lookup(report->unknown, key);
    if (unknown == NULL) {
        unknown = g_new0(report_unknown_t, 1);
        *unknown = (report_unknown_t){.text = g_strdup(text), .example = row->key, .role = row->key.role};
        g_hash_table_insert(report->unknown, g_steal_pointer(&key), unknown);
    }
    unknown->observations += signature->count;
    unknown->hosts++;
}

static bool is_older(const host_label_t *label, const host_label_t *than)
{
    return label->support != NULL &&
           (than->support == NULL || label->support->newest_year < than->support->newest_year);
}

/* Behind a shared address each label may be right; an uncertain one is not worth an alarm. */
static const host_label_t *oldest_label(const host_row_t *row, uint8_t *quality)
{
    const host_label_t *oldest = row->label;
    *quality = row->quality;
    for (size_t i = 0; host_row_shared(row) && i < row->label_count; i++) {
        const host_label_count_t *count = &row->labels[i];
        if (!count->label->tool && count->quality >= REPORT_QUALITY_MIN && is_older(count->label, oldest)) {
            oldest = count->label;
            *quality = count->quality;
        }
    }
    return oldest;
}

static char *tools_of(const host_row_t *row)
{
    char text[HOST_TOOLS_TEXT_SIZE];
    return row->tool && host_tools_format(row, text) > 0 ? g_strdup(text) : NULL;
}

void host_report_add(host_report_t *report, const host_row_t *row)
{
    uint8_t oldest_quality = 0;
    const host_label_t *oldest = oldest_label(row, &oldest_quality);
    const report_host_t host = {
        .key = row->key,
        .label = row->label,
        .oldest = oldest,
        .oldest_quality = oldest_quality,
        .tools = tools_of(row),
        .tool_observations = host_tool_observations(row),
        .link_label = row->link_label,
        .first_ns = row->first_ns,
        .last_ns = row->last_ns,
        .observations = row->observations,
        .uptime_seconds = row->uptime.measured_ns != 0 ? row->uptime.seconds : 0,
        .uptime_ns = row->uptime.measured_ns,
        .reasons = row->reasons,
        .restarts = row->uptime.restarts,
        .changes = (uint32_t)MIN(row->changes_seen, UINT32_MAX),
        .link_mtu = row->link_mtu,
        .quality = row->quality,
        .distance = row->distance,
        .score = row->score,
        .reliability = row->uptime.reliability,
        .tool = row->tool,
        .random_ttl = row->random_ttl,
    };
    g_array_append_val(report->hosts, host);
    for (size_t i = 0; i < row->change_count; i++) {
        const report_change_t change = {.key = row->key, .change = row->changes[i]};
        g_array_append_val(report->changes, change);
    }
    for (size_t i = 0; i < row->signature_count; i++) {
        if (row->signatures[i].label->number == HOST_LABEL_UNKNOWN) {
            add_unknown(report, row, &row->signatures[i]);
        }
    }
    report->observations += row->observations;
}

void host_report_add_fact(host_report_t *report, const char *name, const char *value)
{
    char **fact = g_new0(char *, 3);
    fact[0] = g_strdup(name);
    fact[1] = g_strdup(value);
    g_ptr_array_add(report->facts, fact);
}

static int by_bytes(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(host_key_t));
}

size_t host_report_count(const host_report_t *report)
{
    g_autoptr(GArray) keys = g_array_sized_new(FALSE, FALSE, sizeof(host_key_t), report->hosts->len);
    for (guint i = 0; i < report->hosts->len; i++) {
        host_key_t key = g_array_index(report->hosts, report_host_t, i).key;
        key.role = 0;
        g_array_append_val(keys, key);
    }
    g_array_sort(keys, by_bytes);
    size_t count = 0;
    for (guint i = 0; i < keys->len; i++) {
        const host_key_t *key = &g_array_index(keys, host_key_t, i);
        count += i == 0 || by_bytes(key - 1, key) != 0 ? 1 : 0;
    }
    return count;
}

bool host_report_format_of(const char *name, host_report_format_t *format)
{
    static const char *const names[] = {
        [HOST_REPORT_HTML] = "html", [HOST_REPORT_MARKDOWN] = "md", [HOST_REPORT_JSON] = "json"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            *format = (host_report_format_t)i;
            return true;
        }
    }
    return false;
}

char *report_time(int64_t time_ns)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(time_ns / G_GINT64_CONSTANT(1000000000));
    return time != NULL ? g_date_time_format(time, "%Y-%m-%d %H:%M:%S") : g_strdup("");
}

const char *report_label(const host_label_t *label)
{
    return label->number == HOST_LABEL_UNKNOWN ? "Unknown" : label->text;
}

char *report_support(const host_report_t *report, const host_label_t *label)
{
    char text[SUPPORT_TEXT_SIZE];
    system_support_format(label->support, report->now_ns, text);
    return g_strdup(text);
}

char *report_number(uint64_t value)
{
    return g_strdup_printf("%" G_GUINT64_FORMAT, value);
}

char *report_key(const host_key_t *key)
{
    char text[HOST_KEY_TEXT_SIZE];
    host_key_format(key, text);
    return g_strdup(text);
}

GString *host_report_print(host_report_t *report, host_report_format_t format, int64_t created_ns)
{
    report->now_ns = created_ns;
    g_autoptr(GPtrArray) tables = report_tables_new(report);
    switch (format) {
    case HOST_REPORT_MARKDOWN:
        return report_markdown(report, tables, created_ns);
    case HOST_REPORT_JSON:
        return report_json(report, tables, created_ns);
    case HOST_REPORT_HTML:
        break;
    }
    return report_html(report, tables, created_ns);
}
