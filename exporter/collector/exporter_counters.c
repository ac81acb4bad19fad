/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/exporter_counters.h"
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct exporter_table {
    GHashTable *entries; /* "domain address" -> exporter_counters_t */
    exporter_counters_t other;
};

static void counters_free(gpointer data)
{
    exporter_counters_t *const counters = data;
    g_free(counters->exporter);
    g_free(counters);
}

exporter_table_t *exporter_table_new(void)
{
    exporter_table_t *const table = g_new0(exporter_table_t, 1);
    table->entries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, counters_free);
    table->other.exporter = g_strdup("other");
    return table;
}

void exporter_table_free(exporter_table_t *table)
{
    if (table == NULL) {
        return;
    }
    g_hash_table_destroy(table->entries);
    g_free(table->other.exporter);
    g_free(table);
}

/* `udp://[2001:db8::1]:4739` -> `2001:db8::1` */
static char *address_of(const char *peer)
{
    const char *const scheme = strstr(peer, "://");
    const char *const host = scheme != NULL ? scheme + strlen("://") : peer;
    const char *const port = strrchr(host, ':');
    char *const address = port != NULL ? g_strndup(host, (gsize)(port - host)) : g_strdup(host);
    const size_t length = strlen(address);
    if (length >= 2 && address[0] == '[' && address[length - 1] == ']') {
        memmove(address, address + 1, length - 2);
        address[length - 2] = '\0';
    }
    return address;
}

exporter_counters_t *exporter_table_get(exporter_table_t *table, const char *peer, uint32_t domain)
{
    g_autofree char *address = address_of(peer);
    g_autofree char *key = g_strdup_printf("%" PRIu32 " %s", domain, address);
    exporter_counters_t *counters = g_hash_table_lookup(table->entries, key);
    if (counters != NULL) {
        return counters;
    }
    if (g_hash_table_size(table->entries) >= EXPORTER_COUNTERS_MAX) {
        return &table->other;
    }
    counters = g_new0(exporter_counters_t, 1);
    counters->exporter = g_steal_pointer(&address);
    counters->domain = domain;
    g_hash_table_insert(table->entries, g_steal_pointer(&key), counters);
    return counters;
}

static gint by_exporter(gconstpointer one, gconstpointer other)
{
    const exporter_counters_t *const a = one;
    const exporter_counters_t *const b = other;
    const int order = strcmp(a->exporter, b->exporter);
    return order != 0 ? order : (a->domain > b->domain) - (a->domain < b->domain);
}

static const struct {
    const char *name;
    const char *help;
    size_t offset;
} metrics[] = {
#define METRIC(field, name, help) {name, help, offsetof(exporter_counters_t, field)},
    EXPORTER_COUNTERS(METRIC)
#undef METRIC
};

static void sample(GString *text, size_t metric, const exporter_counters_t *counters)
{
    const uint64_t value = *(const uint64_t *)((const char *)counters + metrics[metric].offset);
    g_string_append_printf(text, "synfix_%s_total{exporter=\"%s\",domain=\"%" PRIu32 "\"} %" PRIu64 "\n",
                           metrics[metric].name, counters->exporter, counters->domain, value);
}

void exporter_table_metrics(const exporter_table_t *table, GString *text)
{
    g_autoptr(GList) entries = g_list_sort(g_hash_table_get_values(table->entries), by_exporter);
    const bool others = table->other.messages > 0;
    for (size_t i = 0; i < G_N_ELEMENTS(metrics); i++) {
        g_string_append_printf(text, "# TYPE synfix_%s counter\n# HELP synfix_%s %s.\n", metrics[i].name,
                               metrics[i].name, metrics[i].help);
        for (const GList *entry = entries; entry != NULL; entry = entry->next) {
            sample(text, i, entry->data);
        }
        if (others) {
            sample(text, i, &table->other);
        }
    }
}
