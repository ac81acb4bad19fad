/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file follow_scan.h
 * The next capture of a directory: complete, not processed yet, the least recently modified first. One
 * thread.
 */
#ifndef CAPTURE_FILE_FOLLOW_SCAN_H
#define CAPTURE_FILE_FOLLOW_SCAN_H

#include "capture/file/follow_state.h"

/**
 * Finds the next file of @p directory (an open directory). Hidden files, symbolic links and everything that
 * is not a regular file are left out. A file is complete when no process has it open for writing; where the
 * kernel does not tell (another owner, a network file system), when there is a newer file, or after 30 s
 * without a change.
 * @param file  on true the file; its name is the caller's: free()
 */
bool follow_scan_next(int directory, const follow_state_t *state, followed_file_t *file);

#endif
