/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file metrics_file.h
 * A file whose content is replaced by the current metrics text at intervals. A write may fail for hours (a
 * full disk, a pipe without a reader): a failure is reported once, and again when its reason changes. One
 * thread.
 */
#ifndef APP_REPORT_METRICS_FILE_H
#define APP_REPORT_METRICS_FILE_H

#include <glib.h>
#include <synfix/status.h>

/** Zero-initialised: no failure was reported. */
typedef struct metrics_file {
    synfix_error_t reported; /* empty text: the last write succeeded */
} metrics_file_t;

typedef enum metrics_file_news {
    METRICS_FILE_NO_NEWS,
    METRICS_FILE_FAILED,    /* for the first time, or for another reason than before */
    METRICS_FILE_RECOVERED, /* the first success after a failure */
} metrics_file_news_t;

/**
 * Replaces the content of @p path by @p text (write_file.h) and returns what the caller reports, one line in
 * @p message, which begins with `metrics-file: ` and the path; with METRICS_FILE_NO_NEWS the message is
 * undefined. A full pipe delays the caller by half a second at most.
 */
metrics_file_news_t metrics_file_refresh(metrics_file_t *file, const char *path, const GString *text,
                                         synfix_error_t *message);

/**
 * The first write. A wrong path is an error: SYNFIX_PERMISSION, otherwise SYNFIX_IO. After another failure (a
 * full disk) metrics_file_refresh may succeed later: SYNFIX_OK with METRICS_FILE_FAILED in @p news.
 */
synfix_status_t metrics_file_begin(metrics_file_t *file, const char *path, const GString *text,
                                   metrics_file_news_t *news, synfix_error_t *message) SYNFIX_MUST_CHECK;

#endif
