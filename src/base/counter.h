/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file counter.h
 * A counter with one writing thread and any number of reading threads. Adding is a plain load and store
 * instead of a locked instruction: no other thread writes, and readers need no order between counters.
 */
#ifndef BASE_COUNTER_H
#define BASE_COUNTER_H

#include <stdatomic.h>
#include <stdint.h>

typedef struct counter {
    _Atomic uint64_t value;
} counter_t;

static inline void counter_add(counter_t *counter, uint64_t amount)
{
    const uint64_t value = atomic_load_explicit(&counter->value, memory_order_relaxed);
    atomic_store_explicit(&counter->value, value + amount, memory_order_relaxed);
}

static inline uint64_t counter_get(const counter_t *counter)
{
    return atomic_load_explicit(&counter->value, memory_order_relaxed);
}

#endif
