/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A model in memory keeps the hosts; changed hosts are written every few seconds in one transaction. A failed
 * transaction (a full disk, a reader that holds the database too long) is tried again with the next one: no
 * host is lost while the program runs, and the database keeps its last consistent state.
 */
#include "exporter/inventory/inventory_sink.h"

#include "base/clock.h"
#include "exporter/inventory/inventory.h"
#include "exporter/inventory/sighting_encoding.h"
#include <glib.h>
#include <stdatomic.h>
#include <string.h>

#define KEY_PREFIX "inventory:"

typedef struct inventory_sink {
    const synfix_module_context_t *context;
    inventory_t *inventory;
    inventory_log_t former; /* of the file that was removed or replaced last */
    host_model_t *model;
    sighting_settings_t settings;
    char *key;
    uint32_t hosts;
    int64_t age_ns;
    int64_t interval_ns;
    int64_t saved_ns; /* monotonic */
    bool failing;     /* logged once, until a transaction succeeds */
    _Atomic uint64_t produced;
    _Atomic uint64_t pending; /* produced records that are not in the database yet */
    _Atomic uint64_t lost;
    _Atomic uint64_t errors;
} inventory_sink_t;

static void inventory_sink_close(void *instance)
{
    inventory_sink_t *sink = instance;
    inventory_close(sink->inventory);
    host_model_free(sink->model);
    g_free(sink->key);
    g_free(sink);
}

static synfix_status_t open_parts(inventory_sink_t *sink, const char *path, synfix_error_t *error)
{
    const host_model_config_t config = {
        .hosts = sink->hosts, .lifetime_ns = sink->age_ns, .evidence = true, .note_updates = true};
    sink->model = host_model_new(&config);
    if (sink->model == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", path);
    }
    const synfix_status_t status = inventory_open(path, INVENTORY_WRITE, &sink->inventory, error);
    return status == SYNFIX_OK ? inventory_load(sink->inventory, sink->model, sink->hosts, error) : status;
}

static synfix_status_t check_target(const synfix_options_t *options, synfix_error_t *error)
{
    const char *path = synfix_options_target(options);
    return path[0] != '\0' && !g_str_equal(path, "-")
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID,
                             "inventory: no file named; write inventory:/var/lib/synfix/hosts.db");
}

static void inventory_check(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    synfix_error_t error;
    synfix_options_check(options, mistakes);
    (void)synfix_mistakes_add(mistakes, NULL, check_target(options, &error), &error);
}

static synfix_status_t inventory_sink_open(const synfix_module_context_t *context,
                                           const synfix_options_t *options, void **instance,
                                           synfix_error_t *error)
{
    const char *path = synfix_options_target(options);
    if (check_target(options, error) != SYNFIX_OK) {
        return SYNFIX_INVALID;
    }
    inventory_sink_t *sink = g_new0(inventory_sink_t, 1);
    sink->context = context;
    sink->hosts = (uint32_t)synfix_options_integer(options, "hosts");
    sink->age_ns = synfix_options_duration_ms(options, "age") * NS_PER_MS;
    sink->interval_ns = synfix_options_duration_ms(options, "interval") * NS_PER_MS;
    const synfix_status_t status = open_parts(sink, path, error);
    if (status != SYNFIX_OK) {
        inventory_sink_close(sink);
        return status;
    }
    sink->settings.labels = host_model_labels(sink->model);
    sink->key = g_strconcat(KEY_PREFIX, path, NULL);
    sink->saved_ns = monotonic_ns();
    *instance = sink;
    return SYNFIX_OK;
}

static const synfix_encoding_t *inventory_sink_encoding(void *instance, const void **settings,
                                                        const char **key)
{
    inventory_sink_t *sink = instance;
    *settings = &sink->settings;
    *key = sink->key;
    return &sighting_encoding;
}

static int64_t oldest_wanted(const inventory_sink_t *sink)
{
    host_model_stats_t stats;
    host_model_stats(sink->model, &stats);
    return sink->age_ns > 0 && stats.last_ns > sink->age_ns ? stats.last_ns - sink->age_ns : 0;
}

/* Opens the present file of that name, or a new one, and marks all hosts for the next transaction. */
static synfix_status_t open_again(inventory_sink_t *sink, synfix_error_t *error)
{
    if (sink->inventory != NULL) {
        g_autofree char *text = g_strdup_printf(
            "%s: another process removed or replaced the file; the next transaction writes all hosts",
            sink->key);
        sink->context->log(sink->context->user, 0, text);
        atomic_fetch_add_explicit(&sink->errors, 1, memory_order_relaxed);
        sink->former = inventory_log(sink->inventory);
        inventory_close(sink->inventory);
        sink->inventory = NULL;
    }
    const synfix_status_t status =
        inventory_open_again(sink->key + strlen(KEY_PREFIX), &sink->former, &sink->inventory, error);
    if (status == SYNFIX_OK) {
        host_model_lock(sink->model);
        host_model_update_all(sink->model);
        host_model_unlock(sink->model);
    }
    return status;
}

