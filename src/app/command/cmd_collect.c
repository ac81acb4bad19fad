/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* synfix collect: a small collecting process for tests and small sites. */
#include "app/command/collect_confinement.h"
#include "app/command/collect_metrics.h"
#include "app/command/collect_signals.h"
#include "app/command/commands.h"
#include "app/common/exit_codes.h"
#include "app/common/standard_error.h"
#include "app/service/privileges.h"
#include "app/service/signal_thread.h"
#include "base/thread_start.h"
#include "exporter/collector/collecting_process.h"
#include "values/value.h"
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Descriptors of the main loop, its signals and its threads. */
#define LOOP_DESCRIPTORS 8

static void to_stderr(void *user, const char *text)
{
    (void)user;
    app_fail(APP_EXIT_OK, "%s", text);
}

typedef struct collect_options {
    char **listen;
    char **to;
    char *pen;
    char *templates;
    gint64 count;
    double idle;
    gint64 sessions;
    gint64 memory; /* MiB */
    double handshake;
    double session;
    gboolean options;
    gboolean no_landlock;
    gboolean no_seccomp;
    char *metrics_listen;
    char *metrics_file;
} collect_options_t;

/* Files first: all that follows, threads included, is restricted. */
static synfix_status_t restrict_files(const collect_options_t *options, const collect_names_t *names,
                                      synfix_error_t *error)
{
    return options->no_landlock ? SYNFIX_OK : collect_restrict_files(names, error);
}

static synfix_status_t set_up(collect_t *collect, const collect_options_t *options, synfix_error_t *error)
{
    static const char *const default_listen[] = {"udp://127.0.0.1:4739", "tcp://127.0.0.1:4739", NULL};
    static const char *const default_to[] = {"text", NULL};
    const char *const *const listen =
        options->listen != NULL ? (const char *const *)options->listen : default_listen;
    const char *const *const to = options->to != NULL ? (const char *const *)options->to : default_to;
    const collect_names_t names = {.listen = listen,
                                   .outputs = to,
                                   .templates = options->templates,
                                   .metrics_listen = options->metrics_listen,
                                   .metrics_file = options->metrics_file};
    synfix_status_t status = restrict_files(options, &names, error);
    for (size_t i = 0; status >= 0 && to[i] != NULL; i++) {
        status = collect_add_output(collect, to[i], error);
    }
    for (size_t i = 0; status >= 0 && listen[i] != NULL; i++) {
        status = collect_listen(collect, listen[i], error);
    }
    return status;
}

/* Wrong arguments stay wrong; a port in use or a full disk may be temporary: a service manager tries those
 * again.
 */
static int exit_of_setup(synfix_status_t status)
{
    return status == SYNFIX_IO || status == SYNFIX_NO_MEMORY || status == SYNFIX_DISCONNECTED
               ? APP_EXIT_SINK
               : app_exit_of(status);
}

static void *nothing(void *user)
{
    return user;
}

/* GLib ends the program when it finds no thread or no descriptor for its main loop. */
static synfix_status_t check_resources(synfix_error_t *error)
{
    pthread_t thread;
    int probes[LOOP_DESCRIPTORS];
    int count = 0;
    while (count < LOOP_DESCRIPTORS && (probes[count] = dup(STDERR_FILENO)) >= 0) {
        count++;
    }
    const int reason = errno;
    const bool enough = count == LOOP_DESCRIPTORS || reason != EMFILE;
    while (count > 0) {
        (void)close(probes[--count]);
    }
    if (!enough) {
        return synfix_fail(error, SYNFIX_IO, "collect: %s", strerror(reason));
    }
    const synfix_status_t status = thread_start(&thread, nothing, NULL, "collect", error);
    return status == SYNFIX_OK && pthread_join(thread, NULL) != 0 ? SYNFIX_NO_MEMORY : status;
}

/* Sanitizers make system calls of their own. */
static synfix_status_t restrict_calls(const collect_options_t *options, synfix_error_t *error)
{
#ifdef SYNFIX_SANITIZED
    (void)options;
    (void)error;
    return SYNFIX_OK;
#else
    return options->no_seccomp ? SYNFIX_OK : privileges_confine(error);
#endif
}

static collect_t *make_collect(const collect_options_t *options, const ipfix_model_t *model)
{
    const collect_config_t config = {.names = {.find = ipfix_decoder_find_in_model, .user = model},
                                     .count = (uint64_t)options->count,
                                     .idle_us = (int64_t)(options->idle * 1e6),
                                     .options = options->options,
                                     .sessions = (uint32_t)options->sessions,
                                     .memory = (size_t)options->memory << 20,
                                     .handshake_us = (int64_t)(options->handshake * 1e6),
                                     .session_us = (int64_t)(options->session * 1e6),
                                     .log = to_stderr};
    return collect_new(&config);
}

