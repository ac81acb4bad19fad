/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pipeline/run_single.h"
#include "capture/file/file_source.h"
#include "pipeline/worker/pipeline_state.h"
#include "pipeline/worker/worker.h"
#include <stdlib.h>
#include <sys/stat.h>

/* Files that stay open from the start: each has a buffer, and a process has a limit of open files. */
#define KEPT_OPEN 16u

static synfix_status_t open_module(const pipeline_t *pipeline, const source_t *source, void **instance,
                                   synfix_error_t *error)
{
    synfix_error_t own = {.text = ""};
    return pipeline_opened(source->module->name,
                           source->module->source->open(&pipeline->context, source->options, instance, &own),
                           &own, error);
}

synfix_status_t source_open(pipeline_t *pipeline, source_t *source, synfix_error_t *error)
{
    void *instance = NULL;
    const synfix_status_t status = open_module(pipeline, source, &instance, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    (void)pthread_mutex_lock(&pipeline->mutex);
    source->instance = instance;
    source->open = true;
    (void)pthread_mutex_unlock(&pipeline->mutex);
    return SYNFIX_OK;
}

/* Opens a file to check it and closes it again; its size is counted. */
static synfix_status_t try_file(pipeline_t *pipeline, source_t *source, synfix_error_t *error)
{
    struct stat file;
    synfix_source_stats_t stats = {0};
    /* a pipe can be opened only once: it is opened when its packets are read */
    if (stat(synfix_options_target(source->options), &file) == 0 && !S_ISREG(file.st_mode)) {
        return SYNFIX_OK;
    }
    void *instance = NULL;
    const synfix_status_t status = open_module(pipeline, source, &instance, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    source->module->source->stats(instance, &stats);
    source->module->source->close(instance);
    pipeline->ended.bytes_total += stats.bytes_total;
    source->counted = true;
    return SYNFIX_OK;
}

/* Bytes of captures that are so small that few pages of the tables are used. */
#define SMALL_BYTES (64u * 1024u)

/* Compressed files count with their size on disk. */
static bool are_small_files(const pipeline_t *pipeline)
{
    uint64_t bytes = pipeline->ended.bytes_total;
    for (size_t i = 0; i < pipeline->source_count; i++) {
        const source_t *source = &pipeline->sources[i];
        synfix_source_stats_t stats = {0};
        if (source->open && source->module->source->stats != NULL) {
            source->module->source->stats(source->instance, &stats);
        }
        if (stats.bytes_total == 0 && !source->counted && !source->off) {
            return false; /* a pipe, or packets of an interface */
        }
        bytes += stats.bytes_total;
    }
    return bytes <= SMALL_BYTES;
}

synfix_status_t sources_open(pipeline_t *pipeline, synfix_error_t *error)
{
    size_t failed = 0;
    for (size_t i = 0; i < pipeline->source_count; i++) {
        source_t *source = &pipeline->sources[i];
        synfix_error_t own = {.text = ""};
        const bool keep = i < KEPT_OPEN || source->module != &capture_file_module;
        const synfix_status_t status =
            keep ? source_open(pipeline, source, &own) : try_file(pipeline, source, &own);
        if (status == SYNFIX_OK) {
            continue;
        }
        source->off = true;
        failed++;
        if (pipeline->left_out == SYNFIX_OK) {
            pipeline->left_out = status;
            pipeline->left_out_error = own;
        } else { /* the caller reports the first one */
            pipeline_log(pipeline, 0, "%s", own.text);
        }
    }
    if (failed < pipeline->source_count) {
        pipeline->few_packets = are_small_files(pipeline);
        return SYNFIX_OK;
    }
    *error = pipeline->left_out_error;
    return pipeline->left_out;
}

void source_close(pipeline_t *pipeline, source_t *source)
{
    synfix_source_stats_t stats = {0};
    if (!source->open) {
        return;
    }
    (void)pthread_mutex_lock(&pipeline->mutex);
    if (source->module->source->stats != NULL) {
        source->module->source->stats(source->instance, &stats);
    }
    pipeline->ended.received += stats.received;
    pipeline->ended.dropped_kernel += stats.dropped_kernel;
    pipeline->ended.unread += stats.unread;
    pipeline->ended.dropped_interface += stats.dropped_interface;
    pipeline->ended.bytes_total += source->counted ? 0 : stats.bytes_total;
    pipeline->ended.bytes_read += stats.bytes_read;
    source->open = false;
    source->module->source->close(source->instance);
    source->instance = NULL;
    (void)pthread_mutex_unlock(&pipeline->mutex);
}

/* The first failure is the result of the run, which the caller reports; later ones are logged. */
static void source_failed(file_reader_t *reader, synfix_status_t status, const synfix_error_t *error)
{
    const char *reason = error->text[0] != '\0' ? error->text : synfix_status_text(status);
    if (reader->status != SYNFIX_OK) {
        pipeline_log(reader->pipeline, 0, "%s", reason);
        return;
    }
    reader->status = synfix_fail(&reader->error, status, "%s", reason);
}

static void next_source(file_reader_t *reader, source_t *source)
{
    source_close(reader->pipeline, source);
    reader->source++;
    reader->number_base = reader->last_number;
}

/* Reads packets of @p source, which is opened first. */
static synfix_status_t read_source(file_reader_t *reader, source_t *source, synfix_packet_t *packets,
                                   size_t *count, synfix_error_t *error)
{
    const synfix_status_t status = source->open ? SYNFIX_OK : source_open(reader->pipeline, source, error);
    return status == SYNFIX_OK
               ? source->module->source->read(source->instance, packets, SYNFIX_BATCH_MAX, count, error)
               : status;
}

/* Packet numbers continue from one file to the next. */
static void note_packets(file_reader_t *reader, synfix_packet_t *packets, size_t count)
{
    for (size_t i = 0; reader->number_base != 0 && i < count; i++) {
        packets[i].number += reader->number_base;
    }
    reader->last_number = packets[count - 1].number;
    pipeline_note_times(reader->pipeline, packets[0].time_ns, packets[count - 1].time_ns);
}

synfix_status_t file_reader_next(file_reader_t *reader, synfix_packet_t *packets, size_t *count)
{
    pipeline_t *pipeline = reader->pipeline;
    *count = 0;
    while (reader->source < pipeline->source_count && !pipeline_stopping(pipeline)) {
        source_t *source = &pipeline->sources[reader->source];
        if (reader->leave || source->off) {
            reader->leave = false;
            next_source(reader, source);
            continue;
        }
        synfix_error_t error = {.text = ""};
        const synfix_status_t status = read_source(reader, source, packets, count, &error);
        if (status == SYNFIX_AGAIN) {
            return SYNFIX_AGAIN;
        }
        if (status < 0) {
            source_failed(reader, status, &error);
        }
        reader->leave = status < 0 || *count == 0;
        if (*count > 0) {
            note_packets(reader, packets, *count);
            return SYNFIX_OK; /* the packets are valid until the source is closed */
        }
    }
    return SYNFIX_END;
}

file_reader_t file_reader_begin(pipeline_t *pipeline)
{
    header_filter_t *filter = pipeline->config.filter;
    return (file_reader_t){.pipeline = pipeline,
                           .filter = filter == NULL ? NULL : header_filter_ref(filter),
                           .status = pipeline->left_out,
                           .error = pipeline->left_out_error};
}

synfix_status_t file_reader_end(file_reader_t *reader, synfix_status_t status, synfix_error_t *error)
{
    header_filter_unref(reader->filter);
    if (status != SYNFIX_OK || reader->status == SYNFIX_OK) {
        return status;
    }
    return synfix_fail(error, reader->status, "%s", reader->error.text);
}

static bool on_filter(const synfix_headers_t *headers, void *user)
{
    const file_reader_t *reader = user;
    return reader->filter == NULL || header_filter_pass(reader->filter, headers);
}

synfix_engine_config_t file_reader_config(file_reader_t *reader)
{
    synfix_engine_config_t config = reader->pipeline->config.engine;
    if (config.filter == NULL && reader->filter != NULL) {
        config.filter = on_filter;
        config.filter_user = reader;
    }
    config.encapsulations &= header_filter_encapsulations(reader->filter);
    return config;
}

void file_reader_apply_updates(file_reader_t *reader)
{
    if (atomic_load_explicit(&reader->pipeline->next_filter, memory_order_relaxed) == NULL) {
        return;
    }
    header_filter_unref(reader->filter);
    reader->filter = atomic_exchange(&reader->pipeline->next_filter, NULL);
}

synfix_status_t run_single(pipeline_t *pipeline, synfix_error_t *error)
{
    worker_t *worker = &pipeline->workers[0];
    file_reader_t reader = file_reader_begin(pipeline);
    synfix_packet_t packets[SYNFIX_BATCH_MAX];
    size_t count = 0;
    pipeline_pin(pipeline, worker);
    while (file_reader_next(&reader, packets, &count) != SYNFIX_END) {
        worker_apply_updates(worker);
        worker_lock_enrichers(worker);
        if (count > 0) {
            synfix_engine_push_later(worker->engine, packets, count);
        } else {
            synfix_engine_flush(worker->engine);
        }
        worker_unlock_enrichers(worker);
    }
    worker_lock_enrichers(worker);
    synfix_engine_flush(worker->engine);
    worker_unlock_enrichers(worker);
    worker_flush(worker);
    return file_reader_end(&reader, SYNFIX_OK, error);
}
