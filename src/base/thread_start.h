/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file thread_start.h
 * Starts a thread, or reports why the system refuses one.
 */
#ifndef BASE_THREAD_START_H
#define BASE_THREAD_START_H

#include <pthread.h>
#include <synfix/status.h>

/**
 * As pthread_create with default attributes. SYNFIX_NO_MEMORY: the limit of processes and threads is reached,
 * or memory is short; @p error is `WHAT: no thread: reason`.
 */
synfix_status_t thread_start(pthread_t *thread, void *(*run)(void *user), void *user, const char *what,
                             synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
