/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sink_files.h
 * Sinks that write the same file.
 */
#ifndef APP_RUN_SINK_FILES_H
#define APP_RUN_SINK_FILES_H

#include <glib.h>
#include <synfix/status.h>

/**
 * Refuses two sinks with one file, however its path is written, and a sink that would replace an input.
 * @param sinks  of module_spec_t
 * @param inputs capture files (NULL-terminated); NULL: none
 * @param item   index of the sink that is refused
 */
synfix_status_t sink_files_check(const GPtrArray *sinks, char *const *inputs, unsigned *item,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
