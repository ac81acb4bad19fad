/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/service/signal_thread.h"
#include "base/thread_start.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

struct signal_thread {
    signal_thread_config_t config;
    pthread_t thread;
    atomic_bool ending;
};

static sigset_t wanted_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGUSR1);
    return set;
}

void signal_thread_block(void)
{
    const sigset_t set = wanted_signals();
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static void on_signal(signal_thread_t *thread, int number)
{
    const signal_thread_config_t *config = &thread->config;
    if (number == SIGUSR1) {
        if (config->on_report != NULL) {
            config->on_report(config->user);
        }
    } else if (number == SIGHUP && config->on_reload != NULL) {
        config->on_reload(config->user);
    } else {
        config->on_stop(config->user);
    }
}

/* Signals, and signal_thread_free, wake the thread at once. */
#define WAIT_MS_MAX 1000

static void *watch(void *user)
{
    signal_thread_t *thread = user;
    const signal_thread_config_t *config = &thread->config;
    const sigset_t set = wanted_signals();
    const unsigned wait_ms = config->on_tick != NULL ? MIN(config->tick_ms, WAIT_MS_MAX) : WAIT_MS_MAX;
    const struct timespec wait = {.tv_sec = (time_t)(wait_ms / 1000),
                                  .tv_nsec = (long)(wait_ms % 1000) * 1000000};
    gint64 next_us = g_get_monotonic_time() + (gint64)config->tick_ms * 1000;
    while (!atomic_load(&thread->ending)) {
        const int number = sigtimedwait(&set, NULL, &wait);
        if (number > 0 && !atomic_load(&thread->ending)) {
            on_signal(thread, number);
        }
        if (config->on_tick != NULL && g_get_monotonic_time() >= next_us) {
            config->on_tick(config->user);
            next_us = g_get_monotonic_time() + (gint64)config->tick_ms * 1000;
        }
    }
    return NULL;
}

synfix_status_t signal_thread_new(const signal_thread_config_t *config, signal_thread_t **thread,
                                  synfix_error_t *error)
{
    signal_thread_t *made = g_new0(signal_thread_t, 1);
    made->config = *config;
    const synfix_status_t status = thread_start(&made->thread, watch, made, "signals", error);
    if (status != SYNFIX_OK) {
        g_free(made);
        return status;
    }
    *thread = made;
    return SYNFIX_OK;
}

void signal_thread_free(signal_thread_t *thread)
{
    if (thread == NULL) {
        return;
    }
    atomic_store(&thread->ending, true);
    pthread_kill(thread->thread, SIGUSR1); /* to that thread only, which then ends */
    pthread_join(thread->thread, NULL);
    g_free(thread);
}
