/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file archive_progress.h
 * The line on a terminal that shows how far the reading of archives is.
 */
#ifndef APP_ARCHIVE_ARCHIVE_PROGRESS_H
#define APP_ARCHIVE_ARCHIVE_PROGRESS_H

#include <stdint.h>

/** Writes the line, at most every half second. @p size of the file in bytes; 0: unknown. @p shown_us is 0 at
 * first. */
void archive_progress_show(int64_t *shown_us, const char *path, uint64_t offset, uint64_t size,
                           uint64_t records);

/** Wipes the line out if there is one. */
void archive_progress_clear(int64_t shown_us);

#endif
