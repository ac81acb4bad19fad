/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file spsc_ring.h
 * A bounded lock-free queue of pointers between exactly one producer thread and one consumer thread. While it
 * is empty or full, a thread waits with wake_event.h.
 */
#ifndef BASE_SPSC_RING_H
#define BASE_SPSC_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define RING_LINE 64 /* size of a cache line: two threads must not write to the same one */

typedef struct ring {
    _Alignas(RING_LINE) atomic_size_t head; /* next index to write; written by the producer */
    size_t tail_seen;
    _Alignas(RING_LINE) atomic_size_t tail; /* next index to read; written by the consumer */
    size_t head_seen;
    _Alignas(RING_LINE) size_t capacity;
    void **slots;
} ring_t;

/**
 * Allocates room for at least @p capacity pointers (rounded up to a power of two). false: out of memory.
 */
bool ring_init(ring_t *ring, size_t capacity);
/** Frees the memory. A zeroed structure is allowed. */
void ring_destroy(ring_t *ring);

/** Producer thread only. false: the ring is full. */
static inline bool ring_push(ring_t *ring, void *item)
{
    const size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    if (head - ring->tail_seen == ring->capacity) {
        ring->tail_seen = atomic_load_explicit(&ring->tail, memory_order_acquire);
        if (head - ring->tail_seen == ring->capacity) {
            return false;
        }
    }
    ring->slots[head & (ring->capacity - 1)] = item;
    atomic_store_explicit(&ring->head, head + 1, memory_order_release);
    return true;
}

/** Consumer thread only. NULL: the ring is empty. */
static inline void *ring_pop(ring_t *ring)
{
    const size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    if (tail == ring->head_seen) {
        ring->head_seen = atomic_load_explicit(&ring->head, memory_order_acquire);
        if (tail == ring->head_seen) {
            return NULL;
        }
    }
    void *item = ring->slots[tail & (ring->capacity - 1)];
    atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
    return item;
}

/** Number of pointers in the ring, as seen by either thread. */
static inline size_t ring_count(ring_t *ring)
{
    const size_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
    return atomic_load_explicit(&ring->head, memory_order_acquire) - tail;
}

#endif
