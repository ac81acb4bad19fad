/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file path_checks.h
 * The paths that a capture writes to: `--check-config` and the start find the same mistakes in them, before
 * anything is opened.
 */
#ifndef APP_RUN_PATH_CHECKS_H
#define APP_RUN_PATH_CHECKS_H

#include "app/common/mistakes.h"
#include "app/config/settings.h"
#include "app/run/prepare_run.h"

/** Checks the path of the query socket, which is opened before privileges are dropped. */
void path_checks_socket(const settings_t *settings, mistakes_t *mistakes);

/**
 * Checks the metrics file, and the targets and directories of the sinks of @p prepared, with the privileges
 * of this process.
 * @param mistakes gets each mistake with its file and line
 */
void path_checks_run(const settings_t *settings, const prepared_t *prepared, mistakes_t *mistakes);

/** The file that @p sink writes; NULL: none, or standard output. */
const char *path_checks_file_of(const module_spec_t *sink);

#endif
