/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file collector_output.h
 * Outputs of a collecting process: printed records, or archive files, one for each session.
 */
#ifndef EXPORTER_COLLECTOR_COLLECTOR_OUTPUT_H
#define EXPORTER_COLLECTOR_COLLECTOR_OUTPUT_H

#include "exporter/collector/reader_stream.h"
#include "exporter/collector/record_printer.h"

typedef struct collector_output collector_output_t;

/** See collect_output in collecting_process.h for @p where. @p wait: for a reader that pauses, valid until
 * the output is closed. */
synfix_status_t collector_output_open(const char *where, bool options, reader_wait_t *wait,
                                      collector_output_t **output, synfix_error_t *error) SYNFIX_MUST_CHECK;
void collector_output_close(collector_output_t *output);

/** @p written: bytes that were printed. */
synfix_status_t collector_output_record(collector_output_t *output, const ipfix_decoder_record_t *record,
                                        size_t *written, synfix_error_t *error) SYNFIX_MUST_CHECK;
void collector_output_layout(collector_output_t *output, const ipfix_decoder_template_t *layout);

/** Flushes buffered output. If another process deleted the file, this is logged, and a new file begins. */
synfix_status_t collector_output_flush(collector_output_t *output, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Opens the file of a printed output again, under its name; a file that is new begins with the header of CSV.
 * Other outputs stay as they are. SYNFIX_IO: the file that was open stays in use.
 */
synfix_status_t collector_output_reopen(collector_output_t *output, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Returns whether the reader of standard output has closed the pipe: records are discarded, without a
 * failure.
 */
bool collector_output_is_unread(const collector_output_t *output);

/**
 * Returns whether messages are archived. collector_output_archive opens and writes @p fd of a session (-1 at
 * first); the owner of the session closes it.
 */
bool collector_output_is_archive(const collector_output_t *output);

/** Files that one run makes at most for each output; peers that are not @p proven (the
 * source address of a UDP datagram is easily forged) get half of them. */
#define COLLECT_ARCHIVES_MAX 20000u

/** SYNFIX_AGAIN: the session has no file, and no more are made. SYNFIX_END: another process deleted the
 * file of the session; a new one would lack the templates. */
synfix_status_t collector_output_archive(collector_output_t *output, bool proven, int *fd,
                                         const uint8_t *data, size_t length,
                                         synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
