/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file file_error.h
 * errno of file functions as status and as text for a user. Any thread.
 */
#ifndef FILES_FILE_ERROR_H
#define FILES_FILE_ERROR_H

#include <errno.h>
#include <synfix/status.h>

/** errno of file_open() for a socket: open(2) reports the error of a FIFO without a reader. */
#define FILE_ERRNO_SOCKET ESOCKTNOSUPPORT

/** errno for a file that file_is_ours() refuses. */
#define FILE_ERRNO_NOT_OURS EUSERS

/** The text of an errno of the functions of directory_entry.h, in words for a user. Valid as that of
 * strerror. */
const char *file_reason(int number);
/** The same for a name that the program chose in a directory of the user, as `lock`: the user did not name
 * this entry, and removes it or names another directory. */
const char *file_entry_reason(int number);
/** The status of an errno of the functions of directory_entry.h: SYNFIX_NOT_FOUND, SYNFIX_PERMISSION or
 * SYNFIX_IO. */
synfix_status_t file_status(int number);
/** `PATH: reason` with the status of errno; SYNFIX_INVALID for a directory or a name that is too long. */
synfix_status_t file_fail(const char *path, synfix_error_t *error);

#endif
