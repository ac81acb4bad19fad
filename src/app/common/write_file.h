/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file write_file.h
 * Writes a whole text to a path that a user named. Any thread.
 */
#ifndef APP_COMMON_WRITE_FILE_H
#define APP_COMMON_WRITE_FILE_H

#include <stddef.h>
#include <synfix/status.h>

/**
 * Writes @p length bytes of @p text to @p path.
 *
 * A regular file, or a path that does not exist, is replaced as a whole: a reader sees the old or the new
 * content, a failure leaves the old one. The mode of a new file follows the umask. A device, a pipe or a
 * descriptor (`/dev/stdout`, `/dev/fd/3`) is written into and never replaced.
 *
 * @param wait_ms  How long a pipe may stay full, in milliseconds; -1 is no limit. A pipe without a reader is
 *                 an error at once.
 * @param error    On failure `PATH: reason`, cause SYNFIX_CAUSE_ACCESS or SYNFIX_CAUSE_SINK.
 * @return SYNFIX_OK, SYNFIX_PERMISSION or SYNFIX_IO.
 */
synfix_status_t write_file(const char *path, const char *text, size_t length, int wait_ms,
                           synfix_error_t *error);

#endif
