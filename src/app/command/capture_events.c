/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/capture_events.h"
#include "app/command/commands.h"
#include "app/common/exit_codes.h"
#include "app/config/load_settings.h"
#include "app/report/report.h"
#include "app/run/reload.h"

static void on_stop(void *user)
{
    const capturing_t *capturing = user;
    notify_send(&capturing->notify, "STOPPING=1");
    pipeline_stop(capturing->setup->pipeline);
}

static void on_report(void *user)
{
    const capturing_t *capturing = user;
    report_print(capturing->setup->pipeline);
}

/* Above the time that a reload may take: opening modules, and the waits of src/pipeline/reconfigure.c. The
 * watchdog of the service manager is extended to it. */
#define RELOAD_MS_MAX (G_GINT64_CONSTANT(120) * 1000)

/* No WATCHDOG=1 is sent during a reload: new sinks may wait for name servers and collectors. */
static void log_reloading(const notify_t *notify, gboolean begins)
{
    const gint64 sink_timeout_ms = begins ? MAX(notify->watchdog_ms, RELOAD_MS_MAX) : notify->watchdog_ms;
    g_autoptr(GString) text = g_string_new(begins ? "RELOADING=1" : "READY=1");
    if (notify->watchdog_ms > 0) {
        g_string_append_printf(text, "\nWATCHDOG=1\nWATCHDOG_USEC=%" G_GINT64_FORMAT, sink_timeout_ms * 1000);
    }
    notify_send(notify, text->str);
}

/* Without a readable file, missing settings are no mistake: the file may contain them. */
static synfix_status_t apply(const reload_t *reload, const settings_t *settings, mistakes_t *mistakes)
{
    synfix_error_t error;
    return settings->config != NULL && settings->file == NULL ? mistakes_status(mistakes, &error)
                                                              : reload_apply(reload, settings, mistakes);
}

static void log_mistakes(log_t *log, const mistakes_t *mistakes)
{
    for (unsigned i = 0; i < mistakes_count(mistakes); i++) {
        g_autofree char *text = g_strconcat(
            "not reloaded, the old configuration stays in use: ", mistakes_text(mistakes, i), NULL);
        log_text(log, LOG_LEVEL_ERROR, text);
    }
}

static void on_reload(void *user)
{
    capturing_t *capturing = user;
    const reload_t reload = {.setup = capturing->setup,
                             .started = capturing->started,
                             .now = capturing->settings,
                             .log = capturing->log,
                             .metrics = &capturing->metrics.server};
    int code = APP_EXIT_OK;
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    log_reloading(&capturing->notify, TRUE);
    g_autoptr(settings_t) settings =
        load_settings(capturing->words, SETTING_CAPTURE, &command_capture, NULL, mistakes, &code);
    if (settings == NULL) {
        log_line(capturing->log, LOG_LEVEL_ERROR, "not reloaded: the old configuration stays in use");
    } else if (apply(&reload, settings, mistakes) < 0) {
        log_mistakes(capturing->log, mistakes);
    } else {
        reload_log(&reload, settings);
        settings_keep_effective(settings, capturing->settings);
        settings_free(capturing->reloaded);
        capturing->settings = capturing->reloaded = g_steal_pointer(&settings);
        capturing->metrics.next_file_us = 0; /* perhaps another file */
    }
    log_reloading(&capturing->notify, FALSE);
}

/* Only while all workers make progress; without WATCHDOG=1 systemd restarts the service. */
static void feed_watchdog(capturing_t *capturing)
{
    const int stuck = pipeline_stuck(capturing->setup->pipeline, capturing->notify.watchdog_ms);
    if (stuck >= 0 && stuck != capturing->stuck) {
        log_line(capturing->log, LOG_LEVEL_ERROR,
                 "worker %d has made no progress for %" G_GINT64_FORMAT
                 " ms: no WATCHDOG=1 is sent, so the service manager restarts the program",
                 stuck, capturing->notify.watchdog_ms);
    }
    capturing->stuck = stuck;
    if (stuck >= 0) {
        return;
    }
    g_autoptr(GString) text = g_string_new("WATCHDOG=1\nSTATUS=");
    report_status(capturing->setup->pipeline, text);
    notify_send(&capturing->notify, text->str);
}

static void on_tick(void *user)
{
    capturing_t *capturing = user;
    const gint64 now_us = g_get_monotonic_time();
    pipeline_reap(capturing->setup->pipeline);
    if (capturing->notify.watchdog_ms > 0 && now_us >= capturing->next_watchdog_us) {
        feed_watchdog(capturing);
        capturing->next_watchdog_us = now_us + capturing->notify.watchdog_ms * 1000;
    }
    capture_metrics_tick(&capturing->metrics, capturing->settings, capturing->setup, capturing->log, now_us);
}

/* A tick is a quarter of the watchdog interval, within these limits; sd_watchdog_enabled(3) recommends at
 * most half. */
#define TICK_MS_MIN 20
#define TICK_MS_MAX 1000

/* Often enough for the watchdog. */
static unsigned tick_ms(const notify_t *notify)
{
    const int64_t wanted = notify->watchdog_ms > 0 ? notify->watchdog_ms / 4 : TICK_MS_MAX;
    return (unsigned)CLAMP(wanted, TICK_MS_MIN, TICK_MS_MAX);
}

signal_thread_config_t capture_events(capturing_t *capturing)
{
    return (signal_thread_config_t){
        .on_stop = on_stop,
        .on_reload = on_reload,
        .on_report = on_report,
        .on_tick = on_tick,
        .tick_ms = tick_ms(&capturing->notify),
        .user = capturing,
    };
}
