/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_file/file_sink.h"
#include "base/clock.h"
#include "exporter/ipfix/transport_session.h"
#include "exporter/ipfix_file/archive_limit.h"
#include "exporter/ipfix_file/ipfix_file.h"
#include "exporter/ipfix_file/ipfix_file_name.h"
#include "exporter/ipfix_file/name_pattern.h"
#include <glib.h>
#include <stdatomic.h>
#include <string.h>

/* Full messages arrive in series, and one write for many messages halves the cost. Other messages are written
 * at once. */
#define WAIT_MAX_NS (200 * NS_PER_MS)
#define FULL_LEFT   1024u /* space that another record may not fit into */

typedef struct file_sink {
    const synfix_module_context_t *context;
    ipfix_settings_t settings;
    ipfix_session_t *session;
    ipfix_file_t *archive;
    uint64_t rotate_size;
    int64_t rotate_time_ms;
    char *target;
    uint64_t keep_size;   /* 0: no limit */
    uint64_t repeat_size; /* 0: never */
    uint64_t repeated_at; /* size of the file when its templates were written */
    int64_t opened_ns;
    bool failing;             /* logged once until writes succeed again */
    bool over;                /* failed: the sink writes nothing more */
    int64_t waiting_since_ns; /* wall clock */
    uint64_t refused;         /* records that the file did not accept */
    _Atomic uint64_t produced;
    _Atomic uint64_t delivered;
    _Atomic uint64_t pending;
    _Atomic uint64_t lost;
    _Atomic uint64_t bytes;
    _Atomic uint64_t errors;
} file_sink_t;

static const synfix_option_t options_list[] = {
    IPFIX_SINK_OPTIONS("65535"),
    {.name = "rotate-size",
     .type = SYNFIX_OPTION_INTEGER,
     .fallback = "0",
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "begin a new file at this size; 0: never"},
    {.name = "rotate-time",
     .type = SYNFIX_OPTION_DURATION,
     .fallback = "0",
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "begin a new file at each multiple of this time (UTC); 0: never"},
    {.name = "keep-size",
     .type = SYNFIX_OPTION_INTEGER,
     .fallback = "0",
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "remove the oldest finished files beyond this total size; 0: keep all"},
    {.name = "repeat-size",
     .type = SYNFIX_OPTION_INTEGER,
     .fallback = "16M",
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "repeat templates, type records and labels after so many bytes, against damage; 0: never"},
    {.name = "sync",
     .type = SYNFIX_OPTION_BOOLEAN,
     .fallback = "yes",
     .help = "sync a finished file to the disk before it is renamed"},
    {.name = "compress",
     .type = SYNFIX_OPTION_STRING,
     .fallback = "none",
     .choices = "none zstd",
     .help = "none or zstd"},
    {.name = "level",
     .type = SYNFIX_OPTION_INTEGER,
     .fallback = "3",
     .minimum = 1,
     .maximum = 19,
     .help = "compression level"},
    {.name = "recover",
     .type = SYNFIX_OPTION_BOOLEAN,
     .fallback = "yes",
     .help = "rescue unfinished files of this target at the start"},
    {.name = NULL},
};

static void count(_Atomic uint64_t *counter, uint64_t by)
{
    atomic_fetch_add_explicit(counter, by, memory_order_relaxed);
}

static void file_stats(void *instance, synfix_sink_stats_t *stats)
{
    file_sink_t *sink = instance;
    *stats = (synfix_sink_stats_t){
        .delivered = atomic_load_explicit(&sink->delivered, memory_order_relaxed),
        .lost = atomic_load_explicit(&sink->lost, memory_order_relaxed),
        .pending = atomic_load_explicit(&sink->pending, memory_order_relaxed),
        .produced = atomic_load_explicit(&sink->produced, memory_order_relaxed),
        .bytes = atomic_load_explicit(&sink->bytes, memory_order_relaxed),
        .errors = atomic_load_explicit(&sink->errors, memory_order_relaxed),
    };
}

static void file_close(void *instance)
{
    file_sink_t *sink = instance;
    ipfix_session_free(sink->session);
    ipfix_file_free(sink->archive);
    ipfix_settings_clear(&sink->settings);
    g_free(sink->target);
    g_free(sink);
}

/* Copies the counters of the file into the statistics after every call. */
static void settle(file_sink_t *sink)
{
    const ipfix_file_totals_t *totals = ipfix_file_totals(sink->archive);
    const uint64_t pending = sink->over ? 0 : totals->waiting;
    const uint64_t lost = totals->lost + totals->waiting - pending;
    atomic_store_explicit(&sink->delivered, totals->written, memory_order_relaxed);
    atomic_store_explicit(&sink->pending, pending, memory_order_relaxed);
    atomic_store_explicit(&sink->lost, lost + sink->refused, memory_order_relaxed);
    atomic_store_explicit(&sink->bytes, totals->bytes, memory_order_relaxed);
}

