/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/hosts/host_totals.h"

#include <string.h>

static int most_hosts_first(gconstpointer a, gconstpointer b)
{
    const family_total_t *x = a;
    const family_total_t *y = b;
    return x->hosts != y->hosts ? (x->hosts < y->hosts ? 1 : -1) : strcmp(x->name, y->name);
}

/* @p known: name -> index + 1 */
static void count_family(GArray *families, GHashTable *known, const char *name)
{
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(known, name));
    if (at == 0) {
        const family_total_t total = {.name = name};
        g_array_append_val(families, total);
        at = families->len;
        g_hash_table_insert(known, (gpointer)(guintptr)name, GUINT_TO_POINTER(at));
    }
    g_array_index(families, family_total_t, at - 1).hosts++;
}

host_totals_t host_totals_of(const GArray *hosts)
{
    host_totals_t totals = {.rows = hosts->len,
                            .families = g_array_new(FALSE, FALSE, sizeof(family_total_t))};
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < hosts->len; i++) {
        const listed_host_t *host = &g_array_index(hosts, listed_host_t, i);
        const listed_host_t *other = i + 1 < hosts->len ? host + 1 : NULL;
        if (other != NULL && host_key_same_host(&host->key, &other->key)) {
            host = host_role_stands(host->tool, host->quality, other->tool, other->quality) ? other : host;
            i++;
        }
        totals.hosts++;
        count_family(totals.families, known, listed_host_family(host));
    }
    g_array_sort(totals.families, most_hosts_first);
    return totals;
}

void host_totals_clear(host_totals_t *totals)
{
    g_array_unref(totals->families);
    totals->families = NULL;
}
