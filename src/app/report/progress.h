/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file progress.h
 * One line on a terminal that shows the progress of reading a file.
 */
#ifndef APP_REPORT_PROGRESS_H
#define APP_REPORT_PROGRESS_H

#include "pipeline/pipeline.h"

#include <glib.h>

/** Whether standard error is a terminal. */
gboolean progress_wanted(void);

/** `42 %, 1.20 Mpps, 3 s left`; without a known size `1234567 packets, 1.20 Mpps`. @p elapsed_us > 0. */
void progress_format(const pipeline_summary_t *summary, gint64 elapsed_us, GString *text);

/** Replaces the line on the terminal. */
void progress_show(const pipeline_summary_t *summary, gint64 elapsed_us);

/** Clears the line. */
void progress_clear(void);

#endif
