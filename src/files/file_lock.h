/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file file_lock.h
 * Locks of whole files (flock), which end when the file is closed. Any thread.
 */
#ifndef FILES_FILE_LOCK_H
#define FILES_FILE_LOCK_H

#include <stdbool.h>
#include <synfix/status.h>

/** Locks the open file @p descriptor without waiting; continues after a signal. 0, or -1 with errno. Open the
 * file for writing: NFS locks no other. */
int file_lock(int descriptor);

/** Whether errno of file_lock() states that another process (or another open file) holds the lock. Other
 * values: the file system cannot lock. */
bool file_lock_is_held(int number);

/** After a failure of file_lock(): SYNFIX_IO, `PATH: @p held` if the lock is held; otherwise `PATH: reason`
 * with a remedy. */
synfix_status_t file_lock_fail(const char *path, const char *held, synfix_error_t *error);

#endif
