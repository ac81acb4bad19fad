/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* synfix read: from capture files to sinks. */
#include "app/app.h"
#include "app/keeper.h"
#include "app/progress.h"
#include "app/setup.h"
#include "app/summary.h"

#include <stdio.h>

static const char description[] =
    "Examples:\n"
    "  synfix read capture.pcap\n"
    "      a block of text for each SYN, SYN+ACK and uptime\n"
    "  tcpdump -w - -i eth0 tcp | synfix read - --to json:-\n"
    "      one JSON object a line, from standard input\n"
    "  synfix read *.pcapng --to file:records.ipfix --to p0f:p0f.log\n"
    "      several captures as one, into two sinks\n"
    "  synfix read capture.pcap --to tcp://192.0.2.1:4739 --filter 'tcp dst port 443'\n"
    "      to an IPFIX collector, only what the expression lets pass\n\n"
    "Exit codes: 0 all done; 1 a capture is missing, no capture, or ends in the middle (what was whole is\n"
    "delivered); 2 wrong usage; 3 a sink failed; 4 no permission.\n";

typedef struct reading {
    const settings_t *settings;
    setup_t setup;
    gint64 start_us;
    gboolean progress;
} reading_t;

static void print_summary(const pipeline_summary_t *summary)
{
    g_autoptr(GString) text = g_string_new(NULL);
    summary_format(summary, text);
    fputs(text->str, stderr);
}

static void on_stop(void *user)
{
    const reading_t *reading = user;
    pipeline_stop(reading->setup.pipeline);
}

static void on_report(void *user)
{
    const reading_t *reading = user;
    g_autofree pipeline_summary_t *summary = g_new(pipeline_summary_t, 1);
    pipeline_summary(reading->setup.pipeline, summary);
    print_summary(summary);
}

static void on_tick(void *user)
{
    const reading_t *reading = user;
    if (reading->progress)
        progress_show(reading->setup.pipeline, g_get_monotonic_time() - reading->start_us);
}

/* After the run: the summary, and what it means for the exit code. */
static int conclude(const reading_t *reading, synfix_status_t status, const synfix_error_t *error)
{
    g_autofree pipeline_summary_t *summary = g_new(pipeline_summary_t, 1);
    pipeline_summary(reading->setup.pipeline, summary);
    if (!reading->settings->quiet)
        print_summary(summary);
    int code = APP_EXIT_OK;
    for (size_t i = 0; i < summary->sink_count; i++) {
        const pipeline_sink_summary_t *sink = &summary->sinks[i];
        if (sink->failed)
            code = app_fail(APP_EXIT_SINK, "%s: %s", sink->name, sink->reason);
        else if (sink->stats.given_up > 0 || sink->dropped > 0 || sink->unencodable > 0)
            code = app_fail(APP_EXIT_SINK, "%s: %" G_GUINT64_FORMAT " records were lost", sink->name,
                            sink->stats.given_up + sink->dropped + sink->unencodable);
    }
    if (status < 0)
        code = app_fail(APP_EXIT_INPUT, "%s", error->text);
    return code;
}

static int run(reading_t *reading)
{
    synfix_error_t error;
    reading->start_us = g_get_monotonic_time();
    const keeper_config_t config = {
        .on_stop = on_stop,
        .on_report = on_report,
        .on_tick = on_tick,
        .tick_ms = 500,
        .user = reading,
    };
    keeper_t *keeper = keeper_new(&config);
    const synfix_status_t status = pipeline_run(reading->setup.pipeline, &error);
    keeper_free(keeper);
    if (reading->progress)
        progress_clear();
    return conclude(reading, status, &error);
}

int cmd_read(int argc, char **argv)
{
    g_autoptr(settings_t) settings = settings_new();
    GOptionContext *context = g_option_context_new("FILE... - fingerprint the packets of capture files");
    g_option_context_set_description(context, description);
    settings_add_options(settings, SETTING_READ, context);
    int code = 0;
    if (!app_parse(context, &argc, &argv, &code))
        return code;
    if (argc < 2)
        return app_fail(APP_EXIT_USAGE, "no capture file named (see synfix read --help)");
    synfix_error_t error;
    synfix_status_t status = SYNFIX_OK;
    if (settings->config)
        status = settings_read_file(settings, settings->config, &error);
    if (status < 0)
        return app_fail(APP_EXIT_USAGE, "%s", error.text);
    const int level = log_level_of(settings->log_level);
    if (level < 0)
        return app_fail(APP_EXIT_USAGE, "log-level: '%s' is no level", settings->log_level);

    keeper_block_signals();
    g_autoptr(log_t) log = log_new(level);
    reading_t reading = {
        .settings = settings,
        .progress = progress_wanted() && !settings->quiet,
    };
    status = setup_open(&reading.setup, settings, argv + 1, false, log, &error);
    code = status < 0 ? app_fail(app_exit_of(status), "%s", error.text) : run(&reading);
    setup_release(&reading.setup);
    return code;
}
