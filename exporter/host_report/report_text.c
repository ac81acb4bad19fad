/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Texts of cells. */
#include "exporter/host_report/report_internal.h"

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
