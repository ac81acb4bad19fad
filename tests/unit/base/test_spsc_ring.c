/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/spsc_ring.h"
#include <pthread.h>

static void bounded_and_in_order(void **state)
{
    (void)state;
    ring_t ring;
    int items[5];
    assert_true(ring_init(&ring, 3));
    assert_int_equal(ring.capacity, 4);
    for (int round = 0; round < 10; round++) {
        assert_null(ring_pop(&ring));
        for (int i = 0; i < 4; i++) {
            assert_true(ring_push(&ring, &items[i]));
        }
        assert_false(ring_push(&ring, &items[4]));
        assert_int_equal(ring_count(&ring), 4);
        assert_ptr_equal(ring_pop(&ring), &items[0]);
        assert_true(ring_push(&ring, &items[4]));
        for (int i = 1; i < 5; i++) {
            assert_ptr_equal(ring_pop(&ring), &items[i]);
        }
    }
    ring_destroy(&ring);
}

#define PASSED 200000u

static void *produce(void *user)
{
    ring_t *ring = user;
    for (uintptr_t i = 1; i <= PASSED; i++) {
        while (!ring_push(ring, (void *)i))
            ;
    }
    return NULL;
}

static void two_threads(void **state)
{
    (void)state;
    ring_t ring;
    pthread_t thread;
    assert_true(ring_init(&ring, 64));
    assert_int_equal(pthread_create(&thread, NULL, produce, &ring), 0);
    for (uintptr_t wanted = 1; wanted <= PASSED; wanted++) {
        void *item;
        while ((item = ring_pop(&ring)) == NULL)
            ;
        assert_int_equal((uintptr_t)item, wanted);
    }
    (void)pthread_join(thread, NULL);
    assert_null(ring_pop(&ring));
    ring_destroy(&ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(bounded_and_in_order), cmocka_unit_test(two_threads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
