/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file spsc_ring.h
 * A bounded queue of pointers between exactly one producer and one consumer thread, without locks, and an
 * event to sleep on when it is empty or full.
 */
#ifndef BASE_SPSC_RING_H
#define BASE_SPSC_RING_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define RING_LINE 64 /* bytes that two threads must not share */

typedef struct ring {
    _Alignas(RING_LINE) atomic_size_t head; /* next to write; the producer's */
    size_t tail_seen;
    _Alignas(RING_LINE) atomic_size_t tail; /* next to read; the consumer's */
    size_t head_seen;
    _Alignas(RING_LINE) size_t capacity;
    void **slots;
} ring_t;

/** Room for at least @p capacity pointers (rounded up to a power of two). false: no memory. */
bool ring_init(ring_t *ring, size_t capacity);
/** Also for a ring of zeroes. */
void ring_destroy(ring_t *ring);

/** Producer only. false: full. */
static inline bool ring_push(ring_t *ring, void *item)
{
    const size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    if (head - ring->tail_seen == ring->capacity) {
        ring->tail_seen = atomic_load_explicit(&ring->tail, memory_order_acquire);
        if (head - ring->tail_seen == ring->capacity)
            return false;
    }
    ring->slots[head & (ring->capacity - 1)] = item;
    atomic_store_explicit(&ring->head, head + 1, memory_order_release);
    return true;
}

/** Consumer only. NULL: empty. */
static inline void *ring_pop(ring_t *ring)
{
    const size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    if (tail == ring->head_seen) {
        ring->head_seen = atomic_load_explicit(&ring->head, memory_order_acquire);
        if (tail == ring->head_seen)
            return NULL;
    }
    void *item = ring->slots[tail & (ring->capacity - 1)];
    atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
    return item;
}

/** How many wait, as seen from either side. */
static inline size_t ring_count(ring_t *ring)
{
    const size_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
    return atomic_load_explicit(&ring->head, memory_order_acquire) - tail;
}

/** One thread waits, others wake it. A signal without a waiter costs a fence and a load. */
typedef struct event {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
    atomic_bool waiting;
} event_t;

bool event_init(event_t *event);
void event_destroy(event_t *event);
/** Waiter: says that it is about to wait; look once more for work, then event_wait. */
void event_arm(event_t *event);
/** Waiter: until a signal after event_arm, or @p timeout_ms. */
void event_wait(event_t *event, unsigned timeout_ms);
void event_signal(event_t *event);

#endif
