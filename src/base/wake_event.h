/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file wake_event.h
 * Wakes a thread that waits for work or for room, for example in an spsc_ring.h.
 */
#ifndef BASE_WAKE_EVENT_H
#define BASE_WAKE_EVENT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/** One thread waits, other threads wake it. A signal without a waiter costs one fence and one load. */
typedef struct wake_event {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
    atomic_bool waiting;
} wake_event_t;

/** @p event is zeroed. False: no memory for the lock; wake_event_destroy() is allowed all the same. */
bool wake_event_init(wake_event_t *event);
/** After the last wait and the last signal. */
void wake_event_destroy(wake_event_t *event);
/** Waiter: announces the wait. Check for work once more, then call wake_event_wait. */
void wake_event_arm(wake_event_t *event);
/** Waiter: waits for a signal since wake_event_arm, at most @p timeout_ms milliseconds. */
void wake_event_wait(wake_event_t *event, unsigned timeout_ms);
/** Wakes the waiter, if there is one. Any thread. */
void wake_event_signal(wake_event_t *event);

#endif
