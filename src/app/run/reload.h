/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file reload.h
 * Applies changed settings to a running capture. Signal thread only.
 */
#ifndef APP_RUN_RELOAD_H
#define APP_RUN_RELOAD_H

#include "app/common/log.h"
#include "app/config/settings.h"
#include "app/run/build_pipeline.h"
#include "app/service/metrics_server.h"

typedef struct reload {
    const setup_t *setup;
    const settings_t *started; /* settings at the start of the run */
    const settings_t *now;     /* settings in use */
    log_t *log;
    metrics_t **metrics; /* replaced when the address changes; NULL: metrics are not served */
} reload_t;

/**
 * Applies @p settings: all of them, or none. Everything that can fail is made first; then what cannot fail is
 * done.
 * @param mistakes those of reading the settings; gets those of applying them. With a mistake nothing changes
 */
synfix_status_t reload_apply(const reload_t *reload, const settings_t *settings,
                             mistakes_t *mistakes) SYNFIX_MUST_CHECK;

/** Logs which settings took effect, and which wait for a restart. */
void reload_log(const reload_t *reload, const settings_t *settings);

#endif
