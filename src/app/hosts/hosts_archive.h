/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file hosts_archive.h
 * IPFIX files and directories as an input of the commands about hosts.
 */
#ifndef APP_HOSTS_HOSTS_ARCHIVE_H
#define APP_HOSTS_HOSTS_ARCHIVE_H

#include "app/common/same_files.h"
#include "hosts/host_filter.h"
#include "hosts/host_model.h"
#include <glib.h>

/** Whether @p path is a directory or an IPFIX file, plain or compressed by zstd. */
bool hosts_archive_is(const char *path);

/**
 * Adds the records of @p path to @p model, those of @p filter's time and addresses. Files that cannot be read
 * and records that are no observations are reported: SYNFIX_TRUNCATED, or SYNFIX_PERMISSION. @p records:
 * observations added. @p same: the inputs so far; NULL: a file that is read twice is not noted.
 */
synfix_status_t hosts_archive_read(host_model_t *model, const host_filter_t *filter, same_files_t *same,
                                   const char *path, uint64_t *records);

#endif