static synfix_status_t append(file_sink_t *sink, const ipfix_file_message_t *message, synfix_error_t *error)
{
    synfix_status_t status = ipfix_file_append(sink->archive, message, error);
    if (status == SYNFIX_AGAIN) {
        status = ipfix_file_flush(sink->archive, error);
        if (status == SYNFIX_OK) {
            status = ipfix_file_append(sink->archive, message, error);
        }
    }
    return status;
}

static synfix_status_t emit(void *user, const uint8_t *message, size_t length, uint32_t records,
                            synfix_error_t *error)
{
    (void)records; /* delivered records count observations */
    const ipfix_file_message_t whole = {message, message + IPFIX_HEADER_SIZE, length - IPFIX_HEADER_SIZE, 0,
                                        NULL};
    return append(user, &whole, error);
}

static synfix_status_t begin_file(file_sink_t *sink, int64_t now_ns, synfix_error_t *error)
{
    synfix_status_t status = ipfix_file_begin(sink->archive, now_ns, error);
    sink->opened_ns = now_ns;
    if (status == SYNFIX_OK) {
        status = ipfix_session_begin(sink->session, now_ns, emit, sink, error);
    }
    return status == SYNFIX_OK ? ipfix_file_flush(sink->archive, error) : status;
}

static void bound_archive(const file_sink_t *sink)
{
    const archive_limit_t limit = {.target = sink->target,
                                   .bytes_max = sink->keep_size,
                                   .log = sink->context->log,
                                   .user = sink->context->user};
    (void)archive_limit_apply(&limit);
}

static synfix_status_t end_file(file_sink_t *sink, int64_t now_ns, synfix_error_t *error)
{
    const synfix_status_t status = ipfix_session_end(sink->session, now_ns, emit, sink, error);
    const synfix_status_t closed = ipfix_file_end(sink->archive, status == SYNFIX_OK ? error : NULL);
    bound_archive(sink);
    return status != SYNFIX_OK ? status : closed;
}

static void release(void *user, const void *lender)
{
    const file_sink_t *sink = user;
    sink->context->release_block(sink->context->user, lender);
}

_Static_assert(ARCHIVE_KEPT_MAX < SYNFIX_KEPT_BLOCKS_MAX, "a sink keeps no more blocks than it may");

static synfix_status_t make_parts(file_sink_t *sink, const synfix_options_t *options, synfix_error_t *error)
{
    const bool zstd = strcmp(synfix_options_string(options, "compress"), "zstd") == 0;
    const ipfix_file_config_t archive = {.target = synfix_options_target(options),
                                         .rotates = sink->rotate_size > 0 || sink->rotate_time_ms > 0,
                                         .compress = zstd,
                                         .compress_level = (int)synfix_options_integer(options, "level"),
                                         .sync = synfix_options_boolean(options, "sync"),
                                         .wait = !sink->context->live,
                                         .release = sink->context->keep_block != NULL ? release : NULL,
                                         .release_user = sink};
    const ipfix_session_config_t session = {.settings = &sink->settings,
                                            .context = sink->context,
                                            .options_interval_ms =
                                                synfix_options_duration_ms(options, "options-interval"),
                                            .stats = file_stats,
                                            .stats_user = sink};
    synfix_status_t status = ipfix_file_new(&archive, &sink->archive, error);
    if (status == SYNFIX_OK) {
        status = ipfix_session_new(&session, &sink->session, error);
    }
    if (status == SYNFIX_OK && synfix_options_boolean(options, "recover") && sink->context->log != NULL) {
        ipfix_file_recover_all(archive.target, !archive.rotates, sink->context->log, sink->context->user);
    }
    return status;
}

