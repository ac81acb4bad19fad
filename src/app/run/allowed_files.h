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
 * The rules for @p settings (see `landlock` in settings_details.c) and what was prepared from them; the
 * caller's. With a module of `load` or the sink
 * kafka, whose files and ports this program does not know, reading and ports are not restricted.
 */
landlock_rules_t *allowed_files(const settings_t *settings, const prepared_t *prepared);

#endif
