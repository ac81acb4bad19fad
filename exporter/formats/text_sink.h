/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file text_sink.h
 * The shared part of sinks that write text records to an output: everything except the encoding.
 */
#ifndef EXPORTER_FORMATS_TEXT_SINK_H
#define EXPORTER_FORMATS_TEXT_SINK_H

#include <synfix/module.h>

#include "exporter/output/output.h"

/** Block size of text records. A record has a few hundred bytes, with many annotations some thousand. */
#define TEXT_BLOCK_SIZE 65536u

/**
 * Description of one text sink. Encoding, settings and key must outlive the sink; head and tail are copied.
 */
typedef struct text_format {
    const synfix_encoding_t *encoding;
    const void *settings; /* settings of the encoding; may be NULL */
    const char *key;      /* equal if and only if the settings are equal */
    const char *head;     /* first bytes of every file; may be NULL */
    const char *tail;     /* last bytes of every file; may be NULL */
} text_format_t;

/*
 * Functions of synfix_sink_t (synfix/module.h states threads and errors), over an output (output.h). The
 * instance belongs to text_sink_open, so a module that adds state of its own keeps it elsewhere.
 */

/** For the open function of a module: opens the output that @p options name. */
synfix_status_t text_sink_open(const synfix_module_context_t *context, const synfix_options_t *options,
                               const text_format_t *format, void **instance, synfix_error_t *error);
const synfix_encoding_t *text_sink_encoding(void *instance, const void **settings, const char **key);
synfix_status_t text_sink_write(void *instance, const synfix_block_t *block, synfix_error_t *error);
synfix_status_t text_sink_tick(void *instance, int64_t now_ns, synfix_error_t *error);
synfix_status_t text_sink_finish(void *instance, synfix_error_t *error);
void text_sink_close(void *instance);
void text_sink_stats(void *instance, synfix_sink_stats_t *stats);
synfix_status_t text_sink_reload(void *instance, synfix_error_t *error);
void text_sink_stop(void *instance);

/** destroy of an encoding whose encoder owns nothing. */
void text_encoder_destroy(void *encoder);

/** The shared functions of a synfix_sink_t; each module adds its open function. */
#define TEXT_SINK_FUNCTIONS                                                                                  \
    .encoding = text_sink_encoding, .write = text_sink_write, .tick = text_sink_tick,                        \
    .finish = text_sink_finish, .close = text_sink_close, .stats = text_sink_stats,                          \
    .reload = text_sink_reload, .stop = text_sink_stop, .output_file = output_file

extern const synfix_module_t text_module;
extern const synfix_module_t json_module;
extern const synfix_module_t p0f_module;
extern const synfix_module_t csv_module;
extern const synfix_module_t eve_module;
extern const synfix_module_t zeek_module;
extern const synfix_module_t ecs_module;

#endif
