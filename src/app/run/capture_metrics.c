/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/capture_metrics.h"

#define CLOSED_US (60 * G_USEC_PER_SEC) /* a client that connects again and again does not fill the log */

metrics_source_t capture_metrics_source(const setup_t *setup, bool hosts)
{
    return (metrics_source_t){
        .pipeline = setup->pipeline, .queries = setup->queries, .hosts = hosts ? setup->hosts : NULL};
}

static void append_metrics(const capture_metrics_t *metrics, const setup_t *setup, GString *text)
{
    metrics_source_t source = capture_metrics_source(setup, false);
    source.server = metrics->server;
    metrics_append(&source, text);
}

synfix_status_t capture_metrics_listen(capture_metrics_t *metrics, const settings_t *settings, log_t *log,
                                       synfix_error_t *error)
{
    if (settings->metrics_listen == NULL) {
        return SYNFIX_OK;
    }
    const synfix_status_t status = metrics_listen(settings->metrics_listen, &metrics->server, error);
    if (status != SYNFIX_DISCONNECTED) {
        return status;
    }
    log_line(log, LOG_LEVEL_WARNING, "%s; capturing without metrics, the address is tried again every second",
             error->text);
    metrics->waits = true;
    return SYNFIX_OK;
}

static synfix_status_t start_server(const capture_metrics_t *metrics, const settings_t *settings,
                                    const setup_t *setup, synfix_error_t *error)
{
    const metrics_source_t source = capture_metrics_source(setup, settings->metrics_hosts);
    return metrics_start(metrics->server, &source, error);
}

static void log_file_news(metrics_file_news_t news, const synfix_error_t *message, log_t *log)
{
    if (news != METRICS_FILE_NO_NEWS) {
        log_line(log, news == METRICS_FILE_FAILED ? LOG_LEVEL_WARNING : LOG_LEVEL_NOTICE, "%s",
                 message->text);
    }
}

static synfix_status_t begin_file(capture_metrics_t *metrics, const settings_t *settings,
                                  const setup_t *setup, log_t *log, synfix_error_t *error)
{
    metrics_file_news_t news = METRICS_FILE_NO_NEWS;
    g_autoptr(GString) text = g_string_new(NULL);
    append_metrics(metrics, setup, text);
    const synfix_status_t status =
        metrics_file_begin(&metrics->file, settings->metrics_file, text, &news, error);
    log_file_news(news, error, log);
    return status;
}

synfix_status_t capture_metrics_start(capture_metrics_t *metrics, const settings_t *settings,
                                      const setup_t *setup, log_t *log, synfix_error_t *error)
{
    const synfix_status_t status =
        settings->metrics_file != NULL ? begin_file(metrics, settings, setup, log, error) : SYNFIX_OK;
    return status >= 0 && metrics->server != NULL ? start_server(metrics, settings, setup, error) : status;
}

static void retry_listen(capture_metrics_t *metrics, const settings_t *settings, const setup_t *setup,
                         log_t *log)
{
    synfix_error_t error;
    const char *const address = settings->metrics_listen;
    if (metrics->server != NULL || address == NULL) { /* a reload was faster */
        metrics->waits = false;
        return;
    }
    if (metrics_listen(address, &metrics->server, &error) < 0) {
        return;
    }
    metrics->waits = false;
    if (start_server(metrics, settings, setup, &error) < 0) {
        log_line(log, LOG_LEVEL_ERROR, "%s", error.text);
        return;
    }
    log_line(log, LOG_LEVEL_NOTICE, "metrics-listen: %s: now in use", address);
}

void capture_metrics_write(capture_metrics_t *metrics, const settings_t *settings, const setup_t *setup,
                           log_t *log)
{
    synfix_error_t message;
    if (settings->metrics_file == NULL) {
        return;
    }
    g_autoptr(GString) text = g_string_new(NULL);
    append_metrics(metrics, setup, text);
    const metrics_file_news_t news =
        metrics_file_refresh(&metrics->file, settings->metrics_file, text, &message);
    log_file_news(news, &message, log);
}

/* One line for all connections that were closed since the last one. */
static void log_closed(capture_metrics_t *metrics, const char *address, log_t *log)
{
    synfix_error_t line;
    if (metrics->server == NULL) {
        metrics->closed_logged = (metrics_closed_t){.refused = 0}; /* a new server counts from 0 */
    } else if (metrics_closed_news(metrics->server, address, &metrics->closed_logged, &line)) {
        log_line(log, LOG_LEVEL_WARNING, "%s", line.text);
    }
}

void capture_metrics_tick(capture_metrics_t *metrics, const settings_t *settings, const setup_t *setup,
                          log_t *log, int64_t now_us)
{
    if (metrics->waits && now_us >= metrics->next_listen_us) {
        retry_listen(metrics, settings, setup, log);
        metrics->next_listen_us = now_us + G_USEC_PER_SEC;
    }
    if (now_us >= metrics->next_closed_us) {
        log_closed(metrics, settings->metrics_listen, log);
        metrics->next_closed_us = now_us + CLOSED_US;
    }
    if (now_us >= metrics->next_file_us) {
        capture_metrics_write(metrics, settings, setup, log);
        metrics->next_file_us = now_us + settings->metrics_interval * 1000;
    }
}

void capture_metrics_clear(capture_metrics_t *metrics)
{
    metrics_free(metrics->server);
    *metrics = (capture_metrics_t){.server = NULL};
}
