/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file capture_metrics.h
 * Metrics of `capture`: the settings metrics-listen and metrics-file. Neither an address that is in use nor a
 * file that cannot be written ends a capture that runs. capture_metrics_listen and capture_metrics_start run
 * in the thread that starts the capture, the other functions in the thread of the signals.
 */
#ifndef APP_RUN_CAPTURE_METRICS_H
#define APP_RUN_CAPTURE_METRICS_H

#include "app/common/log.h"
#include "app/report/metrics_file.h"
#include "app/run/build_pipeline.h"
#include "app/service/metrics_server.h"

/** Objects of @p setup whose counters are served; its hosts only with @p hosts. */
metrics_source_t capture_metrics_source(const setup_t *setup, bool hosts);

/** Zero-initialised before the first call. */
typedef struct capture_metrics {
    metrics_t *server; /* NULL: no metrics-listen, or waits */
    bool waits;        /* the address was in use, or no interface has it: tried again each second */
    metrics_file_t file;
    int64_t next_listen_us; /* monotonic */
    int64_t next_file_us;
    int64_t next_closed_us;
    metrics_closed_t closed_logged;
} capture_metrics_t;

/**
 * Binds the socket of metrics-listen, before privileges are dropped. An address in use is logged and tried
 * again by capture_metrics_tick; other failures are returned.
 */
synfix_status_t capture_metrics_listen(capture_metrics_t *metrics, const settings_t *settings, log_t *log,
                                       synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Writes metrics-file for the first time and starts the server: its thread inherits the restrictions. A full
 * disk is logged, and the file is tried again by capture_metrics_tick.
 */
synfix_status_t capture_metrics_start(capture_metrics_t *metrics, const settings_t *settings,
                                      const setup_t *setup, log_t *log,
                                      synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Writes the file, opens the listener and logs closed connections when they are due at @p now_us
 * (monotonic). */
void capture_metrics_tick(capture_metrics_t *metrics, const settings_t *settings, const setup_t *setup,
                          log_t *log, int64_t now_us);

/** Writes metrics-file, if it is set, and logs a failure. */
void capture_metrics_write(capture_metrics_t *metrics, const settings_t *settings, const setup_t *setup,
                           log_t *log);

/** Stops the server. */
void capture_metrics_clear(capture_metrics_t *metrics);

#endif
