/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/huge_pages.h"

#include <stdint.h>
#include <sys/mman.h>

#define HUGE_PAGE    ((size_t)2 << 20)
#define FILLING_HUGE ((size_t)32 << 20)
#define LINE         64u

/* Stored in the cache line before the memory. */
typedef struct huge_pages_head {
    void *mapping;
    size_t length;
    size_t size; /* of the memory, with this line */
} huge_pages_head_t;

static huge_pages_head_t *head_of(void *memory)
{
    return (huge_pages_head_t *)((char *)memory - LINE);
}

/* Bytes from the head on that can be huge pages: smaller memory is not aligned to them. */
static size_t huge_part(const huge_pages_head_t *head)
{
    return head->size < HUGE_PAGE + LINE ? 0 : head->size & ~(HUGE_PAGE - 1);
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
    char *start = mapping + (size >= HUGE_PAGE ? -(uintptr_t)mapping & (HUGE_PAGE - 1) : 0);
    *(huge_pages_head_t *)start =
        (huge_pages_head_t){.mapping = mapping, .length = length, .size = size + LINE};
    return start + LINE;
}

/* A hint, as the next one: failure is harmless. */
static void use_huge(huge_pages_head_t *head)
{
    if (huge_part(head) > 0) {
        (void)madvise(head, huge_part(head), MADV_HUGEPAGE);
    }
}

void huge_pages_map(void *memory)
{
    huge_pages_head_t *const head = head_of(memory);
    use_huge(head);
#ifdef MADV_POPULATE_WRITE
    (void)madvise((char *)head + huge_part(head), head->size - huge_part(head), MADV_POPULATE_WRITE);
#endif
}

void *huge_pages_new_lazy(size_t size)
{
    void *const memory = huge_pages_new(size);
    if (memory != NULL && size >= FILLING_HUGE) {
        use_huge(head_of(memory));
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