/* The restriction comes last: it refuses what the steps before need. */
static synfix_status_t open_all(collect_t *collect, const collect_options_t *options,
                                collect_metrics_t **metrics, synfix_error_t *error)
{
    synfix_status_t status = check_resources(error);
    if (status >= 0) {
        status = set_up(collect, options, error);
    }
    if (status >= 0) {
        status =
            collect_metrics_open(collect, options->metrics_listen, options->metrics_file, metrics, error);
    }
    return status >= 0 ? restrict_calls(options, error) : status;
}

/* The exit code. Records that were received by then are in the summary. */
static int run_opened(collect_t *collect, synfix_error_t *error)
{
    collect_signals_t *signals = NULL;
    synfix_status_t status = collect_signals_new(collect, &signals, error);
    if (status >= 0) {
        status = collect_run(collect, error);
        collect_signals_free(signals);
    }
    return status < 0 ? APP_EXIT_SINK : APP_EXIT_OK;
}

static int run(const collect_options_t *options, const ipfix_model_t *model)
{
    signal_thread_block();
    standard_error_skip();
    collect_t *const collect = make_collect(options, model);
    collect_metrics_t *metrics = NULL;
    synfix_error_t error;
    const synfix_status_t status = open_all(collect, options, &metrics, &error);
    const int code = status < 0 ? exit_of_setup(status) : run_opened(collect, &error);
    collect_metrics_close(metrics);
    if (status >= 0) {
        collect_print_summary(collect);
    }
    if (code != APP_EXIT_OK) {
        to_stderr(NULL, error.text);
    }
    collect_free(collect);
    return code;
}

static const cli_option_t option_table[] = {
    {"listen", 'l', CLI_LIST, offsetof(collect_options_t, listen), "URL",
     "Listen on udp://, tcp://, tls:// or dtls://HOST:PORT (repeatable)", "udp and tcp on 127.0.0.1:4739",
     NULL, NULL},
    {"to", 't', CLI_LIST, offsetof(collect_options_t, to), "OUTPUT",
     "text, json or csv; with :PATH append to a file; file:PATH for IPFIX (repeatable)", "text", NULL, NULL},
    {"count", 'n', CLI_NUMBER, offsetof(collect_options_t, count), "N",
     "Exit after N data records (0: never)", NULL, NULL, NULL},
    {"idle", 'i', CLI_SECONDS, offsetof(collect_options_t, idle), "SECONDS",
     "Exit after SECONDS without a message", NULL, NULL, NULL},
    {"max-sessions", 0, CLI_NUMBER, offsetof(collect_options_t, sessions), "N",
     "Maximum number of sessions; beyond it, sessions without records end first", "1024", NULL, NULL},
    {"max-memory", 0, CLI_NUMBER, offsetof(collect_options_t, memory), "MIB",
     "Memory for the templates and messages of all sessions", "64", NULL, NULL},
    {"handshake-timeout", 0, CLI_SECONDS, offsetof(collect_options_t, handshake), "SECONDS",
     "End a TLS or DTLS handshake after SECONDS", "10", NULL, NULL},
    {"session-timeout", 0, CLI_SECONDS, offsetof(collect_options_t, session), "SECONDS",
     "End a session after SECONDS without a message", "1800", NULL, NULL},
    {"options", 'o', CLI_FLAG, offsetof(collect_options_t, options), NULL,
     "Print options records too (text and json)", NULL, NULL, NULL},
    {"metrics-listen", 0, CLI_TEXT, offsetof(collect_options_t, metrics_listen), "ADDRESS:PORT",
     "Serve counters over HTTP at /metrics (OpenMetrics), by exporter and domain", NULL, NULL, NULL},
    {"metrics-file", 0, CLI_FILE, offsetof(collect_options_t, metrics_file), "FILE",
     "Write the same text to FILE every 10 s and at the end", NULL, NULL, NULL},
    {"no-landlock", 0, CLI_FLAG, offsetof(collect_options_t, no_landlock), NULL,
     "Do not restrict access to files and TCP ports", NULL, NULL, NULL},
    {"no-seccomp", 0, CLI_FLAG, offsetof(collect_options_t, no_seccomp), NULL, "Do not restrict system calls",
     NULL, NULL, NULL},
    {"pen", 0, CLI_TEXT, offsetof(collect_options_t, pen), "NUMBER",
     "Enterprise number of the synfix elements", "32473", NULL, NULL},
    {"templates", 0, CLI_FILE, offsetof(collect_options_t, templates), "DIRECTORY",
     "Directory of the information model", NULL, NULL, NULL},
    {.name = NULL},
};

static const cli_option_t *option_list(void)
{
    return option_table;
}