static synfix_status_t file_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                 void **instance, synfix_error_t *error)
{
    file_sink_t *sink = g_new0(file_sink_t, 1);
    sink->context = context;
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

/* A live capture continues without the records; reading a file fails. */
static synfix_status_t tell(file_sink_t *sink, synfix_status_t status, synfix_error_t *error)
{
    sink->over = status == SYNFIX_END || (status != SYNFIX_OK && !sink->context->live);
    settle(sink);
    if (status == SYNFIX_OK) {
        if (sink->failing && ipfix_file_totals(sink->archive)->waiting == 0) {
            sink->failing = false;
            sink->context->log(sink->context->user, 2, "file: writing again");
        }
        return SYNFIX_OK;
    }
    count(&sink->errors, status < 0);
    if (!sink->context->live || status == SYNFIX_END) {
        return status;
    }
    if (!sink->failing) {
        sink->failing = true;
        sink->context->log(sink->context->user, 0, error->text);
    }
    return SYNFIX_OK;
}

static synfix_status_t file_start(void *instance, synfix_error_t *error)
{
    file_sink_t *sink = instance;
    synfix_error_t reason;
    sink->opened_ns = wall_ns();
    synfix_status_t status = ipfix_session_begin(sink->session, sink->opened_ns, emit, sink, &reason);
    if (status == SYNFIX_OK) {
        status = ipfix_file_flush(sink->archive, &reason);
    }
    if (status < 0) {
        (void)synfix_fail(error, status, "%s", reason.text);
        if (sink->context->live) {
            ipfix_file_abandon(sink->archive); /* opened again when space is available */
        }
    }
    return tell(sink, status, &reason);
}

static bool rotation_is_due(const file_sink_t *sink, int64_t now_ns)
{
    const int64_t period_ns = sink->rotate_time_ms * NS_PER_MS;
    return (sink->rotate_size > 0 && ipfix_file_size(sink->archive) >= sink->rotate_size) ||
           (period_ns > 0 && now_ns / period_ns != sink->opened_ns / period_ns);
}

/* Ensures an open file that contains its templates. */
static synfix_status_t ensure_file(file_sink_t *sink, int64_t now_ns, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    if (ipfix_file_is_open(sink->archive) && rotation_is_due(sink, now_ns)) {
        status = ipfix_file_flush(sink->archive, error); /* without space the current file stays in use */
        if (status == SYNFIX_OK) {
            status = end_file(sink, now_ns, error);
        }
    }
    if (status == SYNFIX_OK && !ipfix_file_is_open(sink->archive)) {
        status = begin_file(sink, now_ns, error);
        if (status != SYNFIX_OK) {
            ipfix_file_abandon(sink->archive);
        }
    }
    return status;
}

/* A reader uses the later copy for records whose own was damaged. */
static synfix_status_t repeat_templates(file_sink_t *sink, int64_t now_ns, synfix_error_t *error)
{
    const uint64_t size = ipfix_file_size(sink->archive);
    sink->repeated_at = MIN(sink->repeated_at, size); /* another file has begun */
    if (sink->repeat_size == 0 || size - sink->repeated_at < sink->repeat_size) {
        return SYNFIX_OK;
    }
    sink->repeated_at = size;
    return ipfix_session_refresh(sink->session, now_ns, emit, sink, error);
}

static synfix_status_t take(file_sink_t *sink, const synfix_block_t *block, uint32_t records, int64_t now_ns,
                            synfix_error_t *error)
{
    uint8_t header[IPFIX_HEADER_SIZE];
    synfix_status_t status = ensure_file(sink, now_ns, error);
    if (status == SYNFIX_OK) {
        status = repeat_templates(sink, now_ns, error);
    }
    if (status != SYNFIX_OK || block->length <= IPFIX_HEADER_SIZE) {
        return status;
    }
    const uint32_t sequence = ipfix_session_sequence(sink->session);
    ipfix_session_stamp(sink->session, block->data, block->length, records, now_ns, header);
    const size_t body_length = block->length - IPFIX_HEADER_SIZE;
    const bool kept =
        ipfix_file_keeps(sink->archive, body_length) && sink->context->keep_block(sink->context->user, block);
    const ipfix_file_message_t message = {header, block->data + IPFIX_HEADER_SIZE, body_length, records,
                                          kept ? block : NULL};
    status = append(sink, &message, error);
    if (status != SYNFIX_OK && kept) {
        sink->context->release_block(sink->context->user, block);
    }
    if (status != SYNFIX_OK) { /* the message is not in the file */
        ipfix_session_unstamp(sink->session, sequence, block->length, records);
    }
    return status;
}

/* Returns whether similar messages will probably follow. */
static bool may_wait(file_sink_t *sink, const synfix_block_t *block, int64_t now_ns)
{
    if (ipfix_file_totals(sink->archive)->waiting == ipfix_block_records(block)) {
        sink->waiting_since_ns = now_ns;
    }
    return block->capacity - block->length < FULL_LEFT && now_ns >= sink->waiting_since_ns &&
           now_ns - sink->waiting_since_ns < WAIT_MAX_NS;
}

static synfix_status_t file_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    file_sink_t *sink = instance;
    const uint32_t records = ipfix_block_records(block);
    const int64_t now_ns = wall_ns();
    synfix_error_t reason;
    count(&sink->produced, records);
    synfix_status_t status = take(sink, block, records, now_ns, &reason);
    if (status != SYNFIX_OK) {
        sink->refused += records;
    } else if (!may_wait(sink, block, now_ns)) {
        status = ipfix_file_flush(sink->archive, &reason);
    }
    if (status < 0) {
        (void)synfix_fail(error, status, "%s", reason.text);
    }
    status = tell(sink, status, &reason);
    if (status != SYNFIX_OK) { /* the caller counts this block */
        (void)atomic_fetch_sub_explicit(&sink->produced, records, memory_order_relaxed);
        (void)atomic_fetch_sub_explicit(&sink->lost, records, memory_order_relaxed);
    }
    return status;
}

