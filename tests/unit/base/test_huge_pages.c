/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/huge_pages.h"
#include "support/skip.h"

#define HUGE_SIZE ((size_t)2 << 20)

static void test_sizes(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 64, 4096, (2u << 20) - 1, 2u << 20, (2u << 20) + 1, 5000000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint8_t *memory = huge_pages_new(sizes[i]);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % 64, 0);
        assert_int_equal(memory[0] | memory[sizes[i] - 1], 0);
        memset(memory, 1, sizes[i]);
        huge_pages_free(memory);
    }
    huge_pages_free(NULL);
    assert_null(huge_pages_new(SIZE_MAX));
}

/* Pages of @p memory that are mapped. */
static size_t mapped_pages(void *memory, size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const uintptr_t first = (uintptr_t)memory & ~(page - 1);
    const size_t count = ((uintptr_t)memory + size - first + page - 1) / page;
    unsigned char *const present = malloc(count);
    size_t mapped = 0;
    assert_non_null(present);
    assert_int_equal(mincore((void *)first, count * page, present), 0);
    for (size_t i = 0; i < count; i++) {
        mapped += present[i] & 1u;
    }
    free(present);
    return mapped;
}

/* Whether the kernel maps pages before their first use: Linux 5.14 and newer, not emulators of processors. */
static bool kernel_populates(void)
{
    bool populated = false;
#ifdef MADV_POPULATE_WRITE
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    void *const memory = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(memory, MAP_FAILED);
    populated = madvise(memory, page, MADV_POPULATE_WRITE) == 0 && mapped_pages(memory, page) == 1;
    (void)munmap(memory, page);
#endif
    return populated;
}

static void test_pages_are_mapped_when_used(void **state)
{
    (void)state;
    enum { SIZE = 5000000 };
    uint8_t *const memory = huge_pages_new(SIZE);
    assert_non_null(memory);
    memory[SIZE / 2] = 7;
    assert_in_range(mapped_pages(memory, SIZE), 1, SIZE / 4096 / 2);
    huge_pages_map(memory);
    assert_int_equal(memory[SIZE / 2], 7);
    assert_int_equal(memory[SIZE / 2 + 1] | memory[SIZE - 1], 0);
    huge_pages_free(memory);
}

static void test_small_memory_is_mapped_at_once(void **state)
{
    (void)state;
    enum { SIZE = 1000000 };
    if (!kernel_populates()) {
        SKIP("the kernel maps no page before its first use; run Linux 5.14 or newer");
    }
    uint8_t *const memory = huge_pages_new(SIZE);
    const size_t pages = (SIZE + 64 + (size_t)sysconf(_SC_PAGESIZE) - 1) / (size_t)sysconf(_SC_PAGESIZE);
    assert_non_null(memory);
    huge_pages_map(memory);
    const size_t mapped = mapped_pages(memory, SIZE);
    huge_pages_free(memory);
    assert_int_equal(mapped, pages);
}

/* Whether the first page of @p memory is a huge one: with the first byte, 2 MiB are mapped. */
static bool is_huge(uint8_t *memory)
{
    memory[0] = 1;
    return mapped_pages(memory, HUGE_SIZE) == HUGE_SIZE / (size_t)sysconf(_SC_PAGESIZE);
}

static void test_large_memory_has_huge_pages(void **state)
{
    (void)state;
    uint8_t *const reference =
        mmap(NULL, 2 * HUGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint8_t *const aligned = reference + (-(uintptr_t)reference & (HUGE_SIZE - 1));
    uint8_t *const memory = huge_pages_new(HUGE_SIZE);
    assert_true(reference != MAP_FAILED && memory != NULL);
    (void)madvise(aligned, HUGE_SIZE, MADV_HUGEPAGE);
    huge_pages_map(memory);
    const bool possible = is_huge(aligned);
    const bool huge = is_huge(memory);
    (void)munmap(reference, 2 * HUGE_SIZE);
    huge_pages_free(memory);
    if (!possible) {
        SKIP("no huge page for a mapping with the hint; set /sys/kernel/mm/transparent_hugepage/enabled to "
             "madvise");
    }
    assert_true(huge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sizes),
                                       cmocka_unit_test(test_pages_are_mapped_when_used),
                                       cmocka_unit_test(test_small_memory_is_mapped_at_once),
                                       cmocka_unit_test(test_large_memory_has_huge_pages)};
    return tests_exit_code(cmocka_run_group_tests(tests, NULL, NULL));
}
