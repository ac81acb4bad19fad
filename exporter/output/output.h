/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file output.h
 * Output of text records: a file (replaced through a temporary name, or appended to and rotated), standard
 * output, a Unix socket, or a Redis server. One sink owns an output; only output_stop and output_stats may be
 * called from other threads.
 */
#ifndef EXPORTER_OUTPUT_OUTPUT_H
#define EXPORTER_OUTPUT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/module.h>

typedef struct output output_t;

/** Options of output_open, for the option list of each sink that writes to an output. */
#define OUTPUT_ROTATED_KEEP_DEFAULT "8"
#define OUTPUT_OPTIONS              OUTPUT_OPTIONS_OF("file unix_stream unix_dgram")
/** The same for a sink with other types of targets. */
#define OUTPUT_OPTIONS_OF(types)                                                                             \
    {.name = "append",                                                                                       \
     .type = SYNFIX_OPTION_STRING,                                                                           \
     .fallback = "auto",                                                                                     \
     .choices = "yes no auto",                                                                               \
     .help = "yes: add to the file; no: replace it when all is written; auto: yes when live"},               \
        {.name = "rotate-size",                                                                              \
         .type = SYNFIX_OPTION_INTEGER,                                                                      \
         .fallback = "0",                                                                                    \
         .minimum = 0,                                                                                       \
         .maximum = INT64_MAX,                                                                               \
         .help = "start a new file at this size; 0: never"},                                                 \
        {.name = "rotate-time",                                                                              \
         .type = SYNFIX_OPTION_DURATION,                                                                     \
         .fallback = "0",                                                                                    \
         .minimum = 0,                                                                                       \
         .maximum = INT64_MAX,                                                                               \
         .help = "start a new file after this time; 0: never"},                                              \
        {.name = "keep",                                                                                     \
         .type = SYNFIX_OPTION_INTEGER,                                                                      \
         .fallback = OUTPUT_ROTATED_KEEP_DEFAULT,                                                            \
         .minimum = 1,                                                                                       \
         .maximum = 10000,                                                                                   \
         .help = "number of rotated files; TARGET.1 is the newest"},                                         \
    {                                                                                                        \
        .name = "type", .type = SYNFIX_OPTION_STRING, .fallback = "file", .choices = (types),                \
        .help = "kind of the target: file, unix_stream, unix_dgram; eve: also redis"                         \
    }

/** synfix_module_t.check: values, target, and the options of a Redis server. */
void output_check(const synfix_options_t *options, synfix_mistakes_t *mistakes);

/** synfix_sink_t.output_file: the target of `type=file`; NULL: another type, or no target. */
const char *output_file(const synfix_options_t *options);

/**
 * Opens the target of @p options (`-`: standard output). @p head is written at the beginning of each file and
 * @p tail at the end; both may be NULL and must outlive the output. A failure leaves nothing behind.
 */
synfix_status_t output_open(const synfix_module_context_t *context, const synfix_options_t *options,
                            const char *head, const char *tail, output_t **output,
                            synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Writes one block as a whole. On a live capture, a failure is logged and counted, and the next block is
 * tried again; when a file is read, the failure is returned.
 */
synfix_status_t output_write(output_t *output, const synfix_block_t *block,
                             synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Rotates by time, reconnects, and replaces a file that another process deleted: on a live capture a new
 * file begins, otherwise SYNFIX_IO. @p now_ns: of a clock that does not step. */
synfix_status_t output_tick(output_t *output, int64_t now_ns, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Reopens the target (after logrotate has moved the file). */
synfix_status_t output_reload(output_t *output, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Writes the tail, syncs, and renames a replaced file to its final name. */
synfix_status_t output_finish(output_t *output, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** @p output may be NULL. An unfinished replaced file is removed. */
void output_close(output_t *output);

/** Ends all waits. Any thread. */
void output_stop(output_t *output);
/** Any thread. */
void output_stats(output_t *output, synfix_sink_stats_t *stats);

#endif
