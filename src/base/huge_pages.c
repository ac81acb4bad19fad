/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/huge_pages.h"

#include <stdint.h>
#include <sys/mman.h>

#define HUGE_PAGE    ((size_t)2 << 20)
#define FILLING_HUGE ((size_t)32 << 20)
#define LINE         64u

/* Stored in the cache line before the memory. Memory that can have huge pages begins at the boundary of one:
 * the first write to this line would make the page of the line a small one. */
typedef struct huge_pages_head {
    void *mapping;
    size_t length;
    size_t size; /* of the memory */
} huge_pages_head_t;

static huge_pages_head_t *head_of(void *memory)
{
    return (huge_pages_head_t *)((char *)memory - LINE);
}

void *huge_pages_new(size_t size)
{
    if (size > SIZE_MAX - 2 * HUGE_PAGE) {
        return NULL;
    }
    const size_t length = size + LINE + (size >= HUGE_PAGE ? HUGE_PAGE : 0);
    char *mapping = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping == MAP_FAILED) {
        return NULL;
    }
    char *memory = mapping + LINE;
    if (size >= HUGE_PAGE) {
        memory += -(uintptr_t)memory & (HUGE_PAGE - 1);
    }
    *head_of(memory) = (huge_pages_head_t){.mapping = mapping, .length = length, .size = size};
    return memory;
}

/* A hint, as the next one: failure is harmless. Returns the bytes that can be huge pages. */
static size_t use_huge(void *memory)
{
    const size_t length = head_of(memory)->size & ~(HUGE_PAGE - 1);
    if (length > 0) {
        (void)madvise(memory, length, MADV_HUGEPAGE);
    }
    return length;
}

void huge_pages_map(void *memory)
{
    const huge_pages_head_t *const head = head_of(memory);
    char *const rest = (char *)memory + use_huge(memory);
    char *const begin = rest == memory ? head->mapping : rest; /* a page begins there */
#ifdef MADV_POPULATE_WRITE
    (void)madvise(begin, (size_t)((char *)memory + head->size - begin), MADV_POPULATE_WRITE);
#else
    (void)begin;
#endif
}

void *huge_pages_new_lazy(size_t size)
{
    void *const memory = huge_pages_new(size);
    if (memory != NULL && size >= FILLING_HUGE) {
        (void)use_huge(memory);
    }
    return memory;
}

void huge_pages_free(void *memory)
{
    if (memory == NULL) {
        return;
    }
    const huge_pages_head_t *head = head_of(memory);
    (void)munmap(head->mapping, head->length);
}
