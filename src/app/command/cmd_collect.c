/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* `synfix collect`: a small receiver for whoever has no collector yet. */
#include "app/common/exit_codes.h"
#include "exporter/collector/collecting_process.h"
#include <glib-unix.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

static void to_stderr(void *user, const char *text)
{
    (void)user;
    fprintf(stderr, "synfix collect: %s\n", text);
}

static gboolean on_signal(gpointer collect)
{
    collect_stop(collect);
    return G_SOURCE_CONTINUE;
}

typedef struct collect_options {
    char **listen;
    char **to;
    char *pen;
    char *templates;
    gint64 count;
    double idle;
    gboolean options;
} collect_options_t;

static synfix_status_t set_up(collect_t *collect, const collect_options_t *options, synfix_error_t *error)
{
    static const char *const default_listen[] = {"udp://127.0.0.1:4739", "tcp://127.0.0.1:4739", NULL};
    static const char *const default_to[] = {"text", NULL};
    const char *const *const listen = options->listen ? (const char *const *)options->listen : default_listen;
    const char *const *const to = options->to ? (const char *const *)options->to : default_to;
    synfix_status_t status = SYNFIX_OK;
    for (size_t i = 0; to[i] && status >= 0; i++) {
        status = collect_output(collect, to[i], error);
    }
    for (size_t i = 0; listen[i] && status >= 0; i++) {
        status = collect_listen(collect, listen[i], error);
    }
    return status;
}

static int run(const collect_options_t *options, const ipfix_model_t *model)
{
    const collect_config_t config = {.names = {.find = ipfix_decoder_find_in_model, .user = model},
                                     .count = (uint64_t)options->count,
                                     .idle_us = (int64_t)(options->idle * 1e6),
                                     .options = options->options,
                                     .log = to_stderr};
    collect_t *const collect = collect_new(&config);
    synfix_error_t error;
    synfix_status_t status = set_up(collect, options, &error);
    int code = status < 0 ? APP_EXIT_USAGE : APP_EXIT_OK;
    if (status >= 0) {
        const guint interrupt = g_unix_signal_add(SIGINT, on_signal, collect);
        const guint terminate = g_unix_signal_add(SIGTERM, on_signal, collect);
        status = collect_run(collect, &error);
        code = status < 0 ? APP_EXIT_SINK : APP_EXIT_OK;
        g_source_remove(interrupt);
        g_source_remove(terminate);
        collect_stats_t stats;
        collect_get_stats(collect, &stats);
        fprintf(stderr,
                "synfix collect: %" PRIu64 " records in %" PRIu64 " messages of %" PRIu64
                " sessions, %" PRIu64 " messages refused\n",
                stats.records, stats.messages, stats.sessions, stats.refused);
    }
    if (status < 0) {
        to_stderr(NULL, error.text);
    }
    collect_free(collect);
    return code;
}

static const char COLLECT_HELP[] =
    "Examples:\n"
    "  synfix collect --to json\n"
    "      print what arrives on 127.0.0.1, port 4739, UDP and TCP\n"
    "  synfix collect --listen tcp://0.0.0.0:4739 --to file:archive.ipfix --to text\n"
    "      keep messages (one file for each exporter's session) and print records\n"
    "  synfix collect --listen 'tls://0.0.0.0:4740?ca=ca.pem&cert=collector.pem&key=collector.key'\n"
    "      exporters show certificates that ca.pem has signed (anonymous=yes: they need not); dtls:// "
    "likewise\n"
    "  synfix collect --listen udp://[::1]:9999 --to csv --count 100 --idle 10\n\n"
    "Outputs: text, json, csv (with :PATH they append to a file), - (text), file:PATH (IPFIX).\n"
    "Exit: 0 ended as asked, 2 wrong usage or no such place to listen, 3 an output failed.";

int cmd_collect(int argc, char **argv)
{
    collect_options_t options = {0};
    const GOptionEntry entries[] = {
        {"listen", 'l', 0, G_OPTION_ARG_STRING_ARRAY, &options.listen,
         "udp://, tcp://, tls:// or dtls://HOST:PORT[?ca=&cert=&key=]; may be repeated", "WHERE"},
        {"to", 't', 0, G_OPTION_ARG_STRING_ARRAY, &options.to, "Output; may be repeated (default text)",
         "OUTPUT"},
        {"count", 'n', 0, G_OPTION_ARG_INT64, &options.count, "End after so many data records", "N"},
        {"idle", 'i', 0, G_OPTION_ARG_DOUBLE, &options.idle, "End after so long without a message",
         "SECONDS"},
        {"options", 'o', 0, G_OPTION_ARG_NONE, &options.options, "Print options records too", NULL},
        {"pen", 0, 0, G_OPTION_ARG_STRING, &options.pen, "Enterprise number of our elements (32473)",
         "NUMBER"},
        {"templates", 0, 0, G_OPTION_ARG_FILENAME, &options.templates, "Directory of the information model",
         "DIRECTORY"},
        {0},
    };
    GOptionContext *const context =
        g_option_context_new("- receive IPFIX over UDP, TCP, TLS and DTLS, print or archive it");
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_description(context, COLLECT_HELP);
    int code = APP_EXIT_OK;
    guint64 pen = IPFIX_PEN_DEFAULT;
    if (app_parse(context, &argc, &argv, &code)) {
        synfix_error_t error;
        ipfix_model_t *model = NULL;
        if (argc > 1) {
            code = app_fail(APP_EXIT_USAGE, "collect: '%s': outputs are given by --to", argv[1]);
        } else if (options.count < 0 || options.idle < 0) {
            code = app_fail(APP_EXIT_USAGE, "collect: --count and --idle are not negative");
        } else if (options.pen && !g_ascii_string_to_unsigned(options.pen, 10, 1, UINT32_MAX, &pen, NULL)) {
            code = app_fail(APP_EXIT_USAGE, "collect: --pen: not an enterprise number");
        } else if (ipfix_model_load(options.templates, (uint32_t)pen, &model, &error) < 0) {
            code = app_fail(APP_EXIT_USAGE, "%s", error.text);
        } else {
            code = run(&options, model);
        }
        ipfix_model_free(model);
    }
    g_strfreev(options.listen);
    g_strfreev(options.to);
    g_free(options.pen);
    g_free(options.templates);
    return code;
}
