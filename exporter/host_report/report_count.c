/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/host_report/report_internal.h"

#include <string.h>

#define OTHERS "Others"

static bool is_unknown(const report_host_t *host)
{
    return host->label->number == HOST_LABEL_UNKNOWN;
}

static const char *family_of(const report_host_t *host)
{
    return host->tool                                           ? "Tools and scanners"
           : is_unknown(host) || host->label->family[0] == '\0' ? "Unknown"
                                                                : host->label->family;
}

static char *family_name(const report_host_t *host, const char **group)
{
    (void)group;
    return g_strdup(family_of(host));
}

/* The versions of a family add up to the family. */
static char *version_name(const report_host_t *host, const char **group)
{
    *group = family_of(host);
    return g_strdup(host->tool && host->tools != NULL ? host->tools : report_label(host->label));
}

static char *distance_name(const report_host_t *host, const char **group)
{
    (void)group;
    return g_strdup_printf("%u", host->distance);
}

static char *link_name(const report_host_t *host, const char **group)
{
    (void)group;
    if (host->link_mtu == 0) {
        return g_strdup("Unknown");
    }
    return host->link_label != NULL ? g_strdup_printf("%s (MTU %u)", host->link_label, host->link_mtu)
                                    : g_strdup_printf("MTU %u", host->link_mtu);
}

static char *encapsulation_name(const report_host_t *host, const char **group)
{
    (void)group;
    const bool vlan = host->key.vlan_id != HOST_NO_VLAN;
    if (host->key.tunnel_kind != 0) {
        return g_strdup_printf("%s %u%s", synfix_encapsulation_name(host->key.tunnel_kind),
                               host->key.tunnel_id, vlan ? " in a VLAN" : "");
    }
    if (!vlan) {
        return g_strdup("none");
    }
    return host->key.customer_vlan_id != HOST_NO_VLAN
               ? g_strdup_printf("VLAN %u.%u", host->key.vlan_id, host->key.customer_vlan_id)
               : g_strdup_printf("VLAN %u", host->key.vlan_id);
}

static void value_free(gpointer data)
{
    report_value_t *value = data;
    g_free(value->name);
    g_free(value);
}

report_count_t *report_counts_new(void)
{
    report_count_t *counts = g_new0(report_count_t, REPORT_COUNTS);
    counts[REPORT_FAMILY].name_of = family_name;
    counts[REPORT_VERSION].name_of = version_name;
    counts[REPORT_DISTANCE].name_of = distance_name;
    counts[REPORT_LINK].name_of = link_name;
    counts[REPORT_ENCAPSULATION].name_of = encapsulation_name;
    for (unsigned i = 0; i < REPORT_COUNTS; i++) {
        counts[i].values = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, value_free);
    }
    return counts;
}

void report_counts_free(report_count_t *counts)
{
    for (unsigned i = 0; i < REPORT_COUNTS; i++) {
        g_hash_table_unref(counts[i].values);
    }
    g_free(counts);
}

static report_value_t *value_of(const report_count_t *count, const report_host_t *host)
{
    const char *group = NULL;
    g_autofree char *name = count->name_of(host, &group);
    report_value_t *value = g_hash_table_lookup(count->values, name);
    if (value != NULL) {
        return value;
    }
    if (g_hash_table_size(count->values) >= REPORT_VALUES_MAX) {
        value = g_hash_table_lookup(count->values, OTHERS);
        if (value != NULL) {
            return value;
        }
        g_free(name);
        name = g_strdup(OTHERS);
    }
    value = g_new0(report_value_t, 1);
    *value = (report_value_t){
        .name = g_steal_pointer(&name), .group = group, .label = host->label, .example = host->key};
    g_hash_table_insert(count->values, value->name, value);
    return value;
}

void report_counts_add(report_count_t *counts, const report_host_t *host)
{
    for (unsigned i = 0; i < REPORT_COUNTS; i++) {
        report_value_t *value = value_of(&counts[i], host);
        value->hosts++;
        value->quality += host->quality;
        counts[i].hosts++;
    }
}

static int by_hosts(gconstpointer a, gconstpointer b)
{
    const report_value_t *x = *(const report_value_t *const *)a;
    const report_value_t *y = *(const report_value_t *const *)b;
    return x->hosts != y->hosts ? (x->hosts < y->hosts ? 1 : -1) : strcmp(x->name, y->name);
}

GPtrArray *report_count_sorted(const report_count_t *count)
{
    GPtrArray *sorted = g_ptr_array_new();
    GHashTableIter iterator;
    gpointer value;
    g_hash_table_iter_init(&iterator, count->values);
    while (g_hash_table_iter_next(&iterator, NULL, &value)) {
        g_ptr_array_add(sorted, value);
    }
    g_ptr_array_sort(sorted, by_hosts);
    return sorted;
}