static const cli_example_t examples[] = {
    {"synfix collect --to json", "print messages that arrive on 127.0.0.1, port 4739, over UDP and TCP"},
    {"synfix collect --listen tcp://0.0.0.0:4739 --to file:a.ipfix --to text",
     "archive messages (one file for each transport session) and print the records"},
    {"synfix collect --listen 'tls://[::]:4740?ca=ca.pem&cert=c.pem&key=c.key'",
     "exporters must present a certificate signed by ca.pem, unless anonymous=yes is added; dtls:// "
     "likewise"},
    {"synfix collect --listen udp://[::1]:9999 --to csv --count 100 --idle 10", NULL},
    {NULL, NULL},
};

static int check_limits(const collect_options_t *options)
{
    if (options->sessions != 0 &&
        (options->sessions < COLLECT_SESSIONS_MIN || options->sessions > COLLECT_SESSIONS_MAX)) {
        return app_fail(APP_EXIT_USAGE, "--max-sessions: write a number from %u to %u", COLLECT_SESSIONS_MIN,
                        COLLECT_SESSIONS_MAX);
    }
    if (options->memory != 0 &&
        (options->memory < (COLLECT_MEMORY_MIN >> 20) || options->memory > COLLECT_MEMORY_MIB_MAX)) {
        return app_fail(APP_EXIT_USAGE, "--max-memory: write a number of MiB from %u to %u",
                        COLLECT_MEMORY_MIN >> 20, COLLECT_MEMORY_MIB_MAX);
    }
    if (options->handshake < 0 || options->session < 0) {
        return app_fail(APP_EXIT_USAGE, "--%s-timeout: a negative number; write 0 (the default) or more",
                        options->handshake < 0 ? "handshake" : "session");
    }
    return APP_EXIT_OK;
}

/* An archive has them without the option; CSV has one kind of row. An unknown output has its own message. */
static bool prints_options(const char *output)
{
    g_autofree char *kind = g_strndup(output, strcspn(output, ":"));
    return strcmp(kind, "csv") != 0 && strcmp(kind, "file") != 0;
}

static int check_outputs(const collect_options_t *options)
{
    bool printed = options->to == NULL; /* as text */
    for (char **to = options->to; to != NULL && *to != NULL; to++) {
        printed |= prints_options(*to);
    }
    return printed || !options->options
               ? APP_EXIT_OK
               : app_fail(APP_EXIT_USAGE,
                          "--options: only text and json print options records; add --to json, or "
                          "omit --options");
}

static int check_and_run(const collect_options_t *options, const char *operand)
{
    synfix_error_t error;
    ipfix_model_t *model = NULL;
    static const value_rule_t rule = {
        .name = "pen", .type = VALUE_INTEGER, .minimum = 1, .maximum = UINT32_MAX};
    int64_t pen = IPFIX_PEN_DEFAULT;
    if (operand != NULL) {
        return app_fail(APP_EXIT_USAGE, "%s: unexpected word; write --to %s or --listen URL", operand,
                        operand);
    }
    if (options->count < 0 || options->idle < 0) {
        return app_fail(APP_EXIT_USAGE, "%s: a negative number; write 0 or more",
                        options->count < 0 ? "--count" : "--idle");
    }
    int code = check_limits(options);
    code = code == APP_EXIT_OK ? check_outputs(options) : code;
    if (code != APP_EXIT_OK) {
        return code;
    }
    if (options->pen != NULL && value_parse(&rule, options->pen, &pen, &error) < 0) {
        return app_fail(APP_EXIT_USAGE, "--%s", error.text);
    }
    if (ipfix_model_load(options->templates, (uint32_t)pen, &model, &error) < 0) {
        return app_fail(APP_EXIT_USAGE, "%s", error.text);
    }
    code = run(options, model);
    ipfix_model_free(model);
    return code;
}

static int run_collect(int argc, char **argv)
{
    collect_options_t options = {0};
    int code = APP_EXIT_OK;
    if (cli_parse(&command_collect, &options, &argc, &argv, &code)) {
        code = check_and_run(&options, argv[1]);
    }
    g_strfreev(options.listen);
    g_strfreev(options.to);
    g_free(options.pen);
    g_free(options.templates);
    g_free(options.metrics_listen);
    g_free(options.metrics_file);
    return code;
}

const cli_command_t command_collect = {
    .name = "collect",
    .summary = "receive IPFIX over the network, print or archive it",
    .description =
        "Receive IPFIX over UDP, TCP, TLS and DTLS, and print or archive the records. INT and TERM end the "
        "program, HUP reopens the files of --to (after logrotate), USR1 prints the counters.",
    .options = option_list,
    .examples = examples,
    .exit_status = "0 ended by a signal, --count or --idle; 2 wrong usage; 3 an output or a listening socket "
                   "failed; 4 no permission.",
    .run = run_collect,
};
