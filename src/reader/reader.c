/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <synfix/batch.h>
#include <synfix/embed.h>
#include <synfix/reader.h>

#include "capture/file/file_source.h"
#include "capture/live/interface_source.h"
#include "module/module_options.h"

#define PACKETS SYNFIX_BATCH_MAX

struct synfix_reader {
    const synfix_source_t *source;
    synfix_options_t *options;
    void *instance; /* NULL: not open */
    synfix_engine_t *engine;
    synfix_batch_t *batch;
    size_t next;           /* of the batch */
    synfix_status_t ended; /* last status of the source; OK: the source continues */
    synfix_error_t error;
    synfix_packet_t packets[PACKETS];
};

void synfix_reader_config_init(synfix_reader_config_t *config, size_t struct_size)
{
    const synfix_reader_config_t usual = {.struct_size = struct_size,
                                          .uptime = SYNFIX_UPTIME_REGRESSION,
                                          .signatures = SYNFIX_SIGNATURE_PACKET};
    memset(config, 0, struct_size);
    memcpy(config, &usual, struct_size < sizeof usual ? struct_size : sizeof usual);
}

/* The caller's version may be shorter or longer than this one. */
static synfix_reader_config_t read_config(const synfix_reader_config_t *config)
{
    synfix_reader_config_t own;
    synfix_reader_config_init(&own, sizeof own);
    if (config != NULL) {
        const size_t size = config->struct_size;
        memcpy(&own, config, size < sizeof own ? size : sizeof own);
    }
    return own;
}

static synfix_status_t take_sigdb(const synfix_reader_config_t *config, synfix_sigdb_t **sigdb,
                                  synfix_error_t *error)
{
    char path[SYNFIX_PATH_SIZE];
    const char *const paths[] = {path};
    if (config->sigdb != NULL) {
        *sigdb = synfix_sigdb_ref(config->sigdb);
        return SYNFIX_OK;
    }
    const synfix_status_t status = synfix_sigdb_default_path(path, sizeof path, error);
    return status == SYNFIX_OK ? synfix_sigdb_open(paths, 1, 0, sigdb, error) : status;
}

static synfix_status_t open_engine(synfix_reader_t *reader, const synfix_reader_config_t *config,
                                   synfix_error_t *error)
{
    synfix_sigdb_t *sigdb = NULL;
    synfix_engine_config_t engine;
    synfix_status_t status = synfix_batch_new((size_t)(PACKETS + SYNFIX_LATER_MAX) * SYNFIX_BATCH_PER_PACKET,
                                              &reader->batch, error);
    if (status == SYNFIX_OK) {
        status = take_sigdb(config, &sigdb, error);
    }
    if (status != SYNFIX_OK) {
        return status;
    }
    synfix_engine_config_init(&engine, sizeof engine);
    engine.sigdb = sigdb;
    engine.uptime = config->uptime;
    engine.signatures = config->signatures;
    engine.on_observation = synfix_batch_add;
    engine.observation_user = reader->batch;
    status = synfix_engine_new(&engine, &reader->engine, error);
    synfix_sigdb_unref(sigdb);
    return status;
}

static synfix_status_t open_source(synfix_reader_t *reader, const synfix_module_t *module, const char *target,
                                   const char *filter, synfix_error_t *error)
{
    synfix_status_t status = module_options_make(module, target, "", &reader->options, error);
    if (status == SYNFIX_OK && filter != NULL) {
        status = module_options_set(reader->options, "filter", filter, error);
    }
    if (status == SYNFIX_OK && module == &capture_live_module) {
        status = module_options_set(reader->options, "timeout", "250ms", error);
    }
    if (status == SYNFIX_OK) {
        reader->source = module->source;
        status = reader->source->open(NULL, reader->options, &reader->instance, error);
    }
    return status;
}

static synfix_status_t open_reader(const synfix_module_t *module, const char *target,
                                   const synfix_reader_config_t *config, synfix_reader_t **reader,
                                   synfix_error_t *error)
{
    const synfix_reader_config_t own = read_config(config);
    synfix_reader_t *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", target);
    }
    synfix_status_t status = open_source(made, module, target, own.filter, error);
    if (status == SYNFIX_OK) {
        status = open_engine(made, &own, error);
    }
    if (status != SYNFIX_OK) {
        synfix_reader_close(made);
        return status;
    }
    *reader = made;
    return SYNFIX_OK;
}

synfix_status_t synfix_reader_open_file(const char *path, const synfix_reader_config_t *config,
                                        synfix_reader_t **reader, synfix_error_t *error)
{
    return open_reader(&capture_file_module, path, config, reader, error);
}

synfix_status_t synfix_reader_open_interface(const char *name, const synfix_reader_config_t *config,
                                             synfix_reader_t **reader, synfix_error_t *error)
{
    return open_reader(&capture_live_module, name, config, reader, error);
}

/* The next packets into the batch, which is empty. AGAIN: there were none. */
static synfix_status_t fill(synfix_reader_t *reader)
{
    size_t count = 0;
    const synfix_status_t status =
        reader->source->read(reader->instance, reader->packets, PACKETS, &count, &reader->error);
    synfix_engine_push(reader->engine, reader->packets, count);
    if (status != SYNFIX_OK && status != SYNFIX_AGAIN) {
        reader->ended = status;
    }
    return count > 0 ? SYNFIX_OK : SYNFIX_AGAIN;
}

/* A failure is returned once, after all packets before it. */
static synfix_status_t end(synfix_reader_t *reader, synfix_error_t *error)
{
    const synfix_status_t status = reader->ended;
    reader->ended = SYNFIX_END;
    if (status == SYNFIX_END) {
        return status;
    }
    return synfix_fail(error, status, "%s",
                       reader->error.text[0] != '\0' ? reader->error.text : synfix_status_text(status));
}

synfix_status_t synfix_reader_next(synfix_reader_t *reader, const synfix_observation_t **observation,
                                   synfix_error_t *error)
{
    while (reader->next == synfix_batch_count(reader->batch)) {
        synfix_batch_clear(reader->batch);
        reader->next = 0;
        if (reader->ended != SYNFIX_OK) {
            return end(reader, error);
        }
        if (fill(reader) == SYNFIX_AGAIN && reader->ended == SYNFIX_OK) {
            return SYNFIX_AGAIN;
        }
    }
    *observation = synfix_batch_at(reader->batch, reader->next++);
    return SYNFIX_OK;
}

void synfix_reader_counters(const synfix_reader_t *reader, synfix_engine_counters_t *counters)
{
    synfix_engine_counters(reader->engine, counters);
}

void synfix_reader_close(synfix_reader_t *reader)
{
    if (reader == NULL) {
        return;
    }
    synfix_engine_free(reader->engine);
    synfix_batch_free(reader->batch);
    if (reader->instance != NULL) {
        reader->source->close(reader->instance);
    }
    module_options_free(reader->options);
    free(reader);
}
