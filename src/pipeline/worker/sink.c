/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Opens and closes sinks and enrichers, with the queues and states between them and the workers. */
#include "pipeline/worker/sink.h"
#include "base/error_cause.h"
#include "pipeline/worker/block_pool.h"
#include "pipeline/worker/pipeline_state.h"
#include "pipeline/worker/worker.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A name is stored once and lives as long as the pipeline: summaries show names of sinks that are closed. */
static const char *keep_name(pipeline_t *pipeline, const char *text)
{
    for (const name_t *name = pipeline->names; name != NULL; name = name->next) {
        if (strcmp(name->text, text) == 0) {
            return name->text;
        }
    }
    const size_t size = strlen(text) + 1;
    name_t *name = malloc(sizeof *name + size);
    if (name == NULL) {
        return NULL;
    }
    memcpy(name->text, text, size);
    name->next = pipeline->names;
    pipeline->names = name;
    return name->text;
}

static bool is_name_used(sink_t *const *siblings, const char *name)
{
    for (size_t i = 0; i < PIPELINE_SINKS_MAX; i++) {
        if (siblings[i] != NULL && strcmp(siblings[i]->name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Sinks with one target (and different profiles, say) get different names. */
static const char *name_of(pipeline_t *pipeline, sink_t *const *siblings, const module_spec_t *spec)
{
    const size_t size = strlen(spec->name) + 16;
    char *text = malloc(size);
    if (text == NULL) {
        return NULL;
    }
    (void)snprintf(text, size, "%s", spec->name);
    for (unsigned number = 2; number <= PIPELINE_SINKS_MAX && is_name_used(siblings, text); number++) {
        (void)snprintf(text, size, "%s #%u", spec->name, number);
    }
    const char *name = keep_name(pipeline, text);
    free(text);
    return name;
}

/* The limit of the module is used if it is longer: the module may wait for this time by design. */
static int64_t timeout_ns(const pipeline_t *pipeline, const synfix_options_t *options)
{
    static const char *const names[] = {"sink-timeout", "timeout"};
    int64_t sink_timeout_ms = pipeline->config.sink_timeout_ms;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const int64_t own_ms = synfix_options_duration_ms(options, names[i]);
        sink_timeout_ms = own_ms > sink_timeout_ms ? own_ms : sink_timeout_ms;
    }
    return sink_timeout_ms * 1000000;
}

static synfix_status_t open_module(sink_t *sink, synfix_error_t *error)
{
    synfix_error_t own = {.text = ""};
    const synfix_sink_t *functions = sink->module->sink;
    const synfix_status_t status = pipeline_opened(
        sink->name, functions->open(&sink->context, sink->spec->options, &sink->instance, &own), &own, error);
    if (status == SYNFIX_OK) {
        sink->functions = functions; /* sink_free() closes the instance from here on */
    }
    return status;
}

static synfix_status_t read_encoding(sink_t *sink, synfix_error_t *error)
{
    const synfix_encoding_t *encoding =
        sink->functions->encoding(sink->instance, &sink->settings, &sink->key);
    if (encoding == NULL || encoding->encode == NULL || sink->key == NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: the module returns no encoding", sink->name);
    }
    const bool fixed = encoding->block_size != 0 || encoding->size == NULL;
    sink->block_size = fixed ? encoding->block_size : encoding->size(sink->settings);
    sink->encoding = encoding;
    if (sink->block_size < SYNFIX_BLOCK_SIZE_MIN || sink->block_size > SYNFIX_BLOCK_SIZE_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: blocks of %u bytes", sink->name, sink->block_size);
    }
    return SYNFIX_OK;
}

static bool open_queues(sink_t *sink)
{
    const unsigned workers = sink->pipeline->worker_count;
    const uint32_t blocks = queue_blocks(sink->pipeline, sink->block_size);
    sink->copy_data = malloc(sink->block_size);
    sink->queues = aligned_alloc(RING_LINE, workers * sizeof *sink->queues);
    if (sink->queues != NULL) {
        memset(sink->queues, 0, workers * sizeof *sink->queues); /* before any return: sink_free() reads it */
    }
    if (sink->copy_data == NULL || sink->queues == NULL) {
        return false;
    }
    for (unsigned i = 0; i < workers; i++) {
        if (!ring_init(&sink->queues[i].out, blocks)) {
            return false;
        }
    }
    return true;
}

static synfix_status_t open_sink(sink_t *sink, sink_t *const *siblings, synfix_error_t *error)
{
    pipeline_t *pipeline = sink->pipeline;
    sink->name = name_of(pipeline, siblings, sink->spec);
    sink->timeout_ns = timeout_ns(pipeline, sink->spec->options);
    if (sink->name == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", sink->module->name);
    }
    synfix_status_t status = open_module(sink, error);
    if (status == SYNFIX_OK) {
        status = read_encoding(sink, error);
    }
    if (status == SYNFIX_OK && !open_queues(sink)) {
        status = synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", sink->name);
    }
    return status;
}

/* A sink that refuses its options is a mistake of the user; everything else is the target's. */
static synfix_cause_t sink_cause(synfix_status_t status)
{
    return status == SYNFIX_INVALID || status == SYNFIX_NO_MEMORY ? SYNFIX_CAUSE_USAGE : SYNFIX_CAUSE_SINK;
}

synfix_status_t sink_new(pipeline_t *pipeline, module_spec_t *spec, sink_t *const *siblings, sink_t **made,
                         synfix_error_t *error)
{
    sink_t *sink = calloc(1, sizeof *sink);
    if (sink == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", spec->name);
    }
    sink->pipeline = pipeline;
    sink->spec = module_spec_ref(spec);
    sink->module = spec->module;
    sink->context = pipeline->context;
    synfix_status_t status = SYNFIX_OK;
    if (!wake_event_init(&sink->filled) || pthread_mutex_init(&sink->mutex, NULL) != 0) {
        status = synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", spec->name);
    } else {
        status = open_sink(sink, siblings, error);
    }
    if (status != SYNFIX_OK) {
        sink_free(sink);
        return error_attribute(error, sink_cause(status), status);
    }
    *made = sink;
    return SYNFIX_OK;
}

void sink_free(sink_t *sink)
{
    if (sink == NULL) {
        return;
    }
    if (sink->functions != NULL) {
        sink->functions->close(sink->instance);
    }
    for (unsigned i = 0; sink->queues != NULL && i < sink->pipeline->worker_count; i++) {
        ring_destroy(&sink->queues[i].out);
        overflow_file_close(&sink->queues[i].overflow);
    }
    free(sink->queues);
    free(sink->copy_data);
    wake_event_destroy(&sink->filled);
    (void)pthread_mutex_destroy(&sink->mutex);
    module_spec_unref(sink->spec);
    free(sink);
}

void sink_register(pipeline_t *pipeline, sink_t *sink, size_t slot)
{
    pipeline->sinks[slot] = sink;
    pipeline->sink_count++;
    atomic_store(&pipeline->instances[slot], sink->instance);
}
