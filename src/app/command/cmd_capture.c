/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* synfix capture: from interfaces to sinks, until a signal ends it. */
#include "app/command/commands.h"
#include "app/command/network_interfaces.h"
#include "app/common/exit_codes.h"
#include "app/common/habits.h"
#include "app/config/load_settings.h"
#include "app/config/setting_values.h"
#include "app/report/report.h"
#include "app/run/build_pipeline.h"
#include "app/run/capture_metrics.h"
#include "app/run/check_notes.h"
#include "app/run/find_sigdb.h"
#include "app/run/log_start.h"
#include "app/run/reload.h"
#include "app/service/privileges.h"
#include "app/service/query_server.h"
#include "app/service/sd_notify.h"
#include "app/service/signal_thread.h"
#include "capture/live/interface_source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct capturing {
    char **words;               /* the command line, for reloading */
    const settings_t *settings; /* as of the last reload */
    const settings_t *started;  /* as of the start */
    settings_t *reloaded;       /* the same as settings, or NULL before the first reload; owned */
    log_t *log;
    setup_t setup;
    capture_metrics_t metrics;
    notify_t notify;
    gint64 next_watchdog_us;
    int stuck; /* the worker that was reported as stuck; -1: none */
} capturing_t;

static void on_stop(void *user)
{
    const capturing_t *capturing = user;
    notify_send(&capturing->notify, "STOPPING=1");
    pipeline_stop(capturing->setup.pipeline);
}

static void on_report(void *user)
{
    const capturing_t *capturing = user;
    report_print(capturing->setup.pipeline);
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

static void on_reload(void *user)
{
    capturing_t *capturing = user;
    const reload_t reload = {.setup = &capturing->setup,
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
    } else if (reload_apply(&reload, settings, mistakes) < 0) {
        for (unsigned i = 0; i < mistakes_count(mistakes); i++) {
            log_line(capturing->log, LOG_LEVEL_ERROR, "not reloaded, the old configuration stays in use: %s",
                     mistakes_text(mistakes, i));
        }
    } else {
        reload_log(&reload, settings);
        settings_free(capturing->reloaded);
        capturing->settings = capturing->reloaded = g_steal_pointer(&settings);
        capturing->metrics.next_file_us = 0; /* perhaps another file */
    }
    log_reloading(&capturing->notify, FALSE);
}

/* Only while all workers make progress; without WATCHDOG=1 systemd restarts the service. */
static void feed_watchdog(capturing_t *capturing)
{
    const int stuck = pipeline_stuck(capturing->setup.pipeline, capturing->notify.watchdog_ms);
    if (stuck >= 0 && stuck != capturing->stuck) {
        log_line(capturing->log, LOG_LEVEL_ERROR,
                 "worker %d has not moved for %" G_GINT64_FORMAT " ms: the watchdog is not fed", stuck,
                 capturing->notify.watchdog_ms);
    }
    capturing->stuck = stuck;
    if (stuck >= 0) {
        return;
    }
    g_autoptr(GString) text = g_string_new("WATCHDOG=1\nSTATUS=");
    report_status(capturing->setup.pipeline, text);
    notify_send(&capturing->notify, text->str);
}

static void on_tick(void *user)
{
    capturing_t *capturing = user;
    const gint64 now_us = g_get_monotonic_time();
    pipeline_reap(capturing->setup.pipeline);
    if (capturing->notify.watchdog_ms > 0 && now_us >= capturing->next_watchdog_us) {
        feed_watchdog(capturing);
        capturing->next_watchdog_us = now_us + capturing->notify.watchdog_ms * 1000;
    }
    capture_metrics_tick(&capturing->metrics, capturing->settings, &capturing->setup, capturing->log, now_us);
}

/* Warns at the start about files that the unprivileged user cannot read again on SIGHUP. */
static void check_readable(const capturing_t *capturing)
{
    const settings_t *settings = capturing->settings;
    char *const config[] = {settings->config, NULL};
    char *const *const lists[] = {config, settings->sigdb};
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        for (char *const *path = lists[i]; path != NULL && *path != NULL; path++) {
            if (access(*path, R_OK) != 0) {
                log_line(capturing->log, LOG_LEVEL_WARNING,
                         "%s: not readable after the start (%s): HUP will fail", *path, g_strerror(errno));
            }
        }
    }
}

static synfix_status_t open_queries(capturing_t *capturing, synfix_error_t *error)
{
    const settings_t *settings = capturing->settings;
    unsigned mode = 0;
    if (settings->query_socket == NULL) {
        return SYNFIX_OK;
    }
    const synfix_status_t status = values_socket_mode(settings->query_socket_mode, &mode, error);
    return status < 0 ? status
                      : query_server_open(settings->query_socket, mode, &capturing->setup.queries, error);
}

