/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file follow_scan.h
 * The captures of a directory that are complete and not processed yet, the least recently modified first. One
 * thread.
 */
#ifndef CAPTURE_FILE_FOLLOW_SCAN_H
#define CAPTURE_FILE_FOLLOW_SCAN_H

#include "capture/file/follow_state.h"
#include <stddef.h>

/** Files of a directory that were not processed when the directory was read. Initialise with zero. */
typedef struct follow_scan {
    followed_file_t *files; /* by age */
    size_t count;
    size_t room;
    size_t next;
    int64_t newest_ns; /* modification of the newest file of the directory */
} follow_scan_t;

/** Reads @p directory (an open directory). Hidden files, symbolic links and everything that is not a regular
 * file are left out. */
void follow_scan_read(follow_scan_t *scan, int directory, const follow_state_t *state);

/** Returns whether no file of the last read is left. */
bool follow_scan_is_empty(const follow_scan_t *scan);

/**
 * Returns the next complete file of the last read that has not changed since. A file is complete when no
 * process has it open for writing; where the kernel does not report this (another owner, a network file
 * system), when there is a newer file, or after 30 s without a change.
 * @param file  on true the file; its name is the caller's: free()
 */
bool follow_scan_next(follow_scan_t *scan, int directory, followed_file_t *file);

/** Frees the list. */
void follow_scan_clear(follow_scan_t *scan);

#endif
