/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file capture_events.h
 * The events of a running `synfix capture`: signals, reloads of the configuration, and the periodic tick that
 * feeds the watchdog of the service manager and writes metrics.
 */
#ifndef APP_COMMAND_CAPTURE_EVENTS_H
#define APP_COMMAND_CAPTURE_EVENTS_H

#include "app/common/log.h"
#include "app/config/settings.h"
#include "app/run/build_pipeline.h"
#include "app/run/capture_metrics.h"
#include "app/service/sd_notify.h"
#include "app/service/signal_thread.h"

/** State of a running capture. While the signal thread runs, settings, reloaded, metrics, next_watchdog_us
 * and stuck belong to that thread. */
typedef struct capturing {
    char **words;               /* the command line, for reloading; NULL-terminated */
    const settings_t *settings; /* as of the last reload */
    const settings_t *started;  /* as of the start */
    settings_t *reloaded;       /* the same as settings, or NULL before the first reload; owned */
    log_t *log;
    setup_t *setup; /* owned by the caller of capture_process() */
    capture_metrics_t metrics;
    notify_t notify;
    gint64 next_watchdog_us; /* monotonic time of the next WATCHDOG=1 */
    int stuck;               /* the worker that was reported as stuck; -1: none */
} capturing_t;

/** The configuration of the signal thread for @p capturing, whose setup is open and whose notify socket is
 * open or absent. @p capturing must outlive the signal thread. */
signal_thread_config_t capture_events(capturing_t *capturing);

#endif