/* After the system call filter is in place. */
static synfix_status_t start_servers(capturing_t *capturing, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    if (capturing->setup.queries != NULL) {
        status = query_server_start(capturing->setup.queries, capturing->setup.hosts, error);
    }
    return status < 0
               ? status
               : capture_metrics_start(&capturing->metrics, capturing->settings, &capturing->setup, error);
}

/* The order matters. Listening and capturing sockets need privileges; setup_open() then drops them and opens
 * the sinks, which reopen their files later with the same rights. The system call filter precedes the
 * threads, which inherit it. */
static synfix_status_t open_all(capturing_t *capturing, synfix_error_t *error)
{
    const settings_t *settings = capturing->settings;
    capturing->notify = notify_open();
    synfix_status_t status = capture_metrics_listen(&capturing->metrics, settings, capturing->log, error);
    if (status >= 0) {
        status = open_queries(capturing, error);
    }
    if (status >= 0) {
        status = setup_open(&capturing->setup, settings, settings->interface, true, capturing->log, error);
    }
    if (status >= 0) {
        check_readable(capturing);
    }
    if (status >= 0 && geteuid() == 0 && settings->user == NULL) {
        log_line(capturing->log, LOG_LEVEL_WARNING,
                 "running as root: add --user NAME, so that a fault in a packet cannot write what root can");
    }
    if (status >= 0 && settings->seccomp) {
        status = privileges_confine(error);
    }
    return status < 0 ? status : start_servers(capturing, error);
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

static int run(capturing_t *capturing)
{
    synfix_error_t error;
    const signal_thread_config_t config = {
        .on_stop = on_stop,
        .on_reload = on_reload,
        .on_report = on_report,
        .on_tick = on_tick,
        .tick_ms = tick_ms(&capturing->notify),
        .user = capturing,
    };
    signal_thread_t *signals = NULL;
    synfix_status_t status = signal_thread_new(&config, &signals, &error);
    const unsigned workers = pipeline_workers(capturing->setup.pipeline);
    notify_send(&capturing->notify, "READY=1\nSTATUS=capturing");
    log_start(capturing->log, capturing->settings, &capturing->setup.prepared);
    log_line(capturing->log, LOG_LEVEL_NOTICE, "capturing with %u worker%s", workers, workers > 1 ? "s" : "");
    if (status == SYNFIX_OK) {
        status = pipeline_run(capturing->setup.pipeline, &error);
    }
    signal_thread_free(signals);
    capture_metrics_write(&capturing->metrics, capturing->settings, &capturing->setup, capturing->log);
    return report_conclude(capturing->setup.pipeline, capturing->settings->quiet, status, &error,
                           APP_EXIT_DEVICE);
}

static int open_and_run(capturing_t *capturing)
{
    synfix_error_t error;
    const synfix_status_t status = open_all(capturing, &error);
    int code = APP_EXIT_OK;
    if (status < 0) {
        code = app_exit_of_error(status, &error);
        /* `capture` has no input files: a port or file that cannot be opened is wrong configuration */
        code = app_fail(code == APP_EXIT_INPUT ? APP_EXIT_USAGE : code, "%s", error.text);
    } else {
        code = run(capturing);
    }
    capture_metrics_clear(&capturing->metrics); /* its thread reads the counters of the query server */
    query_server_free(capturing->setup.queries);
    setup_release(&capturing->setup);
    notify_close(&capturing->notify);
    return code;
}

static live_analysis_t analysis_of(const settings_t *settings)
{
    if (!settings->kernel_filter) {
        return LIVE_EVERYTHING;
    }
    if (strcmp(settings->uptime, "off") == 0) {
        return LIVE_SYN;
    }
    return strcmp(settings->uptime, "p0f") == 0 ? LIVE_SEGMENTS : LIVE_UPTIME;
}

/* The program that the kernel gets for the first interface, in the words of tcpdump -d. */
static int print_filter(const settings_t *settings, mistakes_t *mistakes)
{
    const gboolean any = strcmp(settings->interface[0], "any") == 0;
    synfix_error_t error;
    filter_t *filter = NULL;
    values_filter(settings, &filter, mistakes);
    const socket_filter_t wish = {.analysis = analysis_of(settings),
                                  .encapsulations = filter_encapsulations(filter),
                                  .expression = settings->filter,
                                  .max_ip_headers = MAX_IP_HEADERS,
                                  .tag_aside = true};
    filter_unref(filter);
    char *text = NULL;
    if (socket_filter_print(&wish, any, &text, &error) < 0) {
        settings_mistake(settings, "filter", 0, &error, mistakes);
    }
    const int code = load_report(mistakes, FALSE);
    if (code == APP_EXIT_OK) {
        fputs(text[0] != '\0' ? text : "everything passes\n", stdout);
    }
    free(text);
    return code;
}

static int list_interfaces(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    if (!network_interfaces_list(text)) {
        return app_fail(APP_EXIT_DEVICE, "interfaces: %s; see ip link", g_strerror(errno));
    }
    fputs(text->str, stdout);
    return APP_EXIT_OK;
}

static int fail_no_interface(void)
{
    g_autofree char *names = network_interfaces_names();
    return app_fail(APP_EXIT_USAGE, "capture: no interface named; write -i NAME, one of: %s", names);
}

static int fail_unexpected(char **rest)
{
    if (habit_is_filter(rest[0])) {
        g_autofree char *expression = g_strjoinv(" ", rest);
        return app_fail(APP_EXIT_USAGE, "%s: unexpected word; a filter is an option: --filter '%s'", rest[0],
                        expression);
    }
    if (g_file_test(rest[0], G_FILE_TEST_IS_REGULAR)) {
        return app_fail(APP_EXIT_USAGE, "%s: unexpected word; to read a file write synfix read %s", rest[0],
                        rest[0]);
    }
    return app_fail(APP_EXIT_USAGE, "%s: unexpected word; interfaces are named by -i %s", rest[0], rest[0]);
}

static int run_capture(int argc, char **argv)
{
    (void)argc;
    int code = APP_EXIT_OK;
    g_auto(GStrv) rest = NULL;
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    g_autoptr(settings_t) settings =
        load_settings(argv, SETTING_CAPTURE, &command_capture, &rest, mistakes, &code);
    if (settings == NULL) {
        return code;
    }
    if (settings->list_interfaces) {
        return list_interfaces();
    }
    if (settings->config != NULL && settings->file == NULL) {
        return load_report(mistakes,
                           TRUE); /* the file could not be read: nothing else is known to be wrong */
    }
    if (rest[0] != NULL) {
        return fail_unexpected(rest);
    }
    if (settings->interface == NULL && settings->config == NULL) {
        return fail_no_interface();
    }
    if (settings->print_filter && settings->interface != NULL) {
        return print_filter(settings, mistakes);
    }
    capturing_t capturing = {
        .words = argv, .settings = settings, .started = settings, .notify = {.socket = -1}, .stuck = -1};
    prepare_run(settings, NULL, true, &capturing.setup.prepared, mistakes);
    code = load_report(mistakes, settings->check_config);
    code = code == APP_EXIT_INPUT ? APP_EXIT_USAGE : code; /* `capture` has no input but interfaces */
    if (code == APP_EXIT_OK && settings->check_config) {
        check_notes_print(settings, &capturing.setup.prepared);
        puts("the configuration is valid");
    } else if (code == APP_EXIT_OK) {
        signal_thread_block();
        g_autoptr(log_t) log = log_new(log_level_of(settings->log_level));
        capturing.log = log;
        code = open_and_run(&capturing);
        settings_free(capturing.reloaded);
    }
    setup_release(&capturing.setup);
    return code;
}

static const cli_option_t *options(void)
{
    return settings_options(SETTING_CAPTURE);
}

static const cli_example_t examples[] = {
    {"synfix capture -i eth0", "print a block of text for each SYN, SYN+ACK and uptime"},
    {"synfix capture -i tap0 -i tap1 --to tcp://192.0.2.1:4739 --user nobody",
     "both directions of an optical tap, to an IPFIX collector"},
    {"synfix capture -i sflow://:6343", "sampled packet headers that switches send as sFlow"},
    {"synfix capture --list-interfaces", "the interfaces of this host"},
    {"synfix capture --config /etc/synfix/synfix.conf --check-config", "check a configuration"},
    {NULL, NULL},
};

const cli_command_t command_capture = {
    .name = "capture",
    .summary = "fingerprint the packets of network interfaces",
    .operands = "-i NAME...",
    .description =
        "Capture from interfaces until a signal ends the program, and write a record for each TCP "
        "SYN and SYN+ACK, "
        "and for each uptime. Once the interfaces are open, all capabilities are dropped; with --user, "
        "the process also continues as another user. Without --to, records are printed as text.",
    .options = options,
    .examples = examples,
    .notes = "Encapsulations: vlan qinq mpls pppoe pbb macsec nsh fabric gre ip-in-ip 6in4 4in6 vxlan "
             "vxlan-gpe geneve "
             "gtp-u teredo erspan ah capwap l2tp lisp ethernet-in-ip mpls-in-ip tzsp ayiya sflow; all, none; "
             "-NAME "
             "excludes "
             "one. 'fabric' stands for the tags of switch fabrics, see synfix.conf(5).\n\n"
             "Signals: INT and TERM process all pending packets and records, then end with a summary; a "
             "second one does "
             "not wait for collectors. HUP reloads configuration, database and filters; an invalid "
             "configuration is "
             "rejected and the running one is kept. USR1 prints the counters.",
    .exit_status =
        "0 ended by a signal; 2 wrong usage or configuration; 3 a sink failed; 4 no permission; 5 an "
        "interface is missing or failed.",
    .see_also = "synfix.conf(5) pcap-filter(7)",
    .run = run_capture,
};
