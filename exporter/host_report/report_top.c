/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/host_report/report_internal.h"

report_top_t *report_top_new(guint limit, GCompareFunc order)
{
    report_top_t *top = g_new0(report_top_t, 1);
    *top = (report_top_t){
        .rows = g_array_new(FALSE, FALSE, sizeof(report_host_t)), .limit = limit, .order = order};
    return top;
}

void report_top_free(report_top_t *top)
{
    if (top != NULL) {
        g_array_unref(top->rows);
        g_free(top);
    }
}

void report_top_conclude(report_top_t *top)
{
    g_array_sort(top->rows, top->order);
    if (top->rows->len > top->limit) {
        g_array_set_size(top->rows, top->limit);
    }
}

/* Sorting once for every `limit` rows costs less than a heap and keeps the array simple. */
void report_top_add(report_top_t *top, const report_host_t *host)
{
    const bool again = top->seen > 0 && host_key_same_host(&top->previous, &host->key);
    top->seen++;
    top->hosts += again ? 0 : 1;
    top->previous = host->key;
    g_array_append_vals(top->rows, host, 1);
    if (top->rows->len >= 2 * top->limit) {
        report_top_conclude(top);
    }
}

const report_host_t *report_top_at(const report_top_t *top, guint index)
{
    return &g_array_index(top->rows, report_host_t, index);
}

char *report_top_remark(const report_top_t *top)
{
    return top->seen > top->rows->len
               ? g_strdup_printf("The first %u of %" G_GUINT64_FORMAT " rows.", top->rows->len, top->seen)
               : NULL;
}
