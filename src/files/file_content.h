/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file file_content.h
 * Whole files. Read, at most to a limit: regular files, which cannot block, and pipes that are opened with
 * O_NONBLOCK. Written: regular files. Any thread.
 */
#ifndef FILES_FILE_CONTENT_H
#define FILES_FILE_CONTENT_H

#include <stddef.h>
#include <synfix/status.h>

/** Waits until a pipe has bytes or no writer any more. Returns 0 or an errno: ETIMEDOUT after five seconds.
 */
int file_await(int descriptor);

/** Rest of an open file with a 0 after it, to be freed with free. Returns 0 or an errno: EFBIG past @p
 * maximum, ETIMEDOUT if the writer of a pipe with O_NONBLOCK pauses for five seconds. */
int file_read_rest(int descriptor, size_t maximum, char **text, size_t *length);

/** The whole file @p path. Errors are `PATH: reason`: SYNFIX_NOT_FOUND, SYNFIX_PERMISSION, SYNFIX_INVALID (no
 * regular file, or longer than @p maximum), SYNFIX_IO. */
synfix_status_t file_read_whole(const char *path, size_t maximum, char **text, size_t *length,
                                synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Writes all @p length bytes at @p data to an open file. Returns 0 or an errno: a part may be written. */
int file_write_whole(int descriptor, const void *data, size_t length) SYNFIX_MUST_CHECK;

#endif
