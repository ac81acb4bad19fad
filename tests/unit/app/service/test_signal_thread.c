/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/common/log.h"
#include "app/service/signal_thread.h"

#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

typedef struct seen {
    atomic_int stops;
    atomic_int reloads;
    atomic_int reports;
    atomic_int ticks;
} seen_t;

static void on_stop(void *user)
{
    atomic_fetch_add(&((seen_t *)user)->stops, 1);
}

static void on_reload(void *user)
{
    atomic_fetch_add(&((seen_t *)user)->reloads, 1);
}

static void on_report(void *user)
{
    atomic_fetch_add(&((seen_t *)user)->reports, 1);
}

static void on_tick(void *user)
{
    atomic_fetch_add(&((seen_t *)user)->ticks, 1);
}

/* Waits until *counter is not 0: the test's own limit ends it when that never happens. */
static void wait_for(atomic_int *counter)
{
    while (atomic_load(counter) == 0) {
        usleep(1000);
    }
}

static void test_signals(void **state)
{
    (void)state;
    seen_t seen = {0};
    signal_thread_block();
    const signal_thread_config_t config = {.on_stop = on_stop,
                                           .on_reload = on_reload,
                                           .on_report = on_report,
                                           .on_tick = on_tick,
                                           .tick_ms = 1,
                                           .user = &seen};
    signal_thread_t *thread = NULL;
    assert_int_equal(signal_thread_new(&config, &thread, NULL), SYNFIX_OK);
    kill(getpid(), SIGHUP);
    wait_for(&seen.reloads);
    kill(getpid(), SIGUSR1);
    wait_for(&seen.reports);
    kill(getpid(), SIGTERM);
    wait_for(&seen.stops);
    wait_for(&seen.ticks);
    signal_thread_free(thread);
    assert_int_equal(atomic_load(&seen.stops), 1);
    assert_int_equal(atomic_load(&seen.reloads), 1);
}

static void test_hang_up_without_reload(void **state)
{
    (void)state;
    seen_t seen = {0};
    signal_thread_block();
    const signal_thread_config_t config = {.on_stop = on_stop, .user = &seen};
    signal_thread_t *thread = NULL;
    assert_int_equal(signal_thread_new(&config, &thread, NULL), SYNFIX_OK);
    kill(getpid(), SIGUSR1);
    kill(getpid(), SIGHUP);
    wait_for(&seen.stops);
    signal_thread_free(thread);
}

static void test_levels(void **state)
{
    (void)state;
    assert_int_equal(log_level_of("error"), LOG_LEVEL_ERROR);
    assert_int_equal(log_level_of("debug"), LOG_LEVEL_DEBUG);
    assert_int_equal(log_level_of("loud"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signals),
        cmocka_unit_test(test_hang_up_without_reload),
        cmocka_unit_test(test_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
