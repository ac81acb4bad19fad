/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/wake_event.h"
#include <errno.h>
#include <time.h>

static int init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    int failed = pthread_condattr_init(&attributes);
    if (failed == 0) {
        (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        failed = pthread_cond_init(condition, &attributes);
        (void)pthread_condattr_destroy(&attributes);
    }
    return failed;
}

bool wake_event_init(wake_event_t *event)
{
    atomic_init(&event->waiting, false);
    return pthread_mutex_init(&event->mutex, NULL) == 0 && init_condition(&event->condition) == 0;
}

void wake_event_destroy(wake_event_t *event)
{
    (void)pthread_cond_destroy(&event->condition);
    (void)pthread_mutex_destroy(&event->mutex);
}

void wake_event_arm(wake_event_t *event)
{
    atomic_store(&event->waiting, true);
    atomic_thread_fence(memory_order_seq_cst);
}

void wake_event_wait(wake_event_t *event, unsigned timeout_ms)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(timeout_ms / 1000);
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    (void)pthread_mutex_lock(&event->mutex);
    while (atomic_load(&event->waiting)) {
        if (pthread_cond_timedwait(&event->condition, &event->mutex, &until) == ETIMEDOUT) {
            break;
        }
    }
    atomic_store(&event->waiting, false);
    (void)pthread_mutex_unlock(&event->mutex);
}

void wake_event_signal(wake_event_t *event)
{
    atomic_thread_fence(memory_order_seq_cst);
    if (!atomic_load_explicit(&event->waiting, memory_order_relaxed)) {
        return;
    }
    (void)pthread_mutex_lock(&event->mutex);
    atomic_store(&event->waiting, false);
    (void)pthread_cond_signal(&event->condition);
    (void)pthread_mutex_unlock(&event->mutex);
}
