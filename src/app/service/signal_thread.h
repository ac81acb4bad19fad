/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file signal_thread.h
 * The thread beside a running pipeline: it takes the signals and calls back at intervals.
 *
 *     keeper_block_signals();   before any thread is made
 *     keeper_new(...), pipeline_run(...), keeper_free(...)
 */
#ifndef APP_SERVICE_SIGNAL_THREAD_H
#define APP_SERVICE_SIGNAL_THREAD_H

#include <glib.h>
#include <stdbool.h>

typedef struct keeper keeper_t;

/** All functions run in the keeper's thread and get @p user. on_stop must be set. */
typedef struct keeper_config {
    void (*on_stop)(void *user);   /* INT, TERM; again for each further one */
    void (*on_reload)(void *user); /* HUP; NULL: as INT */
    void (*on_report)(void *user); /* USR1; may be NULL */
    void (*on_tick)(void *user);   /* may be NULL */
    unsigned tick_ms;
    void *user;
} keeper_config_t;

/** In the first thread, before others are made: they inherit that these signals are the keeper's. */
void keeper_block_signals(void);

/** Starts the thread; @p config is copied. */
keeper_t *keeper_new(const keeper_config_t *config);

/** Ends the thread and waits for it. NULL is allowed. */
void keeper_free(keeper_t *keeper);

#endif
