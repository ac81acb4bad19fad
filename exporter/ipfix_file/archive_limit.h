/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file archive_limit.h
 * The bound of an archive: the oldest finished files of a target are removed when there is too much.
 */
#ifndef EXPORTER_IPFIX_FILE_ARCHIVE_LIMIT_H
#define EXPORTER_IPFIX_FILE_ARCHIVE_LIMIT_H

#include <stdint.h>

typedef struct archive_limit {
    const char *target; /* as in ipfix_file_config_t: file name with a date pattern */
    uint64_t bytes_max; /* sum of the finished files; 0: no limit */
    void (*log)(void *user, int level, const char *text);
    void *user;
} archive_limit_t;

/**
 * Removes finished files of the target, the least recently modified first, until the sum of their sizes is
 * within the limit; the newest file always stays. Only regular files whose name the target can have made, and
 * which begin with an IPFIX message, are removed; nothing is removed when a conversion of the target has no
 * known texts (%c). Failures and foreign files are logged.
 * @return number of files removed
 */
unsigned archive_limit_apply(const archive_limit_t *limit);

#endif
