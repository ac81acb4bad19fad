/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/record_observation/record_headers.h"
#include <glib.h>

/* Tables of withdrawn templates remain. Beyond this number all tables are deleted, and those in use are
 * made again. */
#define TABLES_MAX (2u * READER_TEMPLATES_DEFAULT)

struct record_tables {
    GHashTable *by_layout; /* ipfix_decoder_template_t -> record_table_t */
    uint64_t made;
    const ipfix_decoder_template_t *last_layout; /* of last; NULL: none */
    const record_table_t *last;
};

record_tables_t *record_tables_new(void)
{
    record_tables_t *const tables = g_new0(record_tables_t, 1);
    tables->by_layout = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    return tables;
}

void record_tables_free(record_tables_t *tables)
{
    if (tables != NULL) {
        g_hash_table_destroy(tables->by_layout);
        g_free(tables);
    }
}

void record_tables_layout(record_tables_t *tables, const ipfix_decoder_template_t *layout)
{
    tables->last_layout = NULL;
    if (g_hash_table_size(tables->by_layout) >= TABLES_MAX) {
        g_hash_table_remove_all(tables->by_layout);
    }
    g_hash_table_remove(tables->by_layout, layout);
}

const record_table_t *record_tables_get(record_tables_t *tables, const ipfix_decoder_template_t *layout)
{
    if (layout == tables->last_layout && tables->last->types_seen == layout->types_seen) {
        return tables->last;
    }
    const record_table_t *table = g_hash_table_lookup(tables->by_layout, layout);
    if (table == NULL || table->types_seen != layout->types_seen) {
        record_table_t *const made = record_table_new(layout, ++tables->made);
        record_table_complete(made);
        g_hash_table_replace(tables->by_layout, (gpointer)(uintptr_t)layout, made);
        table = made;
    }
    tables->last_layout = layout;
    tables->last = table;
    return table;
}
