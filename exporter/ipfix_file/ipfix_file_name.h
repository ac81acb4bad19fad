/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file ipfix_file_name.h
 * Names of the files of an archive. Private to ipfix_file*.c.
 */
#ifndef EXPORTER_IPFIX_FILE_IPFIX_FILE_NAME_H
#define EXPORTER_IPFIX_FILE_IPFIX_FILE_NAME_H

#include <stdint.h>
#include <synfix/status.h>

/**
 * Returns @p target with conversions such as %Y replaced by the date (UTC); NULL: not a valid date pattern.
 * g_free the result.
 */
char *ipfix_file_dated_name(const char *target, int64_t now_ns);

/**
 * Returns the first of `a.ipfix`, `a-2.ipfix` ... that does not exist, finished or not. g_free the result.
 */
char *ipfix_file_free_name(const char *wanted);

/** Returns status and text for errno after operation @p what on @p path. */
synfix_status_t ipfix_file_failed(const char *path, const char *what, synfix_error_t *error);

#endif
