/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file huge_pages.h
 * Memory for large tables that are looked at here and there: on huge pages where the kernel has them, since
 * the walk to a small page would cost as much as the look itself.
 */
#ifndef BASE_HUGE_PAGES_H
#define BASE_HUGE_PAGES_H

#include <stddef.h>

/** @p size bytes of zeros on a cache line, given back with pages_free; NULL when there is no memory. */
void *pages_new(size_t size);

/** The same for a table that fills from its begin, and often not to its end: huge pages only if it is so
 * large that the last one does not matter. */
void *huge_pages_new_lazy(size_t size);

/** NULL is allowed. */
void pages_free(void *memory);

#endif
