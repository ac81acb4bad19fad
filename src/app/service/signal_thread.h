/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file signal_thread.h
 * The thread that receives signals and runs periodic callbacks while a pipeline runs.
 * Usage: signal_thread_block() before any thread starts; signal_thread_new(...); pipeline_run(...);
 * signal_thread_free(...).
 */
#ifndef APP_SERVICE_SIGNAL_THREAD_H
#define APP_SERVICE_SIGNAL_THREAD_H

#include <glib.h>
#include <stdbool.h>
#include <synfix/status.h>

typedef struct signal_thread signal_thread_t;

/** Callbacks run in the signal thread and receive @p user. on_stop must be set. */
typedef struct signal_thread_config {
    void (*on_stop)(void *user);   /* INT, TERM; called again for each further signal */
    void (*on_reload)(void *user); /* HUP; NULL: as INT */
    void (*on_report)(void *user); /* USR1; may be NULL */
    void (*on_tick)(void *user);   /* may be NULL */
    unsigned tick_ms;
    void *user;
} signal_thread_config_t;

/** Blocks the signals in the first thread, before others start and inherit the mask. */
void signal_thread_block(void);

/** Starts the thread; @p config is copied. SYNFIX_NO_MEMORY: the system has no thread. */
synfix_status_t signal_thread_new(const signal_thread_config_t *config, signal_thread_t **thread,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Ends the thread and waits for its end. The argument may be NULL. */
void signal_thread_free(signal_thread_t *thread);

#endif
