/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file report.h
 * How a run went, on standard error and as exit code.
 */
#ifndef APP_REPORT_REPORT_H
#define APP_REPORT_REPORT_H

#include "pipeline/pipeline.h"

#include <glib.h>

/** Prints the summary as of now. Any thread. */
void report_print(const pipeline_t *pipeline);

/** One short line as of now, appended to @p text: for a service manager. Any thread. */
void report_status(const pipeline_t *pipeline, GString *text);

/** The metrics as of now, appended to @p text. Any thread. */
void report_metrics(const pipeline_t *pipeline, GString *text);

/**
 * After a run that ended with @p status (and @p error): the summary unless @p quiet, a line for each thing
 * that went wrong, and the exit code. @p input_code is what a failed source means. When a sink was left
 * behind in a call that does not return, this is where the program ends: its thread uses memory and code of
 * the pipeline.
 */
int report_conclude(const pipeline_t *pipeline, gboolean quiet, synfix_status_t status,
                    const synfix_error_t *error, int input_code);

#endif
