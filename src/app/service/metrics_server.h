/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file metrics_server.h
 * Counters as OpenMetrics text, and hosts as JSON, over HTTP, served by its own thread.
 */
#ifndef APP_SERVICE_METRICS_SERVER_H
#define APP_SERVICE_METRICS_SERVER_H

#include "app/service/metrics_clients.h"
#include "app/service/metrics_pages.h"
#include "app/service/query_server.h"
#include "pipeline/pipeline.h"
#include <glib.h>

typedef struct metrics metrics_t;

/** Returns whether metrics_listen accepts @p address. */
synfix_status_t metrics_check(const char *address, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Opens the listening socket at `host:port` or `[v6]:port`, before privileges are dropped. */
synfix_status_t metrics_listen(const char *address, metrics_t **metrics,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Objects of a capture whose counters are served. */
typedef struct metrics_source {
    const pipeline_t *pipeline;
    const query_server_t *queries; /* NULL: no query socket */
    host_model_t *hosts;           /* NULL: no /hosts/ADDRESS */
    const metrics_t *server;       /* NULL: no listener; metrics_start sets it in its copy */
} metrics_source_t;

/** Appends the counters of @p source as OpenMetrics text. Any thread. */
void metrics_append(const metrics_source_t *source, GString *text);

/** Starts the thread, after privileges were dropped. @p source is copied; its objects must outlive the
 * server.
 */
synfix_status_t metrics_start(metrics_t *metrics, const metrics_source_t *source,
                              synfix_error_t *error) SYNFIX_MUST_CHECK;

/** The same for a program without a pipeline: @p append writes the text of each answer. */
synfix_status_t metrics_start_text(metrics_t *metrics, metrics_text_function *append, void *user,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Connections that were closed to limit their number. Any thread. */
metrics_closed_t metrics_closed(const metrics_t *metrics);

/**
 * Returns whether connections were closed since @p reported, which becomes the present state (zeros at first,
 * and for a new server); then @p line is a line for the log about @p address.
 */
bool metrics_closed_news(const metrics_t *metrics, const char *address, metrics_closed_t *reported,
                         synfix_error_t *line);

/** The argument may be NULL. */
void metrics_free(metrics_t *metrics);

#endif
