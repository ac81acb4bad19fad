/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/capture_process.h"
#include "app/command/capture_events.h"
#include "app/common/exit_codes.h"
#include "app/config/load_settings.h"
#include "app/config/setting_values.h"
#include "app/report/report.h"
#include "app/run/log_start.h"
#include "app/run/memory_limit.h"
#include "app/service/privileges.h"
#include "app/service/query_server.h"
#include "base/message_text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

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
                         "%s: not readable after the start (%s): a reload (HUP) will fail; permit the user "
                         "to read the file",
                         *path, strerror(errno));
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
                      : query_server_open(settings->query_socket, mode, &capturing->setup->queries, error);
}

/* After the system call filter is in place. */
static synfix_status_t start_servers(capturing_t *capturing, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    if (capturing->setup->queries != NULL) {
        status = query_server_start(capturing->setup->queries, capturing->setup->hosts, error);
    }
    return status < 0 ? status
                      : capture_metrics_start(&capturing->metrics, capturing->settings, capturing->setup,
                                              capturing->log, error);
}

/* The order matters. Listening and capturing sockets need privileges; setup_open() then drops them and opens
 * the sinks, which reopen their files later with the same rights. The system call filter precedes the
 * threads, which inherit it. */
static synfix_status_t open_all(capturing_t *capturing, synfix_error_t *error)
{
    const settings_t *settings = capturing->settings;
    capturing->notify = notify_open();
    memory_limit_warn(settings, capturing->log);
    synfix_status_t status = capture_metrics_listen(&capturing->metrics, settings, capturing->log, error);
    if (status >= 0) {
        status = open_queries(capturing, error);
    }
    if (status >= 0) {
        status = setup_open(capturing->setup, settings, settings->interface, true, capturing->log, error);
    }
    if (status >= 0) {
        check_readable(capturing);
    }
    if (status >= 0 && geteuid() == 0 && settings->user == NULL) {
        log_line(capturing->log, LOG_LEVEL_WARNING,
                 "running as root; add --user NAME to drop all privileges after the start");
    }
    if (status >= 0 && settings->seccomp) {
        status = privileges_confine(error);
    }
    return status < 0 ? status : start_servers(capturing, error);
}

static int run_pipeline(capturing_t *capturing)
{
    synfix_error_t error;
    const signal_thread_config_t config = capture_events(capturing);
    signal_thread_t *signals = NULL;
    synfix_status_t status = signal_thread_new(&config, &signals, &error);
    const unsigned workers = pipeline_workers(capturing->setup->pipeline);
    notify_send(&capturing->notify, "READY=1\nSTATUS=capturing");
    log_start(capturing->log, capturing->settings, &capturing->setup->prepared);
    log_line(capturing->log, LOG_LEVEL_NOTICE, "capturing with %u worker%s", workers, plural(workers));
    if (status == SYNFIX_OK) {
        status = pipeline_run(capturing->setup->pipeline, &error);
    }
    signal_thread_free(signals);
    capture_metrics_write(&capturing->metrics, capturing->settings, capturing->setup, capturing->log);
    return report_conclude(capturing->setup->pipeline, capturing->settings->quiet, status, &error,
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
        code = code == APP_EXIT_INPUT ? APP_EXIT_USAGE : code;
        if (load_report(capturing->setup->mistakes, FALSE) == APP_EXIT_OK) {
            (void)app_fail(code, "%s", error.text);
        }
    } else {
        code = run_pipeline(capturing);
    }
    capture_metrics_clear(&capturing->metrics); /* its thread reads the counters of the query server */
    query_server_free(capturing->setup->queries);
    setup_release(capturing->setup);
    notify_close(&capturing->notify);
    return code;
}

int capture_process(char **words, const settings_t *settings, setup_t *setup, log_t *log)
{
    capturing_t capturing = {.words = words,
                             .settings = settings,
                             .started = settings,
                             .log = log,
                             .setup = setup,
                             .notify = {.socket = -1},
                             .stuck = -1};
    const int code = open_and_run(&capturing);
    settings_free(capturing.reloaded);
    return code;
}
