/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file file_lock.h
 * Locks of whole files (flock), which end when the file is closed. Any thread.
 */
#ifndef FILES_FILE_LOCK_H
#define FILES_FILE_LOCK_H

#include <stdbool.h>
#include <synfix/status.h>

/** Locks the open file @p descriptor, and does not wait for another holder. A signal does not end the call.
 * Returns 0, or -1 with errno. The file must be open for writing: NFS refuses the lock otherwise. */
int file_lock(int descriptor);

/** Whether errno of file_lock() states that another process (or another open file) holds the lock. Other
 * values: the file system cannot lock. */
bool file_lock_is_held(int number);

/** After a failure of file_lock(): SYNFIX_IO, `PATH: @p held` if the lock is held; otherwise `PATH: reason`
 * with a remedy. */
synfix_status_t file_lock_fail(const char *path, const char *held, synfix_error_t *error);

#endif
