/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/collect_metrics.h"

#include "app/common/exit_codes.h"
#include "app/report/metrics_file.h"
#include "app/report/summary.h"
#include "app/service/metrics_server.h"

#include <pthread.h>

/* Shorter than usual scrape intervals of Prometheus (15 s to 1 min), so that a scrape of the file is seldom
 * stale. */
#define FILE_SECONDS   10
#define CLOSED_SECONDS 60 /* a client that connects again and again does not fill the log */

struct collect_metrics {
    const collect_t *collect;
    const char *address; /* NULL: no listener */
    const char *path;    /* NULL: no file */
    metrics_file_t file;
    metrics_t *server;
    metrics_closed_t closed_logged;
    guint timer;
    unsigned seconds;
    pthread_mutex_t mutex; /* protects text: the server has its own thread */
    GString *text;
};

/* Only the thread of the collecting process reads its counters. */
static void renew(collect_metrics_t *metrics)
{
    GString *const text = g_string_new(NULL);
    if (metrics->server != NULL) {
        const metrics_closed_t closed = metrics_closed(metrics->server);
        summary_metric_listener(closed.refused, closed.displaced, text);
    }
    collect_metrics(metrics->collect, text);
    (void)pthread_mutex_lock(&metrics->mutex);
    GString *const old = metrics->text;
    metrics->text = text;
    (void)pthread_mutex_unlock(&metrics->mutex);
    if (old != NULL) {
        g_string_free(old, TRUE);
    }
}

static void report_file(metrics_file_news_t news, const synfix_error_t *message)
{
    if (news != METRICS_FILE_NO_NEWS) {
        app_fail(APP_EXIT_OK, "%s", message->text);
    }
}

static void write_or_warn(collect_metrics_t *metrics)
{
    synfix_error_t message;
    if (metrics->path != NULL) {
        report_file(metrics_file_refresh(&metrics->file, metrics->path, metrics->text, &message), &message);
    }
}

/* One line for all connections that were closed since the last one. */
static void log_closed(collect_metrics_t *metrics)
{
    synfix_error_t line;
    if (metrics->server != NULL &&
        metrics_closed_news(metrics->server, metrics->address, &metrics->closed_logged, &line)) {
        app_fail(APP_EXIT_OK, "%s", line.text);
    }
}

static gboolean on_second(gpointer user)
{
    collect_metrics_t *const metrics = user;
    renew(metrics);
    if (++metrics->seconds % FILE_SECONDS == 0) {
        write_or_warn(metrics);
    }
    if (metrics->seconds % CLOSED_SECONDS == 0) {
        log_closed(metrics);
    }
    return G_SOURCE_CONTINUE;
}

static void append_metrics(void *user, GString *text)
{
    collect_metrics_t *const metrics = user;
    (void)pthread_mutex_lock(&metrics->mutex);
    g_string_append_len(text, metrics->text->str, (gssize)metrics->text->len);
    (void)pthread_mutex_unlock(&metrics->mutex);
}

static void release(collect_metrics_t *metrics)
{
    metrics_free(metrics->server);
    if (metrics->timer > 0) {
        g_source_remove(metrics->timer);
    }
    g_string_free(metrics->text, TRUE);
    (void)pthread_mutex_destroy(&metrics->mutex);
    g_free(metrics);
}

/* A full disk may end: the file is written again each second. */
static synfix_status_t begin_file(collect_metrics_t *metrics, synfix_error_t *error)
{
    metrics_file_news_t news = METRICS_FILE_NO_NEWS;
    const synfix_status_t status =
        metrics_file_begin(&metrics->file, metrics->path, metrics->text, &news, error);
    report_file(news, error);
    return status;
}

static synfix_status_t start(collect_metrics_t *metrics, const char *address, synfix_error_t *error)
{
    synfix_status_t status = metrics->path != NULL ? begin_file(metrics, error) : SYNFIX_OK;
    if (status < 0 || address == NULL) {
        return status;
    }
    status = metrics_listen(address, &metrics->server, error);
    return status < 0 ? status : metrics_start_text(metrics->server, append_metrics, metrics, error);
}

synfix_status_t collect_metrics_open(const collect_t *collect, const char *address, const char *file,
                                     collect_metrics_t **metrics, synfix_error_t *error)
{
    *metrics = NULL;
    if (address == NULL && file == NULL) {
        return SYNFIX_OK;
    }
    collect_metrics_t *const made = g_new0(collect_metrics_t, 1);
    made->collect = collect;
    made->address = address;
    made->path = file;
    (void)pthread_mutex_init(&made->mutex, NULL);
    renew(made);
    const synfix_status_t status = start(made, address, error);
    if (status < 0) {
        release(made);
        return status;
    }
    made->timer = g_timeout_add_seconds(1, on_second, made);
    *metrics = made;
    return SYNFIX_OK;
}

void collect_metrics_close(collect_metrics_t *metrics)
{
    if (metrics == NULL) {
        return;
    }
    renew(metrics);
    write_or_warn(metrics);
    log_closed(metrics);
    release(metrics);
}
