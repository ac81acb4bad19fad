/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/report/metrics_file.h"
#include "app/common/write_file.h"

#include <stdbool.h>
#include <string.h>

/* A pipe whose reader is slow must delay neither signals and the watchdog nor the receipt of messages. */
#define PIPE_WAIT_MS 500

synfix_status_t metrics_file_write(const char *path, const GString *text, synfix_error_t *error)
{
    synfix_error_t reason;
    const synfix_status_t status = write_file(path, text->str, text->len, PIPE_WAIT_MS, &reason);
    if (status == SYNFIX_OK) {
        return SYNFIX_OK;
    }
    (void)synfix_fail(error, status, "metrics-file: %.490s", reason.text);
    error->cause = reason.cause;
    return status;
}

metrics_file_news_t metrics_file_refresh(metrics_file_t *file, const char *path, const GString *text,
                                         synfix_error_t *message)
{
    const bool failed_before = file->reported.text[0] != '\0';
    if (metrics_file_write(path, text, message) == SYNFIX_OK) {
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
