/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file write_access.h
 * Whether this process may write a file or directory, found without opening or creating anything. The answer
 * holds for the moment: a later open may still fail. Any thread.
 */
#ifndef FILES_WRITE_ACCESS_H
#define FILES_WRITE_ACCESS_H

#include <stdbool.h>
#include <synfix/status.h>

/** How a file will be written. */
typedef enum file_use {
    FILE_APPENDED, /* an existing file is opened, a missing one is made; a pipe or device is written to */
    FILE_REPLACED, /* as FILE_APPENDED, but a new file takes the name of an existing regular one */
    FILE_DATABASE, /* a regular file, with companion files in the directory */
    FILE_SOCKET,   /* a Unix socket takes the name; an existing socket may be a former one */
} file_use_t;

/**
 * Checks the file @p path. Errors begin with @p path: SYNFIX_NOT_FOUND (a directory of the path is missing),
 * SYNFIX_PERMISSION, SYNFIX_INVALID (a directory, or another kind of file than @p use needs) or SYNFIX_IO.
 */
synfix_status_t file_check_written(const char *path, file_use_t use, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Checks a directory in which files will be made; missing directories of @p path will be made too. Errors as
 * for file_check_written(). */
synfix_status_t file_check_directory(const char *path, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Checks the Unix socket @p path of another process. A connection may still be refused. Errors as for
 * file_check_written(). */
synfix_status_t file_check_connected(const char *path, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Whether @p path is a named pipe: a writer needs a process that reads it. */
bool file_is_pipe(const char *path);

#endif
