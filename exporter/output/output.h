/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file output.h
 * Where text records go: a file (replaced through a temporary name, or appended to and rotated), standard
 * output, a unix socket, a Redis server. Belongs to one sink; only output_stop and output_stats may come from
 * other threads.
 */
#ifndef EXPORTER_OUTPUT_OUTPUT_H
#define EXPORTER_OUTPUT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/module.h>

typedef struct output output_t;

/** The options that output_open reads; every sink over an output lists them. */
#define OUTPUT_ROTATED_KEEP_DEFAULT "8"
#define OUTPUT_OPTIONS                                                                                       \
    {.name = "append",                                                                                       \
     .type = SYNFIX_OPTION_STRING,                                                                           \
     .fallback = "auto",                                                                                     \
     .help = "yes: add to the file; no: replace it when all is written; auto: yes when live"},               \
        {.name = "rotate-size",                                                                              \
         .type = SYNFIX_OPTION_INTEGER,                                                                      \
         .fallback = "0",                                                                                    \
         .minimum = 0,                                                                                       \
         .maximum = INT64_MAX,                                                                               \
         .help = "begin a new file after so many bytes; 0: never"},                                          \
        {.name = "rotate-time",                                                                              \
         .type = SYNFIX_OPTION_DURATION,                                                                     \
         .fallback = "0",                                                                                    \
         .minimum = 0,                                                                                       \
         .maximum = INT64_MAX,                                                                               \
         .help = "begin a new file after so long; 0: never"},                                                \
        {.name = "keep",                                                                                     \
         .type = SYNFIX_OPTION_INTEGER,                                                                      \
         .fallback = OUTPUT_ROTATED_KEEP_DEFAULT,                                                            \
         .minimum = 1,                                                                                       \
         .maximum = 10000,                                                                                   \
         .help = "rotated files to keep: TARGET.1 is the newest"},                                           \
    {                                                                                                        \
        .name = "type", .type = SYNFIX_OPTION_STRING, .fallback = "file",                                    \
        .help = "what the target is: file, unix_stream, unix_dgram, or redis where the sink has that"        \
    }

/** Whether @p options are good: what output_open looks at before it opens. */
synfix_status_t output_check(const synfix_options_t *options, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** synfix_sink_t.output_file: the target of `type=file`, "-" for an empty one, NULL for other types. */
const char *output_file(const synfix_options_t *options);

/**
 * Opens the target of @p options (`-`: standard output). @p head is written at the start of every file and
 * @p tail at its end; both may be NULL and must live as long as the output. On failure nothing was made.
 */
synfix_status_t output_open(const synfix_module_context_t *host, const synfix_options_t *options,
                            const char *head, const char *tail, output_t **output,
                            synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Writes one block whole. A failure on a live interface is told, counted and tried again with the next
 * block; on a file it is the answer. */
synfix_status_t output_write(output_t *output, const synfix_block_t *block,
                             synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Rotates by time; connects again. */
synfix_status_t output_tick(output_t *output, int64_t now_ns, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Opens the target anew (after logrotate has moved it). */
synfix_status_t output_reload(output_t *output, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Writes the tail, syncs, gives a replaced file its name. */
synfix_status_t output_finish(output_t *output, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** NULL is allowed. A replaced file that was not finished is removed. */
void output_close(output_t *output);

void output_stop(output_t *output);
void output_stats(output_t *output, synfix_sink_stats_t *stats);

#endif
