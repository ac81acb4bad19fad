/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_file/file_sink.h"
#include "base/clock.h"
#include "exporter/ipfix_file/file_sink_internal.h"
#include <glib.h>
#include <string.h>

static void file_close(void *instance)
{
    file_sink_t *sink = instance;
    ipfix_session_free(sink->session);
    ipfix_file_free(sink->archive);
    ipfix_settings_clear(&sink->settings);
    g_free(sink->target);
    g_free(sink);
}

static void release(void *user, const void *lender)
{
    const file_sink_t *sink = user;
    sink->context->release_block(sink->context->user, lender);
}

_Static_assert(ARCHIVE_KEPT_MAX < SYNFIX_KEPT_BLOCKS_MAX, "a sink keeps no more blocks than it may");

static synfix_status_t make_file(file_sink_t *sink, const synfix_options_t *options, synfix_error_t *error)
{
    const bool zstd = strcmp(synfix_options_string(options, "compress"), "zstd") == 0;
    const ipfix_file_config_t config = {.target = sink->target,
                                        .rotates = file_sink_rotates(sink),
                                        .compress = zstd,
                                        .compress_level = (int)synfix_options_integer(options, "level"),
                                        .sync = synfix_options_boolean(options, "sync"),
                                        .wait = !sink->context->live,
                                        .release = sink->context->keep_block != NULL ? release : NULL,
                                        .release_user = sink};
    return ipfix_file_new(&config, &sink->archive, error);
}

static synfix_status_t make_session(file_sink_t *sink, const synfix_options_t *options, synfix_error_t *error)
{
    const ipfix_session_config_t config = {.settings = &sink->settings,
                                           .context = sink->context,
                                           .options_interval_ms =
                                               synfix_options_duration_ms(options, "options-interval"),
                                           .stats = file_sink_stats,
                                           .stats_user = sink};
    return ipfix_session_new(&config, &sink->session, error);
}

static synfix_status_t make_parts(file_sink_t *sink, const synfix_options_t *options, synfix_error_t *error)
{
    synfix_status_t status = make_file(sink, options, error);
    if (status == SYNFIX_OK) {
        status = make_session(sink, options, error);
    }
    sink->recover = synfix_options_boolean(options, "recover") && sink->context->log != NULL;
    if (status == SYNFIX_OK && sink->recover) {
        ipfix_file_recover_all(sink->target, !file_sink_rotates(sink), sink->context->log,
                               sink->context->user);
    }
    return status;
}

static synfix_status_t file_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                 void **instance, synfix_error_t *error)
{
    file_sink_t *sink = g_new0(file_sink_t, 1);
    sink->context = context;
    sink->recovered_ns = -NS_PER_S; /* never */
    sink->rotate_size = (uint64_t)synfix_options_integer(options, "rotate-size");
    sink->rotate_time_ms = synfix_options_duration_ms(options, "rotate-time");
    sink->keep_size = (uint64_t)synfix_options_integer(options, "keep-size");
    sink->repeat_size = (uint64_t)synfix_options_integer(options, "repeat-size");
    sink->target = g_strdup(synfix_options_target(options));
    synfix_status_t status = ipfix_settings_init(&sink->settings, context, options, error);
    if (status == SYNFIX_OK) {
        status = make_parts(sink, options, error);
    }
    if (status == SYNFIX_OK) {
        status =
            ipfix_file_begin(sink->archive, wall_ns(), error); /* so that an invalid name fails at once */
    }
    if (status != SYNFIX_OK) {
        file_close(sink);
        return status;
    }
    *instance = sink;
    return SYNFIX_OK;
}

static const synfix_encoding_t *file_encoding(void *instance, const void **settings, const char **key)
{
    file_sink_t *sink = instance;
    *settings = &sink->settings;
    *key = sink->settings.key;
    return &ipfix_encoding;
}

static synfix_status_t file_start(void *instance, synfix_error_t *error)
{
    file_sink_t *sink = instance;
    synfix_error_t reason;
    sink->opened_ns = wall_ns();
    synfix_status_t status =
        ipfix_session_begin(sink->session, sink->opened_ns, file_sink_emit, sink, &reason);
    if (status == SYNFIX_OK) {
        status = ipfix_file_flush(sink->archive, &reason);
    }
    if (status < 0) {
        (void)synfix_fail(error, status, "%s", reason.text);
        if (sink->context->live) {
            ipfix_file_abandon(sink->archive); /* opened again when space is available */
        }
    }
    return file_sink_conclude(sink, status, &reason);
}

static synfix_status_t file_tick(void *instance, int64_t now_ns, synfix_error_t *error)
{
    file_sink_t *sink = instance;
    synfix_error_t reason;
    synfix_status_t status = ipfix_file_is_missing(sink->archive) ? file_sink_end(sink, now_ns, &reason)
                                                                  : file_sink_ensure(sink, now_ns, &reason);
    if (status == SYNFIX_OK) {
        status = ipfix_session_tick(sink->session, now_ns, file_sink_emit, sink, &reason);
    }
    if (status == SYNFIX_OK) {
        status = ipfix_file_flush(sink->archive, &reason);
    }
    if (status < 0) {
        (void)synfix_fail(error, status, "%s", reason.text);
    }
    status = file_sink_conclude(sink, status, &reason);
    file_sink_complete(sink, now_ns);
    return status;
}

static synfix_status_t file_finish(void *instance, synfix_error_t *error)
{
    file_sink_t *sink = instance;
    const synfix_status_t status =
        ipfix_file_is_open(sink->archive) ? file_sink_end(sink, wall_ns(), error) : SYNFIX_OK;
    file_sink_count(&sink->errors, status < 0);
    file_sink_settle(sink);
    file_sink_complete(sink, FILE_SINK_AT_END);
    return status;
}

static synfix_status_t file_reload(void *instance, synfix_error_t *error)
{
    file_sink_t *sink = instance;
    const int64_t now_ns = wall_ns();
    if (!file_sink_rotates(sink)) {
        return SYNFIX_OK; /* a new file would replace the finished one */
    }
    synfix_status_t status =
        ipfix_file_is_open(sink->archive) ? file_sink_end(sink, now_ns, error) : SYNFIX_OK;
    if (status == SYNFIX_OK) {
        status = file_sink_begin(sink, now_ns, error);
    }
    file_sink_settle(sink);
    return status;
}

static const synfix_sink_t file_functions = {
    .open = file_open,
    .encoding = file_encoding,
    .start = file_start,
    .write = file_sink_write,
    .tick = file_tick,
    .finish = file_finish,
    .close = file_close,
    .stats = file_sink_stats,
    .reload = file_reload,
    .output_file = synfix_options_target,
};

const synfix_module_t file_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "file",
    .summary = "IPFIX files (RFC 5655)",
    .options = file_sink_options,
    .sink = &file_functions,
    .check = file_sink_check,
};
