/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/collect_signals.h"
#include "app/common/exit_codes.h"
#include "app/service/signal_thread.h"
#include "base/plural.h"
#include <inttypes.h>

/* The signal thread receives signals, also while the main loop waits for the reader of an output. What they
 * ask for happens in the main loop, before it serves sockets. */
struct collect_signals {
    collect_t *collect;
    signal_thread_t *thread;
};

static void in_main_loop(const collect_signals_t *signals, GSourceFunc function)
{
    g_idle_add_full(G_PRIORITY_HIGH, function, signals->collect, NULL);
}

static gboolean end(gpointer collect)
{
    collect_stop(collect);
    return G_SOURCE_REMOVE;
}

static gboolean reopen(gpointer collect)
{
    collect_reopen(collect);
    return G_SOURCE_REMOVE;
}

static gboolean print(gpointer collect)
{
    collect_print_summary(collect);
    return G_SOURCE_REMOVE;
}

static void on_stop(void *signals)
{
    collect_hurry(((collect_signals_t *)signals)->collect);
    in_main_loop(signals, end);
}

static void on_reload(void *signals)
{
    in_main_loop(signals, reopen);
}

static void on_report(void *signals)
{
    in_main_loop(signals, print);
}

synfix_status_t collect_signals_new(collect_t *collect, collect_signals_t **signals, synfix_error_t *error)
{
    collect_signals_t *const made = g_new0(collect_signals_t, 1);
    const signal_thread_config_t config = {
        .on_stop = on_stop, .on_reload = on_reload, .on_report = on_report, .user = made};
    made->collect = collect;
    const synfix_status_t status = signal_thread_new(&config, &made->thread, error);
    if (status != SYNFIX_OK) {
        g_free(made);
        return status;
    }
    *signals = made;
    return SYNFIX_OK;
}

void collect_signals_free(collect_signals_t *signals)
{
    signal_thread_free(signals->thread);
    while (g_idle_remove_by_data(signals->collect)) {
    }
    g_free(signals);
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
