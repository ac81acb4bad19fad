/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file record_printer.h
 * Prints decoded records for `synfix dump` and `synfix collect`.
 */
#ifndef EXPORTER_COLLECTOR_RECORD_PRINTER_H
#define EXPORTER_COLLECTOR_RECORD_PRINTER_H

#include "exporter/ipfix_decoder/message_decoder.h"
#include <glib.h>
#include <stdio.h>

typedef enum dump_format {
    DUMP_TEXT,
    DUMP_JSON, /* one object a line, keys are element names */
    DUMP_CSV,  /* a line of names first, and again whenever there are new ones */
} dump_format_t;

typedef struct dump dump_t;

/** SYNFIX_INVALID: @p name is not `text`, `json` or `csv`. */
synfix_status_t dump_format_parse(const char *name, dump_format_t *format,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Writes to @p out; the caller closes the stream. @p options: options records too (text and JSON). Never
 * NULL.
 */
dump_t *dump_new(dump_format_t format, bool options, FILE *out);
void dump_free(dump_t *dump);
/** Writes to @p out from now on. @p header: CSV begins with a header line. */
void dump_continue(dump_t *dump, FILE *out, bool header);

/** For ipfix_decoder_events_t, with the dump as user. SYNFIX_IO, SYNFIX_DISCONNECTED: writing to @p out
 * failed, see dump_problem(). */
synfix_status_t dump_record(void *dump, const ipfix_decoder_record_t *record,
                            synfix_error_t *error) SYNFIX_MUST_CHECK;
/** Bytes that the last dump_record wrote; 0 when that record is not of a kind that is printed. */
size_t dump_last_length(const dump_t *dump);
/** The errno of the last write that failed; 0: no write has failed. */
int dump_problem(const dump_t *dump);
void dump_layout(void *dump, const ipfix_decoder_template_t *layout);

#endif
