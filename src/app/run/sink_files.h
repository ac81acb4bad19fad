/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sink_files.h
 * Sinks that write the same file.
 */
#ifndef APP_RUN_SINK_FILES_H
#define APP_RUN_SINK_FILES_H

#include "module/module_spec.h"
#include <glib.h>

/** The files that sinks write. One thread. */
typedef struct sink_files sink_files_t;

/**
 * An empty list.
 * @param inputs capture files (NULL-terminated), which outlive the list; NULL: none
 */
sink_files_t *sink_files_new(char *const *inputs);
void sink_files_free(sink_files_t *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sink_files_t, sink_files_free)

/**
 * Adds the file of @p sink, which outlives the list. SYNFIX_INVALID: a sink of the list writes the same file,
 * however its path is written, or the sink would replace an input.
 */
synfix_status_t sink_files_add(sink_files_t *files, const module_spec_t *sink,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
