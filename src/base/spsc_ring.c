/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/spsc_ring.h"
#include <errno.h>
#include <stdlib.h>
#include <time.h>

bool ring_init(ring_t *ring, size_t capacity)
{
    size_t rounded = 2;
    while (rounded < capacity) {
        rounded *= 2;
    }
    *ring = (ring_t){.capacity = rounded, .slots = calloc(rounded, sizeof(void *))};
    return ring->slots != NULL;
}

void ring_destroy(ring_t *ring)
{
    free(ring->slots);
    ring->slots = NULL;
}

bool event_init(event_t *event)
{
    pthread_condattr_t attributes;
    atomic_init(&event->waiting, false);
    if (pthread_mutex_init(&event->mutex, NULL) != 0) {
        return false;
    }
    if (pthread_condattr_init(&attributes) != 0) {
        return false;
    }
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    const int failed = pthread_cond_init(&event->condition, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    return failed == 0;
}

void event_destroy(event_t *event)
{
    (void)pthread_cond_destroy(&event->condition);
    (void)pthread_mutex_destroy(&event->mutex);
}

void event_arm(event_t *event)
{
    atomic_store(&event->waiting, true);
    atomic_thread_fence(memory_order_seq_cst);
}

void event_wait(event_t *event, unsigned timeout_ms)
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

void event_signal(event_t *event)
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
