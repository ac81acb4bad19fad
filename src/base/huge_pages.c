/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/huge_pages.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>

#define HUGE_PAGE    ((size_t)2 << 20)
#define FILLING_HUGE ((size_t)32 << 20)
#define LINE         64u

/* Stored in the cache line before the memory. */
typedef struct huge_pages_head {
    void *mapping;
    size_t length;
} huge_pages_head_t;

static void *make(size_t size, bool huge)
{
    if (size > SIZE_MAX - 2 * HUGE_PAGE) {
        return NULL;
    }
    const size_t length = size + LINE + (huge ? HUGE_PAGE : 0);
    char *mapping = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping == MAP_FAILED) {
        return NULL;
    }
    char *start = mapping;
    if (huge) {
        start += -(uintptr_t)mapping & (HUGE_PAGE - 1);
        (void)madvise(start, (size + LINE) & ~(HUGE_PAGE - 1),
                      MADV_HUGEPAGE); /* a hint; failure is harmless */
    }
    *(huge_pages_head_t *)start = (huge_pages_head_t){.mapping = mapping, .length = length};
    return start + LINE;
}

/* Maps the pages of @p memory that are not huge. A page that is read before it is written would be mapped
 * twice: the kernel maps a page of zeroes first, and its replacement interrupts the threads on other cores.
 */
static void populate_rest(void *memory, size_t size)
{
#ifdef MADV_POPULATE_WRITE
    char *begin = (char *)memory - LINE;
    char *rest = begin + ((size + LINE) & ~(HUGE_PAGE - 1));
    (void)madvise(rest, (size_t)(begin + LINE + size - rest), MADV_POPULATE_WRITE); /* a hint as well */
#else
    (void)memory;
    (void)size;
#endif
}

void *huge_pages_new(size_t size)
{
    void *memory = make(size, size >= HUGE_PAGE);
    if (memory != NULL) {
        populate_rest(memory, size);
    }
    return memory;
}

void *huge_pages_new_lazy(size_t size)
{
    return make(size, size >= FILLING_HUGE);
}

void huge_pages_free(void *memory)
{
    if (memory == NULL) {
        return;
    }
    const huge_pages_head_t *head = (const huge_pages_head_t *)((char *)memory - LINE);
    (void)munmap(head->mapping, head->length);
}
