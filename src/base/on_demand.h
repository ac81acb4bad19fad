/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file on_demand.h
 * A shared library that is loaded when it is first used. cmake/SynfixOnDemand.cmake makes one header for each
 * such library, with these tables. All functions may be called by several threads.
 */
#ifndef BASE_ON_DEMAND_H
#define BASE_ON_DEMAND_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <synfix/status.h>

typedef struct on_demand {
    const char *library; /* its soname */
    const char *names;   /* of its functions, each ended by a NUL, the last one by two */
    void *functions;     /* a structure of one function pointer for each name */
    atomic_bool ready;   /* all pointers are set */
} on_demand_t;

/**
 * Loads the library and sets the pointers, once. UNSUPPORTED, with @p error, when the library or one of the
 * functions is missing; a later call tries again. The library stays loaded until the process ends.
 */
synfix_status_t on_demand_load(on_demand_t *library, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Before each call of a function of the library: loads it when no on_demand_load() preceded. A module
 * calls on_demand_load() when it opens and reports a failure, because a call without the library is a call of
 * NULL.
 */
static inline void on_demand_need(on_demand_t *library)
{
    if (__builtin_expect(!atomic_load_explicit(&library->ready, memory_order_acquire), 0)) {
        const synfix_status_t status = on_demand_load(library, NULL);
        (void)status;
    }
}

#endif
