/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file allowed_files.h
 * The files and TCP ports that a capture needs until its end, reloads of the same files included.
 */
#ifndef APP_RUN_ALLOWED_FILES_H
#define APP_RUN_ALLOWED_FILES_H

#include "app/config/settings.h"
#include "app/run/prepare_run.h"
#include "app/service/landlock.h"

/**
 * Makes the directories of the options `spool` and `state`, with the rights of this process. A rule needs a
 * directory that exists: for a missing one it would permit writing in the directory above it. Errors are
 * ignored, because the sinks make the directories again and report the reason.
 */
void allowed_files_make_directories(const prepared_t *prepared);

/**
 * Returns the rules for @p settings (see `landlock` in settings_details.c) and @p prepared, which was made
 * from them. The caller frees the rules. The program does not know the files and ports of modules of `load`
 * and of the sink kafka: with one of these, reading and ports are not restricted.
 */
landlock_rules_t *allowed_files(const settings_t *settings, const prepared_t *prepared);

#endif
