/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/collect_signals.h"
#include "app/common/exit_codes.h"
#include "base/plural.h"
#include <glib-unix.h>
#include <inttypes.h>
#include <signal.h>

#define SIGNALS 4

struct collect_signals {
    guint sources[SIGNALS];
};

static gboolean on_end(gpointer collect)
{
    collect_stop(collect);
    return G_SOURCE_CONTINUE;
}

static gboolean on_reopen(gpointer collect)
{
    collect_reopen(collect);
    return G_SOURCE_CONTINUE;
}

static gboolean on_print(gpointer collect)
{
    collect_print_summary(collect);
    return G_SOURCE_CONTINUE;
}

collect_signals_t *collect_signals_new(collect_t *collect)
{
    static const struct {
        int number;
        GSourceFunc function;
    } table[SIGNALS] = {{SIGINT, on_end}, {SIGTERM, on_end}, {SIGHUP, on_reopen}, {SIGUSR1, on_print}};
    collect_signals_t *signals = g_new0(collect_signals_t, 1);
    for (int i = 0; i < SIGNALS; i++) {
        signals->sources[i] = g_unix_signal_add(table[i].number, table[i].function, collect);
    }
    return signals;
}

void collect_signals_free(collect_signals_t *signals)
{
    for (int i = 0; i < SIGNALS; i++) {
        g_source_remove(signals->sources[i]);
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
