/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/wake_event.h"

static void *wake(void *user)
{
    wake_event_signal(user);
    return NULL;
}

static void wakes_one_thread(void **state)
{
    (void)state;
    wake_event_t event;
    pthread_t thread;
    assert_true(wake_event_init(&event));
    wake_event_arm(&event);
    wake_event_wait(&event, 1); /* without a signal the wait ends by itself */
    wake_event_arm(&event);
    assert_int_equal(pthread_create(&thread, NULL, wake, &event), 0);
    wake_event_wait(&event, 60000);
    (void)pthread_join(thread, NULL);
    wake_event_destroy(&event);
}

/* A signal before the wait, but after the announcement, ends the wait at once. */
static void keeps_an_early_signal(void **state)
{
    (void)state;
    wake_event_t event;
    assert_true(wake_event_init(&event));
    wake_event_arm(&event);
    wake_event_signal(&event);
    wake_event_wait(&event, 60000);
    wake_event_destroy(&event);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(wakes_one_thread),
                                       cmocka_unit_test(keeps_an_early_signal)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
