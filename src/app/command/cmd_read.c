/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* synfix read: from capture files to sinks. */
#include "app/command/commands.h"
#include "app/common/exit_codes.h"
#include "app/common/habits.h"
#include "app/common/standard_error.h"
#include "app/config/load_settings.h"
#include "app/report/progress.h"
#include "app/report/report.h"
#include "app/run/build_pipeline.h"
#include "app/service/signal_thread.h"

#include <sched.h>
#include <stdio.h>

typedef struct read_run {
    const settings_t *settings;
    setup_t setup;
    gint64 start_us;
    gboolean progress;
} read_run_t;

static void on_stop(void *user)
{
    const read_run_t *run = user;
    standard_error_skip();
    pipeline_stop(run->setup.pipeline);
}

static void on_report(void *user)
{
    const read_run_t *run = user;
    report_print(run->setup.pipeline);
}

static void on_tick(void *user)
{
    const read_run_t *run = user;
    if (!run->progress) {
        return;
    }
    g_autofree pipeline_summary_t *summary = g_new(pipeline_summary_t, 1);
    pipeline_summary(run->setup.pipeline, summary);
    progress_show(summary, g_get_monotonic_time() - run->start_us);
}

/* SCHED_BATCH: a thread that is woken by another one does not preempt it, so queues fill before they are
 * read. */
static void schedule_as_batch(void)
{
    const struct sched_param none = {.sched_priority = 0};
    if (sched_getscheduler(0) == SCHED_OTHER) {
        (void)sched_setscheduler(0, SCHED_BATCH, &none); /* later threads inherit it */
    }
}

static int run_pipeline(read_run_t *run)
{
    synfix_error_t error;
    schedule_as_batch();
    run->start_us = g_get_monotonic_time();
    const signal_thread_config_t config = {
        .on_stop = on_stop,
        .on_report = on_report,
        .on_tick = on_tick,
        .tick_ms = 500,
        .user = run,
    };
    signal_thread_t *signals = NULL;
    synfix_status_t status = signal_thread_new(&config, &signals, &error);
    if (status == SYNFIX_OK) {
        status = pipeline_run(run->setup.pipeline, &error);
    }
    signal_thread_free(signals);
    if (run->progress) {
        progress_clear();
    }
    return report_conclude(run->setup.pipeline, run->settings->quiet, status, &error, APP_EXIT_INPUT);
}

static int open_and_run(read_run_t *run, char *const *files, log_t *log)
{
    synfix_error_t error;
    const synfix_status_t status = setup_open(&run->setup, run->settings, files, false, log, &error);
    if (status < 0) {
        return app_fail(app_exit_of_error(status, &error), "%s", error.text);
    }
    if (run->setup.plan != NULL) {
        fputs(run->setup.plan->str, stdout);
    }
    return run_pipeline(run);
}

/* `--filter tcp port 80` without quotes: `port` and `80` become operands. Returns the whole
 * expression, or NULL: there is no such mistake. */
static char *unquoted_filter(const settings_t *settings, char *const *files)
{
    g_autoptr(GString) words = g_string_new(settings->filter);
    gboolean split = FALSE;
    for (; settings->filter != NULL && *files != NULL; files++) {
        if (strpbrk(*files, "/.-") == NULL && !g_file_test(*files, G_FILE_TEST_EXISTS)) {
            g_string_append_printf(words, " %s", *files);
            split = TRUE;
        }
    }
    return split ? g_strdup(words->str) : NULL;
}

/* `read FILE tcp port 80`, as tcpdump and p0f are called. Returns the expression, or NULL: there is none. */
static char *misplaced_filter(char *const *files)
{
    g_autoptr(GString) words = g_string_new(NULL);
    for (; *files != NULL; files++) {
        if (words->len > 0 || (habit_is_filter(*files) && !g_file_test(*files, G_FILE_TEST_EXISTS))) {
            g_string_append_printf(words, "%s%s", words->len > 0 ? " " : "", *files);
        }
    }
    return words->len > 0 ? g_strdup(words->str) : NULL;
}

