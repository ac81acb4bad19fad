/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file metrics_pages.h
 * Answers to HTTP requests, without the transport.
 */
#ifndef APP_SERVICE_METRICS_PAGES_H
#define APP_SERVICE_METRICS_PAGES_H

#include "hosts/host_model.h"
#include <glib.h>

/** Appends counters as OpenMetrics text. Runs in the thread of the server. */
typedef void metrics_text_function(void *user, GString *text);

typedef struct metrics_pages {
    metrics_text_function *append;
    void *user;
    host_model_t *hosts; /* NULL: not served */
} metrics_pages_t;

/**
 * The page @p url for @p method, both as the client wrote them. Appends its text to @p text and stores its
 * media type. Returns the HTTP status. Any thread.
 */
unsigned metrics_page(const metrics_pages_t *pages, const char *method, const char *url, GString *text,
                      const char **type);

#endif
