/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file huge_pages.h
 * Memory for large tables with random access, on huge pages where the kernel provides them: with small
 * pages, the page walk costs as much as the access itself.
 */
#ifndef BASE_HUGE_PAGES_H
#define BASE_HUGE_PAGES_H

#include <stddef.h>

/**
 * Allocates @p size zeroed bytes, aligned to a cache line. The kernel maps a small page when the page is
 * first used: enough for a table of which few pages are used. Free with huge_pages_free. NULL: out of memory.
 */
void *huge_pages_new(size_t size);

/**
 * Maps the memory of huge_pages_new as a whole, on huge pages where possible; the content stays. For a table
 * that is used as a whole: a page that is read before it is written would be mapped twice, since the kernel
 * maps a page of zeroes first, and its replacement interrupts the threads on other cores. Call it before the
 * first use: pages that are in use stay small.
 */
void huge_pages_map(void *memory);

/**
 * Variant for a table that fills from its start and often stays partly empty: uses huge pages only if the
 * table is so large that one unused huge page does not matter.
 */
void *huge_pages_new_lazy(size_t size);

/** Frees memory of huge_pages_new or huge_pages_new_lazy. @p memory may be NULL. */
void huge_pages_free(void *memory);

#endif