/* Checks the operands; with --follow, @p files becomes its directory. */
static int check_files(const settings_t *settings, char ***files)
{
    if (settings->follow != NULL && (*files)[0] != NULL) {
        return app_fail(APP_EXIT_USAGE, "read: --follow %s and %s; name either the directory or files",
                        settings->follow, (*files)[0]);
    }
    if (settings->follow == NULL && settings->follow_state != NULL) {
        return app_fail(APP_EXIT_USAGE, "--follow-state: no directory is followed; add --follow DIRECTORY");
    }
    if (settings->follow != NULL) {
        g_strfreev(*files);
        *files = g_strdupv((char *[]){settings->follow, NULL});
    }
    if ((*files)[0] == NULL) {
        return app_fail(APP_EXIT_USAGE,
                        "read: no capture file named; write synfix read FILE, see synfix read --help");
    }
    g_autofree char *expression = unquoted_filter(settings, *files);
    if (expression != NULL) {
        return app_fail(APP_EXIT_USAGE, "filter: '%s' ends at the space; quote the filter: --filter '%s'",
                        settings->filter, expression);
    }
    g_autofree char *misplaced = settings->filter == NULL ? misplaced_filter(*files) : NULL;
    return misplaced == NULL
               ? APP_EXIT_OK
               : app_fail(APP_EXIT_USAGE, "%s: not a file; a filter is an option: --filter '%s'", misplaced,
                          misplaced);
}

static int run_read(int argc, char **argv)
{
    (void)argc;
    int code = APP_EXIT_OK;
    g_auto(GStrv) files = NULL;
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    g_autoptr(settings_t) settings =
        load_settings(argv, SETTING_READ, &command_read, &files, mistakes, &code);
    if (settings == NULL) {
        return code;
    }
    code = check_files(settings, &files);
    if (code != APP_EXIT_OK) {
        return code;
    }
    read_run_t run = {
        .settings = settings,
        .progress = progress_wanted() && !settings->quiet && settings->follow == NULL,
    };
    prepare_run(settings, files, false, &run.setup.prepared, mistakes);
    code = load_report(mistakes, FALSE);
    if (code == APP_EXIT_OK) {
        signal_thread_block();
        g_autoptr(log_t) log = log_new(log_level_of(settings->log_level));
        log_keep_errors(log); /* each bad file is named */
        if (settings->follow != NULL) {
            standard_error_skip();
        }
        code = open_and_run(&run, files, log);
    }
    setup_release(&run.setup);
    return code;
}

static const cli_option_t *options(void)
{
    return settings_options(SETTING_READ);
}

static const cli_example_t examples[] = {
    {"synfix read capture.pcap", COMMANDS_TEXT_HELP},
    {"tcpdump -w - -i eth0 tcp | synfix read - --to json:-", "one JSON object per line, from standard input"},
    {"synfix read *.pcapng --to file:records.ipfix --to p0f:p0f.log",
     "several captures in order, to two sinks"},
    {"synfix read capture.pcap --to tcp://192.0.2.1:4739 --filter 'port 443'",
     "send the records of matching packets to an IPFIX collector"},
    {"synfix read --follow /var/pcap --to file:day-%F.ipfix?rotate-time=1d",
     "process captures of tcpdump -G, Suricata or netsniff-ng when they are complete"},
    {"synfix read capture.pcap --to tcp://192.0.2.1:4739 --dry-run",
     "print the pipeline, then count the records without sending them"},
    {NULL, NULL},
};

const cli_command_t command_read = {
    .name = "read",
    .summary = "fingerprint the packets of capture files",
    .operands = "FILE...",
    .description =
        "Read capture files (pcap or pcapng, also compressed with gzip, zstd, xz or lz4; '-' is "
        "standard input) and "
        "write a record for each TCP SYN and SYN+ACK, and each uptime estimate. Files are processed in "
        "order; state "
        "carries over from one file to the next. Without --to, records are printed as text.",
    .options = options,
    .examples = examples,
    .exit_status =
        "0 success; 1 a capture is missing, is not a capture or is truncated (the packets before the "
        "damage are processed); 2 wrong usage; 3 a sink failed; 4 no permission.",
    .see_also = "synfix.conf(5) pcap-filter(7)",
    .run = run_read,
};
