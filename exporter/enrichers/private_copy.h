/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file private_copy.h
 * A copy of a file in memory, for libraries that map files: a file that another program shortens or
 * overwrites in place would end this program (SIGBUS), or change under it.
 */
#ifndef EXPORTER_ENRICHERS_PRIVATE_COPY_H
#define EXPORTER_ENRICHERS_PRIVATE_COPY_H

#include <synfix/status.h>

/** Longer files are refused. */
#define PRIVATE_COPY_MAX (1024ll * 1024 * 1024)

#define PRIVATE_COPY_PATH_SIZE 32u

/**
 * Copies the regular file @p path. The library opens the copy as @p name; the caller closes @p descriptor
 * then. Errors begin with @p path: as of file_fail(), or SYNFIX_INVALID (too long). Any thread.
 */
synfix_status_t private_copy_open(const char *path, int *descriptor, char name[PRIVATE_COPY_PATH_SIZE],
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
