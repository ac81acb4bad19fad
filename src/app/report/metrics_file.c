/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/report/metrics_file.h"
#include "app/common/write_file.h"
#include "files/write_access.h"

#include <stdbool.h>
#include <string.h>

/* A pipe whose reader is slow must delay neither signals and the watchdog nor the receipt of messages. */
#define PIPE_WAIT_MS 500

static synfix_status_t fail(synfix_status_t status, const synfix_error_t *reason, synfix_error_t *error)
{
    (void)synfix_fail(error, status, "metrics-file: %.490s", reason->text);
    error->cause = reason->cause;
    return status;
}

static synfix_status_t write_text(const char *path, const GString *text, synfix_error_t *error)
{
    synfix_error_t reason;
    const synfix_status_t status = write_file(path, text->str, text->len, PIPE_WAIT_MS, &reason);
    return status == SYNFIX_OK ? status : fail(status, &reason, error);
}

static metrics_file_news_t news_of(metrics_file_t *file, const char *path, synfix_status_t status,
                                   synfix_error_t *message)
{
    const bool failed_before = file->reported.text[0] != '\0';
    if (status == SYNFIX_OK) {
        file->reported.text[0] = '\0';
        (void)synfix_fail(message, SYNFIX_OK, "metrics-file: %.480s: written again", path);
        return failed_before ? METRICS_FILE_RECOVERED : METRICS_FILE_NO_NEWS;
    }
    if (strcmp(file->reported.text, message->text) == 0) {
        return METRICS_FILE_NO_NEWS;
    }
    file->reported = *message;
    return METRICS_FILE_FAILED;
}

metrics_file_news_t metrics_file_refresh(metrics_file_t *file, const char *path, const GString *text,
                                         synfix_error_t *message)
{
    return news_of(file, path, write_text(path, text, message), message);
}

synfix_status_t metrics_file_begin(metrics_file_t *file, const char *path, const GString *text,
                                   metrics_file_news_t *news, synfix_error_t *message)
{
    synfix_error_t reason;
    synfix_status_t status = file_check_written(path, FILE_REPLACED, &reason);
    if (status != SYNFIX_OK) {
        const bool denied = status == SYNFIX_PERMISSION;
        reason.cause = denied ? SYNFIX_CAUSE_ACCESS : SYNFIX_CAUSE_SINK;
        return fail(denied ? status : SYNFIX_IO, &reason, message);
    }
    status = write_text(path, text, message);
    if (status == SYNFIX_PERMISSION) {
        return status;
    }
    *news = news_of(file, path, status, message);
    return SYNFIX_OK;
}
