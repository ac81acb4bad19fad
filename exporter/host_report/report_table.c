/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/host_report/report_table.h"

#include <stdarg.h>

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
                              .absent = absent};
    return table;
}

void report_table_free(report_table_t *table)
{
    if (table != NULL) {
        g_ptr_array_unref(table->rows);
        g_free(table->remark);
        g_free(table);
    }
}

void report_table_add(report_table_t *table, ...)
{
    char **row = g_new0(char *, table->column_count + 1);
    va_list cells;
    va_start(cells, table);
    for (unsigned i = 0; i < table->column_count; i++) {
        char *cell = va_arg(cells, char *);
        row[i] = cell != NULL ? cell : g_strdup("");
    }
    va_end(cells);
    g_ptr_array_add(table->rows, row);
}

const char *report_table_at(const report_table_t *table, unsigned row, unsigned column)
{
    char *const *cells = g_ptr_array_index(table->rows, row);
    return cells[column];
}