static synfix_status_t file_tick(void *instance, int64_t now_ns, synfix_error_t *error)
{
    file_sink_t *sink = instance;
    synfix_error_t reason;
    synfix_status_t status = ensure_file(sink, now_ns, &reason);
    if (status == SYNFIX_OK) {
        status = ipfix_session_tick(sink->session, now_ns, emit, sink, &reason);
    }
    if (status == SYNFIX_OK) {
        status = ipfix_file_flush(sink->archive, &reason);
    }
    if (status < 0) {
        (void)synfix_fail(error, status, "%s", reason.text);
    }
    return tell(sink, status, &reason);
}

static synfix_status_t file_finish(void *instance, synfix_error_t *error)
{
    file_sink_t *sink = instance;
    const synfix_status_t status =
        ipfix_file_is_open(sink->archive) ? end_file(sink, wall_ns(), error) : SYNFIX_OK;
    count(&sink->errors, status < 0);
    settle(sink);
    return status;
}

static synfix_status_t file_reload(void *instance, synfix_error_t *error)
{
    file_sink_t *sink = instance;
    const int64_t now_ns = wall_ns();
    if (sink->rotate_size == 0 && sink->rotate_time_ms == 0) {
        return SYNFIX_OK; /* a new file would replace the finished one */
    }
    synfix_status_t status = ipfix_file_is_open(sink->archive) ? end_file(sink, now_ns, error) : SYNFIX_OK;
    if (status == SYNFIX_OK) {
        status = begin_file(sink, now_ns, error);
    }
    settle(sink);
    return status;
}

/* A limit needs several files in one directory. */
static synfix_status_t check_limit(const synfix_options_t *options, synfix_error_t *error)
{
    const char *const target = synfix_options_target(options);
    g_autofree char *directory = g_path_get_dirname(target);
    if (synfix_options_integer(options, "keep-size") == 0) {
        return SYNFIX_OK;
    }
    if (synfix_options_integer(options, "rotate-size") == 0 &&
        synfix_options_duration_ms(options, "rotate-time") == 0) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "%s: keep-size without rotation; add rotate-time=1h or rotate-size=64M", target);
    }
    g_autofree char *base = g_path_get_basename(target);
    g_autoptr(name_pattern_t) pattern = name_pattern_new(base, "");
    if (!name_pattern_is_exact(pattern)) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "%s: keep-size cannot recognise the names of this date pattern; write the date as "
                           "%%Y%%m%%d-%%H%%M",
                           target);
    }
    if (strchr(directory, '%') != NULL) {
        return synfix_fail(
            error, SYNFIX_INVALID,
            "%s: keep-size with a date in the directory; write the date into the file name only", target);
    }
    return SYNFIX_OK;
}

/* `%` alone and `%p` in some languages make no text. */
static synfix_status_t check_name(const char *target, synfix_error_t *error)
{
    g_autofree char *name = ipfix_file_dated_name(target, wall_ns());
    if (target[0] == '\0') {
        return synfix_fail(error, SYNFIX_INVALID,
                           "file: a target is missing; write file:NAME.ipfix, or file:- for standard output");
    }
    if (name == NULL || name[0] == '\0') {
        return synfix_fail(error, SYNFIX_INVALID,
                           "%s: not a date pattern; write for example %%Y%%m%%d-%%H.ipfix", target);
    }
    return !g_str_has_suffix(name, "/")
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID, "%s: a directory; add the name of a file", target);
}

static void file_check(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    synfix_error_t error;
    synfix_options_check(options, mistakes);
    (void)synfix_mistakes_add(mistakes, NULL, check_name(synfix_options_target(options), &error), &error);
    if (!synfix_mistakes_concern(mistakes, "rotate-size") &&
        !synfix_mistakes_concern(mistakes, "rotate-time")) {
        (void)synfix_mistakes_add(mistakes, "keep-size", check_limit(options, &error), &error);
    }
    ipfix_settings_check(options, mistakes);
}

static const synfix_sink_t file_functions = {
    .open = file_open,
    .encoding = file_encoding,
    .start = file_start,
    .write = file_write,
    .tick = file_tick,
    .finish = file_finish,
    .close = file_close,
    .stats = file_stats,
    .reload = file_reload,
    .output_file = synfix_options_target,
};

const synfix_module_t file_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "file",
    .summary = "IPFIX files (RFC 5655)",
    .options = options_list,
    .sink = &file_functions,
    .check = file_check,
};
