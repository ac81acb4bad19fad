/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/collect_signals.h"
#include "app/common/exit_codes.h"
#include "app/service/signal_thread.h"
#include "base/message_text.h"
#include <errno.h>
#include <glib-unix.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define WANTED_REPORT 1u
#define WANTED_RELOAD 2u
#define WANTED_STOP   4u

/* The signal thread receives signals, also while the main loop waits for the reader of an output. The main
 * loop handles them before it serves sockets. */
struct collect_signals {
    collect_t *collect;
    signal_thread_t *thread;
    atomic_uint wanted; /* WANTED_ bits that the main loop has not handled */
    int wake;           /* eventfd that the main loop watches */
    guint source;
};

static void in_main_loop(collect_signals_t *signals, unsigned wanted)
{
    atomic_fetch_or(&signals->wanted, wanted);
    (void)eventfd_write(signals->wake, 1);
}

static gboolean on_wake(gint descriptor, GIOCondition condition, gpointer user)
{
    collect_signals_t *const signals = user;
    eventfd_t times;
    (void)condition;
    (void)eventfd_read(descriptor, &times);
    const unsigned wanted = atomic_exchange(&signals->wanted, 0);
    if ((wanted & WANTED_REPORT) != 0) {
        collect_print_summary(signals->collect);
    }
    if ((wanted & WANTED_RELOAD) != 0) {
        collect_reopen(signals->collect);
    }
    if ((wanted & WANTED_STOP) != 0) {
        collect_stop(signals->collect);
    }
    return G_SOURCE_CONTINUE;
}

static void on_stop(void *user)
{
    collect_signals_t *const signals = user;
    collect_hurry(signals->collect);
    in_main_loop(signals, WANTED_STOP);
}

static void on_reload(void *user)
{
    in_main_loop(user, WANTED_RELOAD);
}

static void on_report(void *user)
{
    in_main_loop(user, WANTED_REPORT);
}

/* Frees everything except the thread. */
static void release(collect_signals_t *signals)
{
    if (signals->source != 0) {
        (void)g_source_remove(signals->source);
    }
    if (signals->wake >= 0) {
        (void)close(signals->wake);
    }
    g_free(signals);
}

static synfix_status_t watch_wake(collect_signals_t *signals, synfix_error_t *error)
{
    signals->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (signals->wake < 0) {
        return synfix_fail(error, SYNFIX_IO, "signals: eventfd: %s%s", strerror(errno),
                           errno == EMFILE ? "; raise the limit of open files (ulimit -n)" : "");
    }
    signals->source = g_unix_fd_add_full(G_PRIORITY_HIGH, signals->wake, G_IO_IN, on_wake, signals, NULL);
    return SYNFIX_OK;
}

synfix_status_t collect_signals_new(collect_t *collect, collect_signals_t **signals, synfix_error_t *error)
{
    collect_signals_t *const made = g_new0(collect_signals_t, 1);
    const signal_thread_config_t config = {
        .on_stop = on_stop, .on_reload = on_reload, .on_report = on_report, .user = made};
    made->collect = collect;
    synfix_status_t status = watch_wake(made, error);
    if (status == SYNFIX_OK) {
        status = signal_thread_new(&config, &made->thread, error);
    }
    if (status != SYNFIX_OK) {
        release(made);
        return status;
    }
    *signals = made;
    return SYNFIX_OK;
}

void collect_signals_free(collect_signals_t *signals)
{
    signal_thread_free(signals->thread);
    release(signals);
}

void collect_print_summary(const collect_t *collect)
{
    collect_stats_t stats;
    collect_get_stats(collect, &stats);
    g_autofree char *limits = collect_limits_text(collect);
    (void)app_fail(APP_EXIT_OK,
                   "%" PRIu64 " record%s in %" PRIu64 " message%s of %" PRIu64 " session%s, %" PRIu64
                   " message%s rejected",
                   stats.records, plural(stats.records), stats.messages, plural(stats.messages),
                   stats.sessions, plural(stats.sessions), stats.refused, plural(stats.refused));
    if (limits != NULL) {
        (void)app_fail(APP_EXIT_OK, "limits: %s", limits);
    }
}