static synfix_status_t save_hosts(inventory_sink_t *sink, synfix_error_t *error)
{
    const inventory_bounds_t bounds = {.hosts = sink->hosts, .oldest_ns = oldest_wanted(sink)};
    if (sink->inventory == NULL || inventory_is_missing(sink->inventory)) {
        const synfix_status_t opened = open_again(sink, error);
        if (opened != SYNFIX_OK) {
            return opened;
        }
    }
    host_model_lock(sink->model);
    const synfix_status_t status = inventory_save(sink->inventory, sink->model, &bounds, error);
    if (status == SYNFIX_OK) {
        host_model_expire(sink->model);
    }
    host_model_unlock(sink->model);
    return status;
}

static synfix_status_t save(inventory_sink_t *sink, synfix_error_t *error)
{
    const synfix_status_t status = save_hosts(sink, error);
    sink->saved_ns = monotonic_ns();
    if (status == SYNFIX_OK) {
        atomic_store_explicit(&sink->pending, 0, memory_order_relaxed);
    } else {
        atomic_fetch_add_explicit(&sink->errors, 1, memory_order_relaxed);
    }
    return status;
}

/* A failure is logged once; unwritten hosts wait for the next transaction. */
static void save_or_wait(inventory_sink_t *sink)
{
    synfix_error_t reason;
    const bool failed = save(sink, &reason) != SYNFIX_OK;
    if (failed && !sink->failing) {
        sink->context->log(sink->context->user, 0, reason.text);
    }
    if (!failed && sink->failing) {
        g_autofree char *text = g_strdup_printf("%s: writing again", sink->key);
        sink->context->log(sink->context->user, 2, text);
    }
    sink->failing = failed;
}

static void save_when_due(inventory_sink_t *sink)
{
    if (monotonic_ns() - sink->saved_ns >= sink->interval_ns) {
        save_or_wait(sink);
    }
}

static synfix_status_t inventory_sink_write(void *instance, const synfix_block_t *block,
                                            synfix_error_t *error)
{
    (void)error;
    inventory_sink_t *sink = instance;
    sighting_block_add(block, sink->model);
    atomic_fetch_add_explicit(&sink->pending, block->records, memory_order_relaxed);
    atomic_fetch_add_explicit(&sink->produced, block->records, memory_order_relaxed);
    save_when_due(sink);
    return SYNFIX_OK;
}

static synfix_status_t inventory_sink_tick(void *instance, int64_t now_ns, synfix_error_t *error)
{
    (void)now_ns, (void)error;
    inventory_sink_t *sink = instance;
    if (atomic_load_explicit(&sink->pending, memory_order_relaxed) != 0) {
        save_when_due(sink);
    }
    return SYNFIX_OK;
}

static synfix_status_t inventory_sink_finish(void *instance, synfix_error_t *error)
{
    inventory_sink_t *sink = instance;
    const synfix_status_t status = save(sink, error);
    if (status != SYNFIX_OK) {
        atomic_store_explicit(&sink->lost, atomic_exchange(&sink->pending, 0), memory_order_relaxed);
    }
    return status;
}

static void inventory_sink_stats(void *instance, synfix_sink_stats_t *stats)
{
    inventory_sink_t *sink = instance;
    *stats = (synfix_sink_stats_t){
        .pending = atomic_load_explicit(&sink->pending, memory_order_relaxed),
        .lost = atomic_load_explicit(&sink->lost, memory_order_relaxed),
        .produced = atomic_load_explicit(&sink->produced, memory_order_relaxed),
        .errors = atomic_load_explicit(&sink->errors, memory_order_relaxed),
    };
    const uint64_t missing = stats->pending + stats->lost;
    stats->delivered = stats->produced > missing ? stats->produced - missing : 0;
}

static const synfix_option_t inventory_options[] = {
    {.name = "hosts",
     .type = SYNFIX_OPTION_INTEGER,
     .fallback = "262144",
     .minimum = HOST_MODEL_HOSTS_MIN,
     .maximum = HOST_MODEL_HOSTS_MAX,
     .help = "maximum number of hosts; the oldest are removed first"},
    {.name = "age",
     .type = SYNFIX_OPTION_DURATION,
     .fallback = "30d",
     .minimum = 0,
     .maximum = INT64_MAX / NS_PER_MS,
     .help = "hosts and changes older than this are removed; 0: never"},
    {.name = "interval",
     .type = SYNFIX_OPTION_DURATION,
     .fallback = "5",
     .minimum = 100,
     .maximum = 3600000,
     .help = "time between two transactions"},
    {.name = NULL},
};

static const synfix_sink_t inventory_functions = {
    .open = inventory_sink_open,
    .encoding = inventory_sink_encoding,
    .write = inventory_sink_write,
    .tick = inventory_sink_tick,
    .finish = inventory_sink_finish,
    .close = inventory_sink_close,
    .stats = inventory_sink_stats,
    .output_file = synfix_options_target,
};

const synfix_module_t inventory_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "inventory",
    .summary = "one row for each host and role in an SQLite database",
    .options = inventory_options,
    .check = inventory_check,
    .sink = &inventory_functions,
};
