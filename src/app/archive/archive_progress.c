/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/archive/archive_progress.h"
#include "app/common/standard_error.h"
#include "base/message_text.h"

#include <glib.h>
#include <inttypes.h>

/* Two lines a second are readable, and cost nothing. */
#define INTERVAL_US (500 * 1000)
#define CLEAR_LINE  "\r\033[K"

void archive_progress_show(int64_t *shown_us, const char *path, uint64_t offset, uint64_t size,
                           uint64_t records)
{
    const int64_t now_us = g_get_monotonic_time();
    if (now_us - *shown_us < INTERVAL_US) {
        return;
    }
    g_autofree char *name = g_path_get_basename(path);
    replace_unprintable_bytes(name);
    g_autoptr(GString) text = g_string_new(CLEAR_LINE);
    g_string_append_printf(text, "%s: ", name);
    if (size > 0) {
        g_string_append_printf(text, "%.0f %%, ", 100.0 * (double)offset / (double)size);
    }
    g_string_append_printf(text, "%" PRIu64 " records", records);
    *shown_us = now_us;
    standard_error_show(text->str);
}

void archive_progress_clear(int64_t shown_us)
{
    if (shown_us != 0) {
        standard_error_show(CLEAR_LINE);
    }
}
