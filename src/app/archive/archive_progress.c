/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/archive/archive_progress.h"
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>

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
    *shown_us = now_us;
    fprintf(stderr, CLEAR_LINE "%s: ", name);
    if (size > 0) {
        fprintf(stderr, "%.0f %%, ", 100.0 * (double)offset / (double)size);
    }
    fprintf(stderr, "%" PRIu64 " records", records);
    fflush(stderr);
}

void archive_progress_clear(int64_t shown_us)
{
    if (shown_us != 0) {
        fputs(CLEAR_LINE, stderr);
        fflush(stderr);
    }
}
