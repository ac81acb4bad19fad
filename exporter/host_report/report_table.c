/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/host_report/report_table.h"

#include <stdarg.h>

typedef struct report_row_cache {
    unsigned row;
    char **cells; /* NULL: none */
} report_row_cache_t;

static void row_free(gpointer data)
{
    g_strfreev(data);
}

report_table_t *report_table_new(const char *id, const char *title, const char *note,
                                 const report_column_t *columns, unsigned column_count, const char *absent)
{
    report_table_t *table = g_new0(report_table_t, 1);
    *table = (report_table_t){.id = id,
                              .title = title,
                              .note = note,
                              .columns = columns,
                              .column_count = column_count,
                              .rows = g_ptr_array_new_with_free_func(row_free),
                              .absent = absent,
                              .links = g_ptr_array_new(),
                              .cache = g_new0(report_row_cache_t, 1)};
    return table;
}

void report_table_free(report_table_t *table)
{
    if (table != NULL) {
        g_ptr_array_unref(table->rows);
        g_ptr_array_unref(table->links);
        g_strfreev(table->cache->cells);
        g_free(table->cache);
        g_free(table->remark);
        g_free(table);
    }
}

static char **make_row(unsigned columns, va_list cells)
{
    char **row = g_new0(char *, columns + 1);
    for (unsigned i = 0; i < columns; i++) {
        char *cell = va_arg(cells, char *);
        row[i] = cell != NULL ? cell : g_strdup("");
    }
    return row;
}

char **report_row_new(unsigned columns, ...)
{
    va_list cells;
    va_start(cells, columns);
    char **row = make_row(columns, cells);
    va_end(cells);
    return row;
}

void report_table_add(report_table_t *table, ...)
{
    va_list cells;
    va_start(cells, table);
    g_ptr_array_add(table->rows, make_row(table->column_count, cells));
    va_end(cells);
}

void report_table_link(report_table_t *table, const char *id)
{
    g_ptr_array_set_size(table->links, (gint)table->rows->len);
    g_ptr_array_index(table->links, table->rows->len - 1) = (gpointer)(guintptr)id; /* is only read */
}

const char *report_table_link_at(const report_table_t *table, unsigned row)
{
    return row < table->links->len ? g_ptr_array_index(table->links, row) : NULL;
}

void report_table_set_source(report_table_t *table, report_row_fn make, const void *source,
                             const void *context, unsigned rows)
{
    table->make = make;
    table->source = source;
    table->context = context;
    table->source_rows = rows;
}

unsigned report_table_rows(const report_table_t *table)
{
    return table->make != NULL ? table->source_rows : table->rows->len;
}

const char *report_table_at(const report_table_t *table, unsigned row, unsigned column)
{
    if (table->make == NULL) {
        char *const *cells = g_ptr_array_index(table->rows, row);
        return cells[column];
    }
    report_row_cache_t *cache = table->cache;
    if (cache->cells == NULL || cache->row != row) {
        g_strfreev(cache->cells);
        *cache = (report_row_cache_t){.row = row, .cells = table->make(table, row)};
    }
    return cache->cells[column];
}
