/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file index_windows.h
 * The windows of an entry as the index tests them: ranges of a number that a signature contains.
 */
#ifndef SIGDB_INDEX_WINDOWS_H
#define SIGDB_INDEX_WINDOWS_H

#include "sigdb/sigdb_internal.h"

/** Each range has the kind SIGDB_WINDOW_PLAIN, MSS, MTU or ANY. */
typedef struct index_windows {
    unsigned count; /* at least 1 */
    sigdb_window_t ranges[2 * SIGDB_RANGES_MAX];
} index_windows_t;

/** Ranges that contain each window that @p entry allows; they may contain others. */
index_windows_t index_windows(const sigdb_entry_t *entry);

#endif
