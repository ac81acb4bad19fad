/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/inventory/model_sink.h"

#include "exporter/inventory/sighting_encoding.h"
#include <glib.h>
#include <stdatomic.h>

typedef struct model_sink {
    host_model_t *model;
    sighting_settings_t settings;
    _Atomic uint64_t records;
} model_sink_t;

static synfix_status_t model_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                  void **instance, synfix_error_t *error)
{
    (void)options;
    const model_sink_argument_t *argument = context->argument;
    if (argument == NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "hosts: only commands that print hosts use this sink");
    }
    model_sink_t *sink = g_new0(model_sink_t, 1);
    sink->model = argument->model;
    sink->settings =
        (sighting_settings_t){.labels = host_model_labels(sink->model), .filter = argument->filter};
    *instance = sink;
    return SYNFIX_OK;
}

static const synfix_encoding_t *model_encoding(void *instance, const void **settings, const char **key)
{
    *settings = &((model_sink_t *)instance)->settings;
    *key = "hosts";
    return &sighting_encoding;
}

static synfix_status_t model_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    (void)error;
    model_sink_t *sink = instance;
    sighting_block_add(block, sink->model);
    atomic_fetch_add_explicit(&sink->records, block->records, memory_order_relaxed);
    return SYNFIX_OK;
}

static void model_stats(void *instance, synfix_sink_stats_t *stats)
{
    const uint64_t records = atomic_load_explicit(&((model_sink_t *)instance)->records, memory_order_relaxed);
    *stats = (synfix_sink_stats_t){.produced = records, .delivered = records};
}

static const synfix_sink_t model_functions = {.open = model_open,
                                              .encoding = model_encoding,
                                              .write = model_write,
                                              .close = g_free,
                                              .stats = model_stats};

const synfix_module_t model_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "hosts",
    .summary = "hosts in memory",
    .sink = &model_functions,
};
