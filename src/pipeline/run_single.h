/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file run_single.h
 * Capture files in one thread, and the reader that both ways of reading files share.
 */
#ifndef PIPELINE_RUN_SINGLE_H
#define PIPELINE_RUN_SINGLE_H

#include "module/module_spec.h"
#include "pipeline/worker/pipeline_state.h"

struct source {
    module_spec_t *spec; /* a reference; module and options are its members */
    const synfix_module_t *module;
    const synfix_options_t *options;
    void *instance;
    bool open;
    bool counted; /* its size is included in `ended` */
    bool off;     /* failed (live: or ended): the other sources are read */
};

/** Reads all files in the calling thread, which is the one worker. The first failure is the result; later
 * files are read all the same. */
synfix_status_t run_single(pipeline_t *pipeline, synfix_error_t *error);
/** Opens each source, so that errors show before the first packet. A source that fails is skipped: the first
 * failure is the result of the run, later ones are logged. Fails when all sources do. */
synfix_status_t sources_open(pipeline_t *pipeline, synfix_error_t *error);
synfix_status_t source_open(pipeline_t *pipeline, source_t *source, synfix_error_t *error);
void source_close(pipeline_t *pipeline, source_t *source);
typedef struct file_reader {
    pipeline_t *pipeline;
    header_filter_t *filter;
    size_t source;
    uint64_t number_base;
    uint64_t last_number;
    bool leave;             /* the current source is at its end */
    synfix_status_t status; /* of the first source that failed */
    synfix_error_t error;
} file_reader_t;
file_reader_t file_reader_begin(pipeline_t *pipeline);
/** Result of a run: @p status, or the failure of the first source. */
synfix_status_t file_reader_end(file_reader_t *reader, synfix_status_t status, synfix_error_t *error);
/**
 * Configuration for engine_classify() in the reading thread, with the filter of the pipeline. Valid as long
 * as @p reader.
 */
synfix_engine_config_t file_reader_config(file_reader_t *reader);
/** Applies a new filter. Call between two reads. */
void file_reader_apply_updates(file_reader_t *reader);
/** Reads the next batch; packet numbers continue over all sources. SYNFIX_END after the last source. */
synfix_status_t file_reader_next(file_reader_t *reader, synfix_packet_t *packets, size_t *count);

#endif
