/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/host_report/report_unknown.h"

#include "exporter/host_report/report_internal.h"
#include <string.h>

#define ROWS_MAX 50u /* signatures in the table; the tail is noise */

typedef struct signature {
    char *text;
    uint64_t observations;
    uint32_t hosts;
    host_key_t example;
    uint8_t role;
} signature_t;

struct report_unknown {
    GHashTable *signatures; /* role and text -> signature_t */
    uint64_t forgotten;
};

static void signature_free(gpointer data)
{
    signature_t *signature = data;
    g_free(signature->text);
    g_free(signature);
}

report_unknown_t *report_unknown_new(void)
{
    report_unknown_t *unknown = g_new0(report_unknown_t, 1);
    unknown->signatures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, signature_free);
    return unknown;
}

void report_unknown_free(report_unknown_t *unknown)
{
    g_hash_table_unref(unknown->signatures);
    g_free(unknown);
}

static gboolean is_rare(gpointer key, gpointer value, gpointer user)
{
    (void)key;
    return ((const signature_t *)value)->hosts <= *(const uint32_t *)user;
}

/* Random option layouts, each of one host, must not displace those of many hosts. */
static void forget_rare(report_unknown_t *unknown)
{
    for (uint32_t hosts = 1; g_hash_table_size(unknown->signatures) > REPORT_UNKNOWN_MAX / 2; hosts *= 2) {
        unknown->forgotten += g_hash_table_foreach_remove(unknown->signatures, is_rare, &hosts);
    }
}

static void add_signature(report_unknown_t *unknown, const host_row_t *row,
                          const host_signature_count_t *count)
{
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];
    synfix_signature_format(&count->signature, text);
    g_autofree char *key = g_strdup_printf("%u %s", row->key.role, text);
    signature_t *signature = g_hash_table_lookup(unknown->signatures, key);
    if (signature == NULL) {
        if (g_hash_table_size(unknown->signatures) >= REPORT_UNKNOWN_MAX) {
            forget_rare(unknown);
        }
        signature = g_new0(signature_t, 1);
        *signature = (signature_t){.text = g_strdup(text), .example = row->key, .role = row->key.role};
        g_hash_table_insert(unknown->signatures, g_steal_pointer(&key), signature);
    }
    signature->observations += count->count;
    signature->hosts++;
}

void report_unknown_add(report_unknown_t *unknown, const host_row_t *row)
{
    for (size_t i = 0; i < row->signature_count; i++) {
        if (row->signatures[i].label->number == HOST_LABEL_UNKNOWN) {
            add_signature(unknown, row, &row->signatures[i]);
        }
    }
}

static int most_hosts_first(gconstpointer a, gconstpointer b)
{
    const signature_t *x = *(const signature_t *const *)a;
    const signature_t *y = *(const signature_t *const *)b;
    return x->hosts != y->hosts                 ? (x->hosts < y->hosts ? 1 : -1)
           : x->observations != y->observations ? (x->observations < y->observations ? 1 : -1)
                                                : strcmp(x->text, y->text);
}

/* As sigdb learn writes an entry: any version, the initial TTL instead of TTL and distance. */
static char *proposed_entry(const char *signature)
{
    g_auto(GStrv) fields = g_strsplit(signature, ":", 3);
    if (g_strv_length(fields) < 3) {
        return g_strdup("");
    }
    const uint8_t ttl = synfix_initial_ttl_guess((uint8_t)g_ascii_strtoull(fields[1], NULL, 10));
    return g_strdup_printf("sig = *:%u:%s", ttl, fields[2]);
}

static GPtrArray *sorted_signatures(const report_unknown_t *unknown)
{
    GPtrArray *all = g_ptr_array_new();
    GHashTableIter iterator;
    gpointer signature;
    g_hash_table_iter_init(&iterator, unknown->signatures);
    while (g_hash_table_iter_next(&iterator, NULL, &signature)) {
        g_ptr_array_add(all, signature);
    }
    g_ptr_array_sort(all, most_hosts_first);
    return all;
}

report_table_t *report_list_unknown(const report_unknown_t *unknown)
{
    static const report_column_t columns[] = {
        {"signature", "Signature", REPORT_CODE}, {"role", "Role", REPORT_TEXT},
        {"hosts", "Hosts", REPORT_NUMBER},       {"observations", "Observations", REPORT_NUMBER},
        {"example", "Example", REPORT_ADDRESS},  {"entry", "Entry for a database", REPORT_CODE}};
    report_table_t *table = report_table_new(
        "unknown", "Unknown signatures",
        "Signatures without a label, the most frequent first. The entry belongs below a label of your own.",
        columns, G_N_ELEMENTS(columns), "All signatures have a label.");
    g_autoptr(GPtrArray) all = sorted_signatures(unknown);
    for (guint i = 0; i < MIN(all->len, ROWS_MAX); i++) {
        const signature_t *signature = g_ptr_array_index(all, i);
        report_table_add(table, g_strdup(signature->text), g_strdup(host_role_name(signature->role)),
                         report_number(signature->hosts), report_number(signature->observations),
                         report_key(&signature->example), proposed_entry(signature->text));
    }
    if (unknown->forgotten > 0) {
        table->remark = g_strdup_printf("The counts of %" G_GUINT64_FORMAT
                                        " rare signatures began again at 0: the report keeps %u at a time.",
                                        unknown->forgotten, REPORT_UNKNOWN_MAX);
    } else if (all->len > ROWS_MAX) {
        table->remark = g_strdup_printf("The first %u of %u signatures.", ROWS_MAX, all->len);
    }
    return table;
}
