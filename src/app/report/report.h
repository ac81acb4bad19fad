/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file report.h
 * The result of a run, on standard error and as exit code.
 */
#ifndef APP_REPORT_REPORT_H
#define APP_REPORT_REPORT_H

#include "pipeline/pipeline.h"

#include <glib.h>

/** Prints the current summary. Any thread. */
void report_print(const pipeline_t *pipeline);

/** Appends one short status line to @p text, for a service manager. Any thread. */
void report_status(const pipeline_t *pipeline, GString *text);

/** Appends the current metrics to @p text. Any thread. */
void report_metrics(const pipeline_t *pipeline, GString *text);

/**
 * Reports a run that ended with @p status (and @p error): the summary unless @p quiet, and a line for each
 * failure. Returns the exit code; @p input_code is the code of a failed source. If the thread of a sink did
 * not return from a call, this function ends the process: that thread still uses memory and code of the
 * pipeline.
 */
int report_conclude(const pipeline_t *pipeline, gboolean quiet, synfix_status_t status,
                    const synfix_error_t *error, int input_code);

#endif
