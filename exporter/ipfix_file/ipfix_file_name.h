/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file ipfix_file_name.h
 * What files of an archive are called. For archive*.c only.
 */
#ifndef EXPORTER_IPFIX_FILE_IPFIX_FILE_NAME_H
#define EXPORTER_IPFIX_FILE_IPFIX_FILE_NAME_H

#include <glib.h>
#include <stdint.h>
#include <synfix/status.h>

/** @p target with %Y and the like replaced by the date (UTC); NULL when it is no date pattern. g_free it. */
char *ipfix_file_dated_name(const char *target, int64_t now_ns);

/** `a.ipfix` becomes `a-2.ipfix` when that is not there yet, finished or not. g_free it. */
char *ipfix_file_free_name(const char *wanted);

/** Matches what unfinished files of the target @p base (without its directory) are called. g_regex_unref it.
 */
GRegex *ipfix_file_part_pattern(const char *base);

/** The status and text for what @p what on @p path left in errno. */
synfix_status_t ipfix_file_failed(const char *path, const char *what, synfix_error_t *error);

#endif
