/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file log_start.h
 * The log lines at the start of a capture: interfaces, filter, sinks, limits.
 */
#ifndef APP_RUN_LOG_START_H
#define APP_RUN_LOG_START_H

#include "app/common/log.h"
#include "app/config/settings.h"
#include "app/run/prepare_run.h"

/** Logs what a capture does: interfaces, filters, sinks, enrichers, limits. One line each, level notice. */
void log_start(log_t *log, const settings_t *settings, const prepared_t *prepared);

#endif
